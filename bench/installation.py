"""An installation to measure: a broker of its own in a temporary directory, services as processes of their own.

Everything listens on 127.0.0.1. The topology may be applied in two steps, so that couples can be loaded into the log
before the consumers exist: services then see only what happens afterwards.
"""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import nats
from pydantic import SecretStr

from bench.processes import Child, cpu_of, memory_of, spawn
from bench.waiting import until
from threedates.edge.apikeys import key_id
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.embedded_files import Sync
from threedates.edge.settings import Settings
from threedates.edge.topology import apply, consumer_config, consumers, streams
from threedates.edge.wire import Wire

API_KEY = "bench-key-of-no-consequence"
KEY_ID = key_id(API_KEY)
SECRET_KEY = "k" * 32
_READY_SECONDS = 60.0


class Installation:
    """Made by :func:`installation`. ``services`` are by name; ``cadence-2`` is a second replica of ``cadence``."""

    def __init__(self, data: Path, broker: EmbeddedNats, wire: Wire, settings: Settings) -> None:
        self.data = data
        self.broker = broker
        self.wire = wire
        self.settings = settings
        self.services: dict[str, Child] = {}
        self.env = {
            "THREEDATES_NATS_URL": broker.url,
            "THREEDATES_HTTP": settings.http,
            "THREEDATES_API_KEYS": API_KEY,
            "THREEDATES_SECRET_KEY": SECRET_KEY,
            "THREEDATES_ALLOW_NETWORKS": "127.0.0.0/8",
            "THREEDATES_LOG_LEVEL": "WARNING",
        }

    async def create_streams(self) -> None:
        """The streams and buckets alone, without consumers."""
        for stream in streams(self.settings):
            await self.wire.api(f"STREAM.CREATE.{stream['name']}", stream)

    async def create_consumers(self) -> None:
        """The consumers; those of the log begin after what it holds by now."""
        for consumer in consumers(self.settings):
            config = consumer_config(consumer, self.settings)
            if consumer.stream == self.settings.names.log:
                config["deliver_policy"] = "new"
            body = {"stream_name": consumer.stream, "config": config, "action": "create"}
            await self.wire.api(f"CONSUMER.CREATE.{consumer.stream}.{consumer.name}.{consumer.filter}", body)

    async def apply(self) -> None:
        """The whole topology, as the product applies it."""
        await apply(self.wire, self.settings)

    async def sync(self, how: Sync) -> None:
        """Restart the broker with its store synced that way; the connection comes back by itself."""
        if self.broker.sync == how:
            return
        self.broker.sync = how
        await self.broker.restart()
        await self.connected()

    async def connected(self) -> None:
        """Wait until the connection to a broker that was restarted is back."""

        async def is_back() -> bool:
            return self.wire.is_connected

        if not await until(is_back, _READY_SECONDS):
            raise RuntimeError("the broker did not come back")

    async def serve(self, *names: str) -> None:
        """Start services, and wait until each fetches from its consumers."""
        for name in names:
            arguments = ["-m", "threedates.cli", "serve", name.partition("-")[0]]
            self.services[name] = spawn(name, arguments, self.env, self.data / f"{name}.log")
        await self.fetching()

    async def fetching(self) -> None:
        """Wait until each service that runs fetches from its consumers, and the gateway is ready."""
        kinds = [name.partition("-")[0] for name in self.services]

        async def all_fetch() -> bool:
            self._check()
            for consumer in consumers(self.settings):
                wanted = kinds.count(consumer.name.partition("-")[0])
                if wanted and (await self._info(consumer.stream, consumer.name))["num_waiting"] < wanted:
                    return False
            return True

        if "gateway" in kinds and not await until(self._gateway_answers, _READY_SECONDS):
            raise RuntimeError(f"the gateway did not answer within {_READY_SECONDS:g} s")
        if not await until(all_fetch, _READY_SECONDS):
            raise RuntimeError(f"the services did not begin to fetch within {_READY_SECONDS:g} s")

    async def settled(self, seconds: float = 120.0) -> None:
        """Wait until the services that run have nothing left to do, twice in a row. Raises TimeoutError."""
        calm = 0
        async with asyncio.timeout(seconds):
            while calm < 2:
                await asyncio.sleep(0.25)
                calm = calm + 1 if await self._is_calm() else 0

    def stop(self) -> None:
        """End all services."""
        for child in self.services.values():
            child.end()
        self.services.clear()

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU time used so far, by process, the broker's included."""
        return {"broker": cpu_of(self.broker.pid)} | {name: child.cpu for name, child in self.services.items()}

    def broker_memory(self) -> float:
        """The broker's resident memory in MB."""
        return memory_of(self.broker.pid)

    async def messages(self, stream: str) -> int:
        """How many messages a stream holds."""
        return int((await self.wire.api(f"STREAM.INFO.{stream}"))["state"]["messages"])

    async def _is_calm(self) -> bool:
        served = {name.partition("-")[0] for name in self.services}
        for consumer in consumers(self.settings):
            if consumer.name.partition("-")[0] in served:
                info = await self._info(consumer.stream, consumer.name)
                if info["num_pending"] or info["num_ack_pending"]:
                    return False
        return True

    async def _info(self, stream: str, consumer: str) -> dict[str, int]:
        return await self.wire.api(f"CONSUMER.INFO.{stream}.{consumer}")

    async def _gateway_answers(self) -> bool:
        self._check()
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"http://{self.settings.http}/readyz")).is_success
        except httpx.TransportError:
            return False

    def _check(self) -> None:
        for child in self.services.values():
            if not child.is_alive:
                said = (self.data / f"{child.name}.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{child.name} ended with code {child.popen.returncode}: {said[-2000:]}")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def _passing(error: Exception) -> None:
    """The broker is restarted on purpose; whoever waits for it says so if it does not come back."""


@asynccontextmanager
async def installation(sync: Sync = "lazy", http: str = "127.0.0.1:8080") -> AsyncIterator[Installation]:
    """A broker in a temporary directory and a wire to it; at the end everything of it is ended and removed."""
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="threedates-bench-")))
        broker = await stack.enter_async_context(EmbeddedNats(data / "nats", sync=sync))
        client = await nats.connect(
            broker.url,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.1,
            pending_size=64 * 1024 * 1024,
            error_cb=_passing,
        )
        stack.push_async_callback(client.close)
        settings = Settings(
            nats_url=broker.url,
            http=http,
            secret_key=SecretStr(SECRET_KEY),
            api_keys=SecretStr(API_KEY),
            allow_networks="127.0.0.0/8",  # type: ignore[arg-type]  # a validator splits the text
        )
        made = Installation(data, broker, Wire(client, settings.names), settings)
        stack.callback(made.stop)
        yield made
