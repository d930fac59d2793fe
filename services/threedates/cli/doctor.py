"""``threedates doctor``: whether everything that must be there is there, in one page, with what to do if not."""

from pathlib import Path
from typing import Annotated

import typer
from nats.js.errors import NotFoundError
from rich.text import Text

from threedates.cli.context import STORE_DIR, command, fail, load_settings, out, running_home, wired
from threedates.core.mail.addresses import sender
from threedates.edge import topology
from threedates.edge.clock import system_clock
from threedates.edge.errors import Misconfigured
from threedates.edge.heartbeat import heartbeat
from threedates.edge.lag import lag_of
from threedates.edge.logs import redact
from threedates.edge.mail_client import MailClient
from threedates.edge.settings import Settings
from threedates.edge.storefiles import inspect
from threedates.edge.wire import Wire

_SERVICE_OF = {
    topology.INTAKE: "intake",
    topology.CADENCE_FACTS: "cadence",
    topology.CADENCE_DUE: "cadence",
    topology.INVITES: "invites",
    topology.NUDGES_FANOUT: "nudges",
    topology.NUDGES_DELIVER: "nudges",
    topology.CALENDARS: "calendars",
}


@command
async def doctor(
    service: Annotated[str | None, typer.Option(help="Check only that this service is at work.")] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            help="Where the broker stores its data, to see whether that is encrypted; known for threedates up."
        ),
    ] = None,
) -> None:
    """Check the settings, the broker, the topology, the services, and the mail server without sending anything.

    Exit code 1 if anything is wrong.
    """
    if service is not None and service not in _SERVICE_OF.values():
        raise fail(f"there is no consuming service {service!r}; the gateway answers at /readyz", 2)
    settings = load_settings()
    async with wired(settings) as wire:
        problems = [] if service else await _surroundings(wire, settings)
        problems += [] if service else _store(store)
        problems += await _services(wire, settings, service)
        if service in (None, "cadence"):
            problems += await _heartbeat(wire, settings)
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
    return problems + await _mail(settings)


async def _mail(settings: Settings) -> list[str]:
    """Whether the mail server answers, takes our name, our TLS and our login. Nothing is sent."""
    server = settings.mail_server
    if server is None:
        out.print("mail: not set up (THREEDATES_SMTP_URL); nudges go to endpoints alone, invites to feeds")
        return []
    name, address = sender(settings.mail_from)
    client = MailClient(server, address.rpartition("@")[2], settings.webhook_timeout)
    try:
        how = await client.check()
    except ConnectionError as error:
        return [f"mail: {error}; see THREEDATES_SMTP_URL"]
    out.print(f"mail: {server} answers, {how}; sent as {name} <{address}>", highlight=False)
    return []


def _store(directory: Path | None) -> list[str]:
    """Say whether what is stored is encrypted, which only the store's files tell; webhook secrets are among it."""
    home = running_home()
    directory = directory or (home / STORE_DIR if home is not None else None)
    if directory is None:
        out.print(
            "store: whether it is encrypted no broker tells its clients; see with --store, or in the broker's log"
        )
        return []
    try:
        found = inspect(directory)
    except OSError as error:
        return [f"the store in {directory} cannot be read: {error.strerror}"]
    out.print(f"store in {directory}: {found}", highlight=False, soft_wrap=True)
    return []


async def _services(wire: Wire, settings: Settings, only: str | None) -> list[str]:
    problems: list[str] = []
    for consumer in topology.consumers(settings):
        name = _SERVICE_OF[consumer.name]
        if only not in (None, name):
            continue
        try:
            lag = await lag_of(wire, consumer)
        except NotFoundError:
            problems.append(f"{name}: consumer {consumer.name} is missing; run: threedates topology apply")
            continue
        if only is None:
            behind = f"{lag.pending} behind, {lag.in_hand} in hand, {lag.fetching} fetching"
            out.print(f"{consumer.name}: {behind}", highlight=False)
        # A service that works on a batch may not be fetching at this moment, but then it has messages in hand.
        if not lag.fetching and not lag.in_hand:
            problems.append(f"{name}: nobody reads {consumer.name}; run: threedates serve {name}")
    return problems


async def _heartbeat(wire: Wire, settings: Settings) -> list[str]:
    try:
        wrong = await heartbeat(wire, settings, system_clock())
    except NotFoundError:
        return []  # a consumer that is missing is reported as such
    if wrong is not None:
        return [f"heartbeat: {wrong}"]
    out.print("heartbeat: due couples are being looked at", highlight=False)
    return []
