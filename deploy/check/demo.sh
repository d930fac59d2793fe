# `docker compose --profile demo up`, with nothing of this check beside it.

check_demo() {
  local before feed bearer
  step "The demo, from nothing"
  erase
  before=$SECONDS
  as_it_is --profile demo up --detach --no-build --quiet-pull >/dev/null 2>&1 || fail "docker compose --profile demo up"
  wait_until 60 "the listener's log shows a signed nudge" shows_a_nudge
  ok "the listener's log shows a signed nudge, $((SECONDS - before)) s after the start"
  feed=$(said_by_demo | grep -o "http://127.0.0.1:$THREEDATES_PORT/feeds/[^ ]*" | head -n 1)
  [[ "$(answer_at "$THREEDATES_PORT" "${feed#*:"$THREEDATES_PORT"}")" == *" 200 "* ]] || fail "no feed at $feed"
  ok "and the address of a feed, which is there"
  bearer="Authorization: Bearer $(as_it_is --profile demo exec -T demo cat /demo/api_key)"
  [[ "$(answer_at "$THREEDATES_PORT" /v1/endpoints "$bearer")" == *" 200 "* ]] || fail "the demo's key is not known"
  [[ -n "$(allowed_networks nudges)" && -z "$(allowed_networks calendars)" ]] || fail "webhooks are allowed the wrong networks"
  step "The same without its profile"
  as_it_is --profile demo rm --stop --force demo >/dev/null 2>&1
  as_it_is up --detach --no-build --quiet-pull >/dev/null 2>&1 || fail "docker compose up"
  [[ -z "$(allowed_networks nudges)" && -z "$(allowed_networks gateway)" ]] || fail "webhooks still reach the demo's network"
  ok "webhooks reach no network of ours any more"
  wait_until 60 "the gateway is back" is_ready
  [[ "$(answer_at "$THREEDATES_PORT" /v1/endpoints "$bearer")" == *" 401 "* ]] || fail "the demo's key is still good"
  ok "the demo's key is good for nothing any more"
}

is_ready() { [[ "$(answer_at "$THREEDATES_PORT" /readyz 2>/dev/null)" == *" 200 "* ]]; }
said_by_demo() { as_it_is --profile demo logs --no-color --no-log-prefix demo 2>/dev/null; }
shows_a_nudge() { [[ "$(said_by_demo)" == *"nudge."*"signature ok"* ]]; }

# What a service was started with, as the process itself has it.
allowed_networks() { # SERVICE
  as_it_is exec -T "$1" python -c '
import pathlib
for process in pathlib.Path("/proc").glob("[0-9]*"):
    if b"\0serve\0" in (process / "cmdline").read_bytes() and process.name != "1":
        for word in (process / "environ").read_bytes().split(b"\0"):
            if word.startswith(b"THREEDATES_ALLOW_NETWORKS="):
                print(word.partition(b"=")[2].decode().strip(","))
'
}
