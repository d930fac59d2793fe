#!/bin/sh
# Starts nats-server with the key its store is encrypted with: nats.sh KEY_FILE STORE_DIR ARGUMENTS…
#
# With another key, or none, nats-server would start all the same, show none of the streams, and lose one for good as soon
# as it is created anew. So the first start notes the key's fingerprint in the store, and a start with another key ends.
set -eu
key_file=$1
store=$2
shift 2

if [ ! -s "$key_file" ]; then
    echo "There is no key in $key_file. Without the key it was encrypted with, nobody can read the store: put it back." >&2
    exit 1
fi
THREEDATES_STORE_KEY=$(cat "$key_file")
export THREEDATES_STORE_KEY
fingerprint=$(printf %s "$THREEDATES_STORE_KEY" | sha256sum | cut -c 1-64)
noted=$store/store_key.sha256
if [ -e "$noted" ] && [ "$(cat "$noted")" != "$fingerprint" ]; then
    echo "The key in $key_file is not the one the store in $store is encrypted with. Put that one back." >&2
    exit 1
fi
if [ ! -e "$noted" ]; then
    printf '%s\n' "$fingerprint" > "$noted.new"
    mv "$noted.new" "$noted"
fi
exec nats-server "$@"
