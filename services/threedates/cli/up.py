"""``threedates up``: everything on one machine, on an embedded NATS server, in one process beside it."""

import asyncio
import logging
import socket
from pathlib import Path
from typing import Annotated

import typer

from threedates.cli import demo as demonstration
from threedates.cli.context import DATA_DIR, SECRET_KEY_FILE, STORE_DIR, command, out, wired
from threedates.cli.home import Home
from threedates.cli.keeper import kept, started
from threedates.cli.registry import SERVICES
from threedates.cli.running import start_all, stop_all, stop_signal
from threedates.edge import logs, topology, tracing
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.settings import Settings

logger = logging.getLogger("threedates")
NATS_PORT = 4222
_LOOPBACK = "127.0.0.0/8"
_LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  # told apart, not listened on


@command
async def up(
    data_dir: Annotated[
        Path, typer.Option(help="Where keys and data are kept.", envvar="THREEDATES_DATA_DIR")
    ] = DATA_DIR,
    http: Annotated[str | None, typer.Option(help="HOST:PORT to listen on; default THREEDATES_HTTP.")] = None,
    nats_port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port of the embedded NATS, 0 for any; default 4222, or any if taken."),
    ] = None,
    nats_server: Annotated[Path | None, typer.Option(help="A nats-server binary of your own.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Add a demo couple and show its nudges as they arrive.")] = False,
) -> None:
    """Run everything on one machine. Starting it again with the same data directory keeps everything."""
    home = Home.at(data_dir)
    stop = stop_signal()
    port = _usual_or_free(NATS_PORT) if nats_port is None else nats_port or None
    nats = EmbeddedNats(home.path / STORE_DIR, port, binary=nats_server)
    if not await started(nats, stop):
        return
    async with nats:
        settings, is_new = _settings(home, nats.url, http, demo)
        logs.setup(settings)
        tracing.setup("threedates")
        async with wired(settings) as wire:
            await topology.apply(wire, settings)
            for difference in await topology.differences(wire, settings):
                logger.warning("topology: %s", difference)
        async with kept(nats, stop):
            services = await start_all(list(SERVICES), settings)
            try:
                await _run(home, settings, demo, is_new, stop)
            finally:
                home.remove_up()
                await stop_all(services)


async def _run(home: Home, settings: Settings, demo: bool, is_new: bool, stop: asyncio.Event) -> None:
    api_key = next(key.plain for key in settings.keys if key.plain and key.right == "admin")
    here = _here(settings.http)
    content = {"http": here, "nats_url": settings.nats_url, "api_key": api_key, "demo": None}
    home.write_up(content)
    out.print(f"gateway   {here}   (API reference: {here}/docs)", highlight=False, soft_wrap=True)
    if settings.public_url:
        out.print(f"links to  {settings.base_url}", highlight=False, soft_wrap=True)
    out.print(f"NATS      {settings.nats_url}", highlight=False)
    if is_new:
        out.print(f"API key   {api_key}   (shown once; kept in {home.path})", highlight=False, soft_wrap=True)
    else:
        out.print(f"API key   in {home.path}/up.json", highlight=False, soft_wrap=True)
    if not demo:
        out.print("Ctrl-C stops it.")
        await stop.wait()
        return
    async with demonstration.running(home, here, api_key, lambda couple: home.write_up({**content, "demo": couple})):
        await stop.wait()


def _settings(home: Home, nats_url: str, http: str | None, demo: bool) -> tuple[Settings, bool]:
    """The environment's settings, gaps filled from the data directory; and whether the API key is new."""
    overrides: dict[str, object] = {"nats_url": nats_url}
    if http is not None:
        overrides["http"] = http
    settings = Settings.load(**overrides)
    is_new = False
    if not any(key.plain and key.right == "admin" for key in settings.keys):
        # Of a hash the key cannot be told, and whoever reads up.json needs one.
        own, is_new = home.secret("api_key", "td_")
        overrides["api_keys"] = f"{own}\n{settings.api_keys.get_secret_value()}"
    if not settings.secret_key.get_secret_value():
        overrides["secret_key"], _ = home.secret(SECRET_KEY_FILE)
    if demo:
        # The demo's listener lives on this machine, where webhooks may not go otherwise.
        overrides["allow_networks"] = ",".join([*map(str, settings.allow_networks), _LOOPBACK])
    return Settings.load(**overrides), is_new


def _here(http: str) -> str:
    """Where this machine reaches the gateway; the public address may lead here only from elsewhere, or not yet."""
    host, _, port = http.rpartition(":")
    return f"http://{_LOOPBACK_OF.get(host, host)}:{port}"


def _usual_or_free(port: int) -> int | None:
    """The usual port, or None (any free one) where something listens there already."""
    with socket.socket() as probe:
        return port if probe.connect_ex(("127.0.0.1", port)) != 0 else None
