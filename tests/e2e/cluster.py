"""A small installation for tests: a broker of its own, services as real processes, a receiver, couples in the log.

Everything can be killed with SIGKILL and started again, which is what these tests are for.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from aiohttp import web
from nats.js.errors import APIError
from pydantic import SecretStr

from threedates.core.decide import decide
from threedates.core.state import CoupleState
from threedates.edge.connection import connect, make_broker
from threedates.edge.couples import Couples
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.embedded_child import free_port
from threedates.edge.endpoints import Endpoints, key_owner
from threedates.edge.errors import Unavailable
from threedates.edge.settings import Settings
from threedates.edge.topology import apply, consumers
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Decision, Joined
from threedates.schemas.outcomes import NudgeOutcome

KEY_ID = "0123456789ab"
RARE = {"target": "P300D", "floor": "P365D"}
ACK_WAIT = 2  # short, so that what the killed had in hand comes again soon


def now() -> datetime:
    """The real time: services run on it."""
    return datetime.now(UTC)  # noqa: TID251  # tests run real services beside it


def settings_of(target_seconds: int) -> CoupleSettings:
    """A couple whose fun dates fall due every so many seconds; nothing holds its nudges back."""
    return CoupleSettings.model_validate(
        {
            "tz": "Europe/Berlin",
            "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}],
            "cadence": {"fun": {"target": f"PT{target_seconds}S"}, "business": RARE, "emotional": RARE},
            "budget": {"per_week": None, "min_gap": "PT0S"},
        }
    )


class Broker(Protocol):
    """A broker that runs."""

    @property
    def url(self) -> str:
        """Where clients find it."""

    async def start(self) -> None:
        """Start it."""

    def kill(self) -> None:
        """SIGKILL."""


class Cluster:
    """The installation. ``received`` counts webhook ids at the receiver."""

    def __init__(
        self, data: Path, broker: Broker, receiver_url: str, received: Counter[str], ack_wait: int, replicas: int
    ) -> None:
        self.data = data
        self.broker = broker
        self.receiver_url = receiver_url
        self.received = received
        self.env = {
            "THREEDATES_NATS_URL": broker.url,
            "THREEDATES_ACK_WAIT": str(ack_wait),
            "THREEDATES_REPLICAS": str(replicas),
            "THREEDATES_SECRET_KEY": "k" * 32,
            "THREEDATES_ALLOW_NETWORKS": "127.0.0.0/8",
            "THREEDATES_LOG_LEVEL": "WARNING",
        }
        self.settings = Settings(
            nats_url=broker.url,
            ack_wait=ack_wait,
            replicas=replicas,
            secret_key=SecretStr("k" * 32),
            allow_networks="127.0.0.0/8",  # type: ignore[arg-type]
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._wire: Wire | None = None

    @property
    def wire(self) -> Wire:
        """The test's own wire to the broker."""
        assert self._wire is not None
        return self._wire

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Cluster"]:
        """Connect and apply the topology; at the end kill whatever runs."""
        nats = make_broker(self.settings, "test")
        self._wire = await connect(nats, self.settings)
        await self._apply()
        try:
            yield self
        finally:
            for name in list(self.processes):
                self.kill(name)
            await nats.stop()

    async def _apply(self) -> None:
        """Apply the topology; several nodes elect their leader first."""
        async with asyncio.timeout(60):
            while True:
                with suppress(Unavailable, APIError):
                    await apply(self.wire, self.settings)
                    return
                await asyncio.sleep(0.2)

    def serve(self, name: str) -> None:
        """Start a service process; ``cadence-2`` is a second replica of ``cadence``."""
        with (self.data / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "threedates.cli", "serve", name.partition("-")[0]],
                env={**os.environ, **self.env, "THREEDATES_HTTP": f"127.0.0.1:{free_port()}"},
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        """SIGKILL, and gone when this returns."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    async def endpoint(self, *types: str) -> None:
        """The receiver, as an endpoint for all couples."""
        await Endpoints(self.wire).create(key_owner(KEY_ID), self.receiver_url, now(), types=types, kinds=("fun",))

    async def join(
        self, count: int, settings: CoupleSettings, first_due: datetime, spread: timedelta, name: str = "c"
    ) -> list[str]:
        """Couples that joined so that their fun dates fall due one after another; returns their ids."""
        couples = Couples(self.wire)
        target = timedelta(seconds=settings.cadence.fun.target.length)
        ids = [f"{name}{n:05d}" for n in range(count)]
        for at in range(0, count, 500):
            await asyncio.gather(
                *(
                    couples.append_fact(
                        couple_id,
                        Joined(
                            id=f"join-{couple_id}",
                            at=first_due - target + spread * n / count,
                            settings=settings,
                            key_id=KEY_ID,
                        ),
                    )
                    for n, couple_id in enumerate(ids[at : at + 500], at)
                )
            )
        return ids

    async def state(self, couple_id: str) -> CoupleState:
        """The couple's state by its log."""
        state = await Couples(self.wire).load(couple_id)
        assert state is not None
        return state

    async def nudges(self, couple_id: str) -> Counter[str]:
        """How often each nudge id stands in the couple's log."""
        found: Counter[str] = Counter()
        for _, event in await Couples(self.wire).events(couple_id):
            if isinstance(event, Decision):
                found.update(o.nudge_id for o in event.outcomes if isinstance(o, NudgeOutcome))
        return found

    async def settled(self, seconds: float = 120) -> None:
        """Wait until the services that run have nothing left to do, twice in a row."""
        calm = 0
        async with asyncio.timeout(seconds):
            while calm < 2:
                await asyncio.sleep(0.5)
                calm = calm + 1 if await self._is_calm() else 0

    async def _is_calm(self) -> bool:
        served = {name.partition("-")[0] for name in self.processes}
        for consumer in consumers(self.settings):
            if consumer.name.partition("-")[0] in served:
                info = await self.wire.api(f"CONSUMER.INFO.{consumer.stream}.{consumer.name}")
                if info["num_pending"] or info["num_ack_pending"]:
                    return False
        return True

    async def couples_with_wrong_timers(self, couple_ids: list[str]) -> list[str]:
        """The couples whose timer is not the one their log asks for. Run it on a settled log, with services stopped."""
        names = self.wire.names
        wanted: dict[str, str] = {}
        for couple_id in couple_ids:
            state = await self.state(couple_id)
            decision = decide(state, state.as_of or now())
            assert not decision.outcomes
            if decision.next_look is not None:
                wanted[couple_id] = f"@at {rfc3339(decision.next_look)}"
        stored = await self.wire.reader.last_of(names.timers, [names.timer(c) for c in couple_ids])
        found = {one.subject.rpartition(".")[2]: one.headers.get("Nats-Schedule", "") for one in stored}
        return [couple_id for couple_id, schedule in wanted.items() if found.get(couple_id) != schedule]


@asynccontextmanager
async def cluster(
    data: Path, ack_wait: int = ACK_WAIT, broker: Broker | None = None, replicas: int = 1
) -> AsyncIterator[Cluster]:
    """An installation in a directory of its own; work of the dead is given again after ``ack_wait`` seconds.

    Without a broker it gets an embedded one.
    """
    received: Counter[str] = Counter()

    async def receive(request: web.Request) -> web.Response:
        received[request.headers["webhook-id"]] += 1
        await request.read()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with AsyncExitStack() as stack:
            if broker is None:
                broker = await stack.enter_async_context(EmbeddedNats(data / "nats"))
            made = Cluster(data, broker, f"http://127.0.0.1:{port}/", received, ack_wait, replicas)
            yield await stack.enter_async_context(made.open())
    finally:
        await runner.cleanup()
