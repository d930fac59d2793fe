# `docker compose --profile observe up`: Prometheus, and Grafana where its image is to be had.

check_observe() {
  step "Prometheus and Grafana"
  export COMPOSE_PROFILES=observe
  start_new_if_none
  compose up --detach --no-build --quiet-pull prometheus >/dev/null 2>&1 || fail "docker compose --profile observe up"
  run around.py watched
  if has_image grafana; then
    compose up --detach --no-build --quiet-pull grafana >/dev/null 2>&1 || fail "docker compose --profile observe up"
    run around.py shown
  else
    not_checked "Grafana and its dashboard, of which no image is to be had here"
  fi
  COMPOSE_PROFILES=
}

start_new_if_none() {
  [[ -n "$(compose ps --quiet gateway)" ]] || start_new
  all_are_healthy nats "${SERVICES[@]}"
}

has_image() { # SERVICE
  docker image inspect "$(compose config --images "$1" | head -n 1)" >/dev/null 2>&1 || compose pull --quiet "$1" >/dev/null 2>&1
}
