#!/usr/bin/env bash
# Checks the containers on a real Docker engine: builds the image, starts everything from nothing, joins a couple, waits
# for a signed nudge and the feed, restarts and upgrades in place, checks that everything is kept, and tears it down.
# It uses a project, ports and volumes of its own, so an installation on the same machine is left alone.
# Exit code: 0 all held, 1 something did not, 2 nothing could be checked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PROJECT=threedates-check
export THREEDATES_IMAGE=threedates:check THREEDATES_BIND=127.0.0.1 THREEDATES_PUBLIC_URL=
export THREEDATES_PORT="${CHECK_PORT:-18080}" THREEDATES_NATS_PORT="${CHECK_NATS_PORT:-14222}"
export THREEDATES_PROMETHEUS_PORT="${CHECK_PROMETHEUS_PORT:-19090}" THREEDATES_GRAFANA_PORT="${CHECK_GRAFANA_PORT:-13000}"
CHECK_WEBHOOK_SECRET="whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
export CHECK_WEBHOOK_SECRET
STRANGER='import asyncio, nats; asyncio.run(nats.connect("nats://nats:4222", allow_reconnect=False))'
SERVICES=(intake cadence invites nudges calendars gateway)
HEALTHY_WITHIN=180
NUDGE_WITHIN=60

compose() { docker compose -p "$PROJECT" -f docker-compose.yml -f deploy/check.compose.yml "$@"; }
step() { printf '\n%s\n' "$*"; }
ok() { printf '  ok   %s\n' "$*"; }
fail() { printf '  FAIL %s\n' "$*" >&2; exit 1; }

unverified() {
  printf '%s\n' "$1" "So none of this was verified: that the image builds and what is in it; that the stack starts from" \
    "nothing; keys, health, a nudge and the feed; that a restart and an upgrade keep everything; that it stops in time;" \
    "that Prometheus and Grafana show it."
  exit 2
}

tear_down() {
  local code=$?
  if ((code != 0)); then
    compose ps --all >&2 || true
    compose logs --no-color --tail 40 nats topology "${SERVICES[@]}" >&2 || true
  fi
  compose --profile client --profile observe down --volumes --timeout 15 >/dev/null 2>&1 || true
  docker image rm "$THREEDATES_IMAGE" >/dev/null 2>&1 || true
  exit "$code"
}

wait_until() { # SECONDS WHAT COMMAND…
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < deadline)) || fail "not within the time given: $what"
    sleep 1
  done
}

all_healthy() {
  local service
  for service in nats "${SERVICES[@]}"; do
    [[ "$(compose ps --format '{{.Health}}' "$service")" == healthy ]] || return 1
  done
}

start() {
  compose up --detach --no-build --quiet-pull >/dev/null 2>&1 || fail "docker compose up: see below"
  wait_until "$HEALTHY_WITHIN" "every service is healthy" all_healthy
  ok "everything is up and healthy"
}

# The ids of the nudges that have come in, signed with our secret.
arrived() {
  compose logs --no-color --no-log-prefix receiver 2>/dev/null |
    grep '"verified": true.*"type": "nudge\.' | grep -o '"webhook-id": "[^"]*"' | sort -u || true
}
new_nudge() { [[ -n "$(comm -13 <(echo "$seen") <(arrived))" ]]; }
client_and_nudge() { # STEP of deploy/check.py
  seen=$(arrived)
  compose run --rm -T --no-deps client "$1" 2>&1 | grep -E '^  (ok|FAIL)' || fail "deploy/check.py $1 did not run"
  ((PIPESTATUS[0] == 0)) || fail "deploy/check.py $1: see above"
  wait_until "$NUDGE_WITHIN" "a signed nudge that had not come before" new_nudge
  ok "a nudge has come, and its signature is right"
}

image() { docker run --rm --network none --read-only "$THREEDATES_IMAGE" "$@"; }

docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || unverified "No Docker engine answers here."
docker compose version >/dev/null 2>&1 || unverified "The Docker CLI here has no 'compose'."
trap tear_down EXIT

step "Docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short): build"
compose build --quiet keys
[[ "$(image id -u)" != 0 ]] || fail "the image runs as root"
ok "the image does not run as root"
for tool in gcc cc make hatchling nats-server curl; do
  [[ -z "$(image sh -c "command -v $tool" || true)" ]] || fail "the image contains $tool"
done
[[ "$(image python -c 'import importlib.util as u; print(u.find_spec("pip"))')" == None ]] || fail "pip is inside"
ok "no compiler, installer or broker inside; it has $(docker image inspect --format '{{.Size}}' "$THREEDATES_IMAGE" |
  awk '{ printf "%.0f MB", $1 / 1e6 }')"
ok "$(image threedates --version) runs on a read-only root"

step "Start from nothing"
compose --profile client --profile observe down --volumes >/dev/null 2>&1
start
shown=$(compose logs --no-color keys | grep -c 'API key .*td_' || true)
[[ "$shown" == 1 ]] || fail "the first start has shown the API key $shown times"
ok "the API key was shown once"
CHECK_API_KEY=$(compose logs --no-color --no-log-prefix keys | grep -o 'td_[A-Za-z0-9_-]*')
export CHECK_API_KEY
[[ -z "$(compose run --rm -T --no-deps keys sh -c "grep -r '$CHECK_API_KEY' /keys" || true)" ]] ||
  fail "the API key is kept in plain text"
ok "and is kept as a hash alone"
refused=$(compose run --rm -T --no-deps --entrypoint python client -c "$STRANGER" 2>&1 || true)
[[ "$refused" == *"Authorization Violation"* ]] || fail "a stranger is not refused by the broker: $refused"
ok "the broker lets nobody in without a seed"
for container in $(compose ps --quiet nats "${SERVICES[@]}"); do
  facts=$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}' "$container")
  [[ "$facts" == "true 10001:10001" ]] || fail "$(docker inspect --format '{{.Name}}' "$container") has $facts"
done
ok "every service and the broker: a read-only root, and not as root"
exec 3<>"/dev/tcp/127.0.0.1/$THREEDATES_PORT"
printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
read -r -t 10 status <&3 || true
exec 3>&-
[[ "$status" == *" 200 "* ]] || fail "the gateway says at 127.0.0.1:$THREEDATES_PORT: $status"
ok "the gateway answers at 127.0.0.1:$THREEDATES_PORT"
looked=$(compose run --rm -T --no-deps --volume "${PROJECT}_nats:/data:ro" gateway threedates doctor --store /data || true)
[[ "$looked" == *"store in /data: encrypted"* ]] || fail "doctor says of the store: $looked"
ok "the broker's store is encrypted"

step "A couple joins and checks in"
client_and_nudge first

step "The broker restarts under the services"
compose restart nats >/dev/null 2>&1
wait_until "$HEALTHY_WITHIN" "every service is healthy" all_healthy
client_and_nudge again

step "Everything stops and is made anew on the same volumes"
before=$SECONDS
compose stop >/dev/null 2>&1
took=$((SECONDS - before))
for service in nats "${SERVICES[@]}"; do
  code=$(compose ps --all --format '{{.ExitCode}}' "$service")
  [[ "$code" == 0 ]] || fail "$service ended with exit code $code"
done
((took <= 15)) || fail "stopping took $took s"
ok "all stopped within $took s, with exit code 0"
compose down >/dev/null 2>&1
start
[[ "$(compose logs --no-color keys)" != *td_* ]] || fail "the API key was shown again"
ok "the keys are kept, and the API key was not shown again"
client_and_nudge again

step "Another image under the same name, as an upgrade brings it"
running=$(compose ps --quiet cadence)
printf 'FROM %s\nLABEL check=upgraded\n' "$THREEDATES_IMAGE" | docker build --quiet --tag "$THREEDATES_IMAGE" - >/dev/null
start
[[ "$(compose ps --quiet cadence)" != "$running" ]] || fail "the services should have been replaced"
wait_until "$HEALTHY_WITHIN" "every service is healthy" all_healthy
ok "the services were replaced"
client_and_nudge again

step "Prometheus and Grafana are started beside it"
compose --profile observe up --detach --no-build --quiet-pull prometheus grafana >/dev/null 2>&1 ||
  fail "docker compose --profile observe up: see below"
compose run --rm -T --no-deps client watched 2>&1 | grep -E '^  (ok|FAIL)' || fail "deploy/check.py watched did not run"
((PIPESTATUS[0] == 0)) || fail "deploy/check.py watched: see above"

step "All held. Not checked here: other processors than $(uname -m), a cluster, TLS, mail."
