#!/bin/sh
# Makes volumes that are still root's those of the user 10001: volumes.sh REPLICAS_FILE DIRECTORY…
# Where nothing has been said yet, the file comes to say that there is one broker.
set -eu
replicas=$1
shift
for volume in "$@"; do
    if [ -O "$volume" ]; then
        chmod 700 "$volume"
        chown 10001:10001 "$volume"
    fi
done
[ -e "$replicas" ] || echo 1 > "$replicas"
