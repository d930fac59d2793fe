#!/usr/bin/env bash
# Checks the containers on a real Docker engine: deploy/check.sh [PART…], all of them without any.
#   single   builds the image, starts from nothing, joins a couple, waits for a signed nudge and the feed, restarts and
#            upgrades in place, and refuses to become a cluster
#   observe  Prometheus and Grafana
#   demo     the demo couple and its listener
#   cluster  three brokers and two of each service, some of which stop, and the proxy with TLS
# An installation on the same machine is left alone, and what was made is removed.
# Exit code: 0 all held, 1 something did not, 2 nothing could be checked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/check/lib.sh
for part in image single observe demo cluster; do . "deploy/check/$part.sh"; done

unverified() {
  printf '%s\n' "$1" "So none of this was verified: that the image builds and what is in it; that the stack starts from" \
    "nothing; keys, health, a nudge and the feed; that a restart and an upgrade keep everything, and the broker running;" \
    "that it stops in time; that a cluster outlives one of its nodes; the demo; Prometheus, Grafana and TLS."
  exit 2
}

docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || unverified "No Docker engine answers here."
docker compose version >/dev/null 2>&1 || unverified "The Docker CLI here has no 'compose'."
[[ $# -gt 0 ]] || set -- single observe demo cluster
for part in "$@"; do
  [[ " single observe demo cluster " == *" $part "* ]] || { echo "There is no part $part." >&2; exit 1; }
done
trap tear_down EXIT

step "Docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short): build"
check_image
for part in "$@"; do "check_$part"; done
step "All held. Not checked here: other processors than $(uname -m), mail, the internet."
for what in "${NOT_CHECKED[@]}"; do printf 'Not checked: %s\n' "$what"; done
