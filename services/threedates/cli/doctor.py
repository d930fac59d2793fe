"""``threedates doctor``: whether everything that must be there is there, in one page, with what to do if not."""

from typing import Annotated, Any

import typer
from nats.js.errors import NotFoundError
from rich.text import Text

from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.edge import topology
from threedates.edge.errors import Misconfigured
from threedates.edge.logs import redact
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire

_SERVICE_OF = {
    topology.INTAKE: "intake",
    topology.CADENCE_FACTS: "cadence",
    topology.CADENCE_DUE: "cadence",
    topology.INVITES: "invites",
    topology.NUDGES_FANOUT: "nudges",
    topology.NUDGES_DELIVER: "nudges",
}


@command
async def doctor(
    service: Annotated[str | None, typer.Option(help="Check only that this service is at work.")] = None,
) -> None:
    """Check the settings, the broker, the topology and the services. Exit code 1 if anything is wrong."""
    if service is not None and service not in _SERVICE_OF.values():
        raise fail(f"there is no consuming service {service!r}; the gateway answers at /readyz", 2)
    settings = load_settings()
    async with wired(settings) as wire:
        problems = [] if service else await _surroundings(wire, settings)
        problems += await _services(wire, settings, service)
    for problem in problems:
        out.print(Text.assemble(("✗", "red"), f" {problem}"))
    if problems:
        raise typer.Exit(1)
    out.print(Text.assemble(("✓", "green"), " all is well"))


async def _surroundings(wire: Wire, settings: Settings) -> list[str]:
    problems: list[str] = []
    server = wire.client.connected_server_version
    out.print(f"NATS server {server.major}.{server.minor}.{server.patch} at {redact(settings.nats_url)}")
    account = await wire.api("INFO")
    out.print(f"JetStream: {account['streams']} streams, {account['storage'] / 1e6:.1f} MB stored")
    for difference in await topology.differences(wire, settings):
        remedy = "run: threedates topology apply" if difference.is_missing else "change it by hand or the setting"
        problems.append(f"{difference}; {remedy}")
    try:
        _ = settings.link_key
    except Misconfigured as error:
        problems.append(str(error))
    if not settings.keys:
        problems.append("THREEDATES_API_KEYS is empty: /v1 answers nobody")
    return problems


async def _services(wire: Wire, settings: Settings, only: str | None) -> list[str]:
    problems: list[str] = []
    for consumer in topology.consumers(settings):
        name = _SERVICE_OF[consumer.name]
        if only not in (None, name):
            continue
        info = await _info(wire, consumer)
        if info is None:
            problems.append(f"{name}: consumer {consumer.name} is missing; run: threedates topology apply")
            continue
        waiting, behind, unacknowledged = (info[k] for k in ("num_waiting", "num_pending", "num_ack_pending"))
        if only is None:
            out.print(
                f"{consumer.name}: {behind} behind, {unacknowledged} in hand, {waiting} fetching", highlight=False
            )
        # A service that works on a batch may not be fetching at this moment, but then it has messages in hand.
        if not waiting and not unacknowledged:
            problems.append(f"{name}: nobody reads {consumer.name}; run: threedates serve {name}")
    return problems


async def _info(wire: Wire, consumer: topology.Consumer) -> dict[str, Any] | None:
    try:
        return await wire.api(f"CONSUMER.INFO.{consumer.stream}.{consumer.name}")
    except NotFoundError:
        return None
