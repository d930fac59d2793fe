#!/bin/sh
# Makes a cluster of an installation that is new: cluster.sh REPLICAS_FILE STORE DIRECTORY…
# The store is the first broker's; the directories become the volumes of the others.
#
# A cluster does not take over what a single broker has stored: measured, it deletes the streams half a minute after that
# broker has joined. So there it stays at one.
set -eu
replicas=$1
store=$2
shift 2

# A store that cannot be read must not be taken for an empty one.
ls "$store" > /dev/null
if [ -d "$store/jetstream/\$G/streams" ] && [ ! -d "$store/jetstream/\$SYS/_js_/_meta_" ]; then
    echo "This installation has one broker, and stays at that: a cluster would delete what it holds." >&2
    echo "Start it without the profile, and see docs/containers.md: backup and restore move it into a cluster." >&2
    exit 1
fi
sh /volumes.sh "$replicas" "$@"
echo 3 > "$replicas"
