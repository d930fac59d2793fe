# What deploy/check.sh does its parts with. It works on a project, ports and volumes of its own.

PROJECT=threedates-check
export THREEDATES_IMAGE=threedates:check THREEDATES_BIND=127.0.0.1 THREEDATES_PUBLIC_URL= THREEDATES_ALLOW_NETWORKS=
export THREEDATES_PORT="${CHECK_PORT:-18080}" THREEDATES_PORT_2="${CHECK_PORT_2:-18081}"
export THREEDATES_NATS_PORT="${CHECK_NATS_PORT:-14222}" THREEDATES_DOMAIN=localhost
export THREEDATES_HTTP_PORT="${CHECK_HTTP_PORT:-18082}" THREEDATES_HTTPS_PORT="${CHECK_HTTPS_PORT:-18083}"
export THREEDATES_PROMETHEUS_PORT="${CHECK_PROMETHEUS_PORT:-19090}" THREEDATES_GRAFANA_PORT="${CHECK_GRAFANA_PORT:-13000}"
CHECK_WEBHOOK_SECRET="whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
export CHECK_WEBHOOK_SECRET COMPOSE_PROFILES=
SERVICES=(intake cadence invites nudges calendars gateway)
HEALTHY_WITHIN=240
NUDGE_WITHIN=60
NOT_CHECKED=()

as_it_is() { docker compose -p "$PROJECT" -f docker-compose.yml "$@"; }
compose() { as_it_is -f deploy/check/compose.yml "$@"; }
step() { printf '\n%s\n' "$*"; }
ok() { printf '  ok   %s\n' "$*"; }
fail() { printf '  FAIL %s\n' "$*" >&2; exit 1; }
not_checked() { NOT_CHECKED+=("$*"); printf '  --   not checked: %s\n' "$*"; }

erase() { COMPOSE_PROFILES='*' compose down --volumes --timeout 15 >/dev/null 2>&1 || true; }

tear_down() {
  local code=$?
  if ((code != 0)); then
    COMPOSE_PROFILES='*' compose ps --all >&2 || true
    COMPOSE_PROFILES='*' compose logs --no-color --tail 40 >&2 || true
  fi
  erase
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

are_healthy() { # SERVICE…
  local service
  for service in "$@"; do
    [[ "$(compose ps --format '{{.Health}}' "$service")" == healthy ]] || return 1
  done
}
all_are_healthy() { # SERVICE…
  wait_until "$HEALTHY_WITHIN" "every service is healthy" are_healthy "$@"
  ok "everything is up and healthy"
}

up() { compose up --detach --no-build --quiet-pull >/dev/null 2>&1 || fail "docker compose up: see below"; }

# From nothing, and with the API key that is then shown once.
start_new() {
  erase
  up
  CHECK_API_KEY=$(compose logs --no-color --no-log-prefix keys | grep -o 'td_[A-Za-z0-9_-]*')
  export CHECK_API_KEY
}

# A broker's container, and since when it has been running.
life_of() { docker inspect --format '{{.Id}} {{.State.StartedAt}}' $(compose ps --quiet "$@"); }

# Another image under the same name, as an upgrade brings it.
another_image() {
  printf 'FROM %s\nLABEL check=%s\n' "$THREEDATES_IMAGE" "$1" | docker build --quiet --tag "$THREEDATES_IMAGE" - >/dev/null
}

answer_at() { # PORT PATH [HEADER]: the status line of the gateway on this machine
  local status=
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 0
  printf 'GET %s HTTP/1.0\r\n%s\r\n' "$2" "${3:+$3$'\r\n'}" >&3
  read -r -t 10 status <&3 || true
  exec 3>&-
  printf %s "$status"
}

run() { # PROGRAM STEP: one of the programs in deploy/check, beside the services
  compose run --rm -T --no-deps client "$@" 2>&1 | grep -E '^  (ok|FAIL)' || fail "deploy/check/$1 $2: see above"
}

# The ids of the nudges that have come in, signed with our secret.
arrived() {
  compose logs --no-color --no-log-prefix receiver 2>/dev/null |
    grep -a '"verified": true.*"type": "nudge\.' | grep -o '"webhook-id": "[^"]*"' | sort -u || true
}
has_come() { [[ -n "$(comm -13 <(echo "$seen") <(arrived))" ]]; }
client_and_nudge() { # STEP of client.py
  seen=$(arrived)
  run client.py "$1"
  wait_until "$NUDGE_WITHIN" "a signed nudge that had not come before" has_come
  ok "a nudge has come, and its signature is right"
}
