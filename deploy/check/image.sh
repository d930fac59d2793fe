# The image: what is in it, and what is not.

image() { docker run --rm --network none --read-only "$THREEDATES_IMAGE" "$@"; }

check_image() {
  local tool
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
}
