"""What tests of the edge share: a wire to the worker's broker, with a topology under a prefix of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.broker.waiting import until_done
from threedates.edge.connection import connect, make_broker
from threedates.edge.couples import Couples
from threedates.edge.settings import Settings
from threedates.edge.topology import apply
from threedates.edge.wire import Wire
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import CheckedIn, Joined

START = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
COUPLE = CoupleSettings.model_validate({"tz": "Europe/Berlin", "partners": [{"name": "sam"}, {"name": "alex"}]})


def clock() -> datetime:
    """The time these tests live at."""
    return START + timedelta(minutes=1)


@dataclass
class Edge:
    """A wire, the settings it was made with, and couples read over it."""

    settings: Settings
    wire: Wire
    couples: Couples

    async def join(self, couple_id: str) -> int:
        """A couple in the log."""
        fact = Joined(id=f"join-{couple_id}", at=START, settings=COUPLE, key_id="k")
        return await self.couples.append_fact(couple_id, fact)

    async def check_in(self, couple_id: str, event_id: str) -> int:
        """A check-in in the log."""
        return await self.couples.append_fact(couple_id, CheckedIn(id=event_id, at=START, partner="sam", mood=3))

    async def subjects(self, stream: str) -> set[str]:
        """Every subject that holds a message of a stream."""
        return {subject async for subject in self.wire.subjects(stream, ">")}

    async def idle(self, consumer: str, stream: str) -> None:
        """Wait until a consumer has nothing left to do."""
        await until_done(self.wire, stream, consumer)


@asynccontextmanager
async def edge(nats_url: str, prefix: str, **more: object) -> AsyncIterator[Edge]:
    """A connected edge; the topology is applied."""
    settings = Settings.load(nats_url=nats_url, prefix=prefix, secret_key="k" * 32, **more)
    broker = make_broker(settings, "test")
    wire = await connect(broker, settings)
    try:
        await apply(wire, settings)
        yield Edge(settings, wire, Couples(wire))
    finally:
        await broker.stop()
