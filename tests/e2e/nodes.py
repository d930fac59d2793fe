"""A broker of three nodes on one machine, each of which can be killed and come back on its store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from nats.js.errors import APIError

from tests.nats_server import NatsServer
from threedates.edge.embedded_child import free_port
from threedates.edge.errors import Unavailable
from threedates.edge.settings import Settings
from threedates.edge.topology import consumers, streams
from threedates.edge.wire import Wire

NODES = ("n1", "n2", "n3")


class ThreeNodes:
    """The three; ``url`` is the first one's, which tells of the others."""

    def __init__(self, directory: Path) -> None:
        self._routes = {name: free_port() for name in NODES}
        self.servers = {name: NatsServer(directory / name, self._config(directory, name)) for name in NODES}

    def _config(self, directory: Path, name: str) -> Any:
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._routes.values())

        def config(port: int) -> str:
            return (
                f'server_name: {name}\nlisten: "127.0.0.1:{port}"\nclient_advertise: "127.0.0.1:{port}"\n'
                f'log_file: "{directory / name / "server.log"}"\njetstream {{ store_dir: "{directory / name}" }}\n'
                f'cluster {{ name: c, listen: "127.0.0.1:{self._routes[name]}", routes: [ {routes} ] }}\n'
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
async def three_nodes(directory: Path) -> AsyncIterator[ThreeNodes]:
    """The three, started; killed at the end."""
    nodes = ThreeNodes(directory)
    try:
        await nodes.start()
        yield nodes
    finally:
        nodes.kill()
