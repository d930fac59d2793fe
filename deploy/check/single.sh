# `docker compose up`: one broker and one of each service.

STRANGER='import asyncio, nats; asyncio.run(nats.connect("nats://nats:4222", allow_reconnect=False))'

check_single() {
  step "Start from nothing"
  start_new
  all_are_healthy nats "${SERVICES[@]}"
  check_keys_and_rights
  step "A couple joins and checks in"
  client_and_nudge first
  step "The broker restarts under the services"
  compose restart nats >/dev/null 2>&1
  all_are_healthy nats "${SERVICES[@]}"
  client_and_nudge again
  check_made_anew
  check_upgrade
  check_it_stays_alone
}

check_keys_and_rights() {
  local shown refused container facts looked
  shown=$(compose logs --no-color keys | grep -c 'API key .*td_' || true)
  [[ "$shown" == 1 ]] || fail "the first start has shown the API key $shown times"
  ok "the API key was shown once"
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
  [[ "$(answer_at "$THREEDATES_PORT" /readyz)" == *" 200 "* ]] || fail "no gateway at 127.0.0.1:$THREEDATES_PORT"
  ok "the gateway answers at 127.0.0.1:$THREEDATES_PORT"
  looked=$(compose run --rm -T --no-deps --volume "${PROJECT}_nats:/data:ro" operator doctor --store /data || true)
  [[ "$looked" == *"store in /data: encrypted"* ]] || fail "doctor says of the store: $looked"
  ok "the broker's store is encrypted"
}

check_made_anew() {
  local before=$SECONDS took service code
  step "Everything stops and is made anew on the same volumes"
  compose stop >/dev/null 2>&1
  took=$((SECONDS - before))
  for service in nats "${SERVICES[@]}"; do
    code=$(compose ps --all --format '{{.ExitCode}}' "$service")
    [[ "$code" == 0 ]] || fail "$service ended with exit code $code"
  done
  ((took <= 15)) || fail "stopping took $took s"
  ok "all stopped within $took s, with exit code 0"
  compose down >/dev/null 2>&1
  up
  all_are_healthy nats "${SERVICES[@]}"
  [[ "$(compose logs --no-color keys)" != *td_* ]] || fail "the API key was shown again"
  ok "the keys are kept, and the API key was not shown again"
  client_and_nudge again
}

check_upgrade() {
  local running broker
  step "Another image under the same name, as an upgrade brings it"
  running=$(compose ps --quiet cadence) broker=$(life_of nats)
  another_image upgraded
  up
  [[ "$(compose ps --quiet cadence)" != "$running" ]] || fail "the services should have been replaced"
  all_are_healthy nats "${SERVICES[@]}"
  ok "the services were replaced"
  [[ "$(life_of nats)" == "$broker" ]] || fail "the broker was replaced or started again: $(life_of nats), was $broker"
  ok "the broker has been running all the while"
  client_and_nudge again
  step "The broker's users change"
  compose run --rm -T --no-deps keys threedates deploy nats-config --dir /nats --rotate nudges >/dev/null 2>&1
  wait_until 30 "the broker has read its users again" users_are_read
  ok "the broker has read its users again"
  client_and_nudge again
  [[ "$(life_of nats)" == "$broker" ]] || fail "the broker was started again"
  ok "the service whose seed was replaced works with the new one, and the broker has been running all the while"
}
users_are_read() { [[ "$(compose logs --no-color nats)" == *"Reloaded: authorization nkey users"* ]]; }

check_it_stays_alone() {
  step "Made a cluster by mistake"
  ! COMPOSE_PROFILES=cluster compose up --detach --no-build --quiet-pull >/dev/null 2>&1 || fail "it was made a cluster"
  [[ "$(COMPOSE_PROFILES=cluster compose logs --no-color cluster)" == *"stays at that"* ]] || fail "nothing says why not"
  ok "that is refused"
  up
  all_are_healthy nats "${SERVICES[@]}"
  client_and_nudge again
}
