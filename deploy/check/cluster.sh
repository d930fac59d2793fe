# `docker compose --profile cluster up`: three brokers and two of each service, and a proxy with TLS before the gateways.

NODES=(nats nats-2 nats-3)

check_cluster() {
  local nodes
  step "One broker, with a couple"
  start_new
  all_are_healthy nats "${SERVICES[@]}"
  client_and_nudge first
  step "Moved into a cluster"
  compose stop gateway >/dev/null 2>&1
  operator backup /backups/moving
  compose down >/dev/null 2>&1
  docker volume rm "${PROJECT}_nats" >/dev/null
  export COMPOSE_PROFILES=cluster
  compose up --detach --no-build --quiet-pull topology >/dev/null 2>&1 || fail "docker compose --profile cluster up topology"
  wait_until "$HEALTHY_WITHIN" "the topology is there" has_ended topology
  operator restore /backups/moving
  up
  all_are_healthy "${NODES[@]}" "${SERVICES[@]}" "${SERVICES[@]/%/-2}"
  operator topology check
  [[ "$(compose run --rm -T --no-deps --entrypoint cat operator /nats/nodes/replicas)" == 3 ]] || fail "not three copies"
  ok "every stream has three copies"
  client_and_nudge again
  for node in "${NODES[@]}"; do check_without "$node"; done
  step "One of each service stops"
  compose stop "${SERVICES[@]}" >/dev/null 2>&1
  [[ "$(answer_at "$THREEDATES_PORT_2" /readyz)" == *" 200 "* ]] || fail "no gateway at 127.0.0.1:$THREEDATES_PORT_2"
  client_and_nudge again
  check_proxy
  step "Another image under the same name, as an upgrade brings it"
  nodes=$(life_of "${NODES[@]}")
  another_image upgraded-cluster
  up
  all_are_healthy "${NODES[@]}" "${SERVICES[@]}" "${SERVICES[@]/%/-2}"
  [[ "$(life_of "${NODES[@]}")" == "$nodes" ]] || fail "brokers were replaced or started again"
  ok "the services were replaced, and the brokers have been running all the while"
  client_and_nudge again
  COMPOSE_PROFILES=
}

operator() { # COMMAND…
  compose run --rm -T --no-deps operator "$@" >/dev/null 2>&1 || fail "threedates $*"
  ok "threedates $*"
}
has_ended() { [[ "$(compose ps --all --format '{{.State}}' "$1")" == exited ]]; }

check_without() { # NODE
  step "The broker $1 stops, and comes back"
  compose stop "$1" >/dev/null 2>&1
  client_and_nudge again
  compose start "$1" >/dev/null 2>&1
  wait_until "$HEALTHY_WITHIN" "$1 is healthy" are_healthy "$1"
  ok "$1 is healthy again"
  client_and_nudge again
}

check_proxy() {
  step "A proxy with TLS, while one of two gateways is stopped"
  COMPOSE_PROFILES=cluster,tls compose up --detach --no-build --quiet-pull --no-deps proxy >/dev/null 2>&1 ||
    fail "docker compose --profile tls up"
  run around.py proxied
  not_checked "a certificate that somebody else vouches for"
}
