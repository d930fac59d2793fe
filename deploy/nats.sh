#!/bin/sh
# Starts nats-server, alone or as one of three: nats.sh CONFIG_DIR KEY_FILE STORE_DIR
#
# It waits for what `threedates keys` and `threedates deploy nats-config` make, so that the broker's container need not
# be made anew with theirs, and has the server read its users again whenever they change.
set -eu
config=$1
key_file=$2
store=$3
users=$config/users/users.conf
noted=$store/store_key.sha256

if [ -e "$noted" ] && [ ! -s "$key_file" ]; then
    echo "There is no key in $key_file. Without the key it was encrypted with, nobody can read the store: put it back." >&2
    exit 1
fi
if [ ! -s "$key_file" ] || [ ! -e "$users" ]; then
    echo "Waiting for $key_file and $users." >&2
    trap 'exit 0' TERM INT
    until [ -s "$key_file" ] && [ -e "$users" ]; do
        sleep 1 &
        wait $!
    done
fi

# With another key, or none, nats-server would start all the same, show none of the streams, and lose one for good as
# soon as it is created anew. So the first start notes the key's fingerprint in the store.
THREEDATES_STORE_KEY=$(cat "$key_file")
export THREEDATES_STORE_KEY
fingerprint=$(printf %s "$THREEDATES_STORE_KEY" | sha256sum | cut -c 1-64)
if [ -e "$noted" ] && [ "$(cat "$noted")" != "$fingerprint" ]; then
    echo "The key in $key_file is not the one the store in $store is encrypted with. Put that one back." >&2
    exit 1
fi
if [ ! -e "$noted" ]; then
    printf '%s\n' "$fingerprint" > "$noted.new"
    mv "$noted.new" "$noted"
fi

# A cluster deletes what a single broker has stored before it joined, and one broker alone is not a cluster.
replicas=$(cat "$config/nodes/replicas")
stored=$replicas
if [ -d "$store/jetstream/\$SYS/_js_/_meta_" ]; then
    stored=3
elif [ -d "$store/jetstream/\$G/streams" ]; then
    stored=1
fi
if [ "$replicas" != "$stored" ]; then
    echo "The store in $store is that of $stored broker(s), and there should be $replicas: see docs/containers.md." >&2
    exit 1
fi
case $replicas in
    1) file=nats.conf ;;
    *) file=nats-cluster.conf
       echo "One of three brokers: all are started with docker compose --profile cluster up." >&2 ;;
esac

# What is watched is this process, which becomes the server. It looks every second, so that new users are known before
# the new services, which come after `topology`, have started.
known=$(sha256sum < "$users")
(
    while sleep 1 && kill -0 $$ 2> /dev/null; do
        found=$(sha256sum < "$users") && [ "$found" != "$known" ] || continue
        known=$found
        kill -HUP $$
    done
) > /dev/null 2>&1 &
exec nats-server --config "$config/$file"
