"""``threedates demo``: the demo couple beside services that run elsewhere, as the containers' profile `demo` has it.

``threedates deploy demo`` comes first: an API key of the demo's own, and for the services what they are to allow it.
In: a directory to keep that in, and where the gateway is. Out: the couple, shown, and its nudges as they arrive.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer

from threedates.cli import demo as demonstration
from threedates.cli.context import command, fail, out
from threedates.cli.home import Home
from threedates.cli.keys import API_KEY, API_KEYS, PREFIX
from threedates.cli.running import stop_signal
from threedates.edge.apikeys import entry
from threedates.edge.attached import attached_networks
from threedates.edge.errors import Misconfigured
from threedates.edge.listening import host_and_port

NETWORKS = "networks"
Directory = Annotated[Path, typer.Option("--dir", help="Where the demo's secrets are kept.")]


def prepare(
    allowed: Annotated[Path, typer.Option(help="Where what the services are to allow is written.")],
    directory: Directory = Path("demo"),
) -> None:
    """Make the demo's API key, and write what the services are to allow: its hash, and the networks of this machine.

    ALLOWED/api_keys belongs to the gateway's THREEDATES_API_KEYS, ALLOWED/networks to THREEDATES_ALLOW_NETWORKS of the
    service nudges, for as long as the demo runs. The key reaches couples that joined with it alone.
    """
    try:
        api_key, _ = Home.at(directory).secret(API_KEY, PREFIX)
        services = Home.at(allowed)
        services.write(API_KEYS, entry(api_key) + "\n")
        services.write(NETWORKS, ",".join(map(str, attached_networks())) + "\n")
    except (OSError, Misconfigured) as error:
        raise fail(f"the demo cannot be prepared: {error}") from None
    out.print(f"the services are to allow what {services.path} says", highlight=False, soft_wrap=True)


@command
async def demo(
    directory: Directory = Path("demo"),
    gateway: Annotated[str, typer.Option(help="The gateway's address.")] = "http://127.0.0.1:8080",
    listen: Annotated[str, typer.Option(help="HOST:PORT to receive webhooks at.")] = "127.0.0.1:9000",
    at: Annotated[str | None, typer.Option(help="URL that webhooks reach it at, where that is another.")] = None,
) -> None:
    """Join a demo couple at a gateway, and show its nudges as they arrive. `up --demo` does it all on one machine."""
    stop = stop_signal()
    home = Home.at(directory)
    host, port = host_and_port("--listen", listen)
    try:
        api_key = (home.path / API_KEY).read_text(encoding="ascii").strip()
    except OSError:
        raise fail(f"there is no key in {home.path}; make one with: threedates deploy demo") from None
    await _ready(gateway, stop)
    if stop.is_set():
        return
    try:
        async with demonstration.running(home, gateway, api_key, place=demonstration.Place(host, port, at)):
            await stop.wait()
    except demonstration.DemoError as error:
        if error.status != httpx.codes.UNAUTHORIZED:
            raise
        raise fail(
            "the gateway does not know the demo's key yet; start it and nudges anew, in containers with: "
            "docker compose restart gateway nudges"
        ) from None


async def _ready(gateway: str, stop: asyncio.Event) -> None:
    """Wait until the gateway is ready, saying so once, or until this is stopped."""
    has_said = False
    async with httpx.AsyncClient(base_url=gateway, timeout=5, trust_env=False) as client:
        while not stop.is_set() and not await _answers(client):
            if not has_said:
                out.print(f"waiting for the gateway at {gateway}", highlight=False)
                has_said = True
            await asyncio.sleep(1)


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).is_success
    except httpx.HTTPError:
        return False
