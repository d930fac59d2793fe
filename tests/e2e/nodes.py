"""A broker of three nodes on one machine, each of which can be killed and come back on its store."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from nats.js.errors import APIError

from tests.e2e.network import Network
from tests.nats_server import NatsServer
from threedates.edge.embedded_child import free_port
from threedates.edge.errors import Unavailable
from threedates.edge.settings import Settings
from threedates.edge.topology import consumers, streams
from threedates.edge.wire import Wire

NODES = ("n1", "n2", "n3")
PING = "2s"
"""How often nodes ask each other; after two answers that stay out they take the other for gone."""


class ThreeNodes:
    """The three; ``url`` is the first one's, which tells of the others."""

    def __init__(self, directory: Path, network: Network | None = None) -> None:
        self._hosts = {name: network.address(name) if network else "127.0.0.1" for name in NODES}
        self._routes = {name: free_port() for name in NODES}
        self._watch = {name: free_port() for name in NODES}
        self.network = network
        self.servers = {
            name: NatsServer(
                directory / name,
                self._config(directory, name),
                self._hosts[name],
                network.inside(name) if network else (),
            )
            for name in NODES
        }

    def _config(self, directory: Path, name: str) -> Any:
        host = self._hosts[name]
        routes = ", ".join(f'"nats://{self._hosts[other]}:{port}"' for other, port in self._routes.items())

        def config(port: int) -> str:
            return (
                f'server_name: {name}\nlisten: "{host}:{port}"\nclient_advertise: "{host}:{port}"\n'
                f'http: "{host}:{self._watch[name]}"\nping_interval: "{PING}"\n'
                f'log_file: "{directory / name / "server.log"}"\njetstream {{ store_dir: "{directory / name}" }}\n'
                f'cluster {{ name: c, listen: "{host}:{self._routes[name]}", routes: [ {routes} ] }}\n'
            )

        return config

    @property
    def url(self) -> str:
        """Where clients begin."""
        return self.servers["n1"].url

    async def start(self) -> None:
        """Start all three."""
        # At once: each is ready only when it has seen another.
        await asyncio.gather(*(server.start() for server in self.servers.values()))

    def kill(self) -> None:
        """Kill all three."""
        for server in self.servers.values():
            server.kill()

    async def kill_and_return(self, wire: Wire, settings: Settings, name: str) -> None:
        """Kill one, let the others go on without it for a moment, start it, and wait until all have caught up."""
        self.servers[name].kill()
        await asyncio.sleep(1)
        await self.servers[name].start()
        await whole(wire, settings)

    async def clients(self, name: str) -> Counter[str]:
        """Who is connected to a node, by their names."""
        return Counter(one["name"] for one in await self._watched(name, "connz", "connections") if "name" in one)

    async def routes(self, name: str) -> set[str]:
        """The nodes that one has a route to."""
        return {one["remote_name"] for one in await self._watched(name, "routez", "routes")}

    async def _watched(self, name: str, what: str, part: str) -> list[dict[str, Any]]:
        url = f"http://{self._hosts[name]}:{self._watch[name]}/{what}"
        async with ClientSession(timeout=ClientTimeout(total=5)) as session, session.get(url) as response:
            found: list[dict[str, Any]] = (await response.json())[part]
            return found


async def leader(wire: Wire, stream: str) -> str:
    """The node that leads a stream; waits until one does."""
    while True:
        with suppress(Unavailable, APIError):
            found: str | None = (await wire.api(f"STREAM.INFO.{stream}"))["cluster"].get("leader")
            if found:
                return found
        await asyncio.sleep(0.1)


async def whole(wire: Wire, settings: Settings) -> None:
    """Wait until every stream and consumer has a leader, and every copy has caught up."""
    calls = [f"STREAM.INFO.{stream['name']}" for stream in streams(settings)]
    calls += [f"CONSUMER.INFO.{consumer.stream}.{consumer.name}" for consumer in consumers(settings)]
    for call in calls:
        while not await _is_whole(wire, call):
            await asyncio.sleep(0.1)


async def _is_whole(wire: Wire, call: str) -> bool:
    with suppress(Unavailable, APIError):
        cluster = (await wire.api(call))["cluster"]
        copies = cluster.get("replicas", [])
        return bool(cluster.get("leader")) and len(copies) == 2 and all(copy["current"] for copy in copies)
    return False


@asynccontextmanager
async def three_nodes(directory: Path, network: Network | None = None) -> AsyncIterator[ThreeNodes]:
    """The three, started, on this machine's own network or one where they can be cut off; killed at the end."""
    nodes = ThreeNodes(directory, network)
    try:
        await nodes.start()
        yield nodes
    finally:
        nodes.kill()
