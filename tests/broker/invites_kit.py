"""What the tests of the invites service share: a topology of their own, decisions in the log, a drained consumer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import nats
from nats.aio.msg import Msg

from tests.broker.waiting import until_done
from threedates.core.calendar.block import Block
from threedates.core.ids import date_key, date_uid
from threedates.edge.couples import Couples
from threedates.edge.settings import Settings
from threedates.edge.topology import INVITES, apply
from threedates.edge.wire import Wire
from threedates.invites.handlers import Handlers
from threedates.schemas.dates import DateChange, DateRecord
from threedates.schemas.log import Decision, encode
from threedates.schemas.outcomes import DateOutcome

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
STATUS_OF: dict[DateChange, Any] = {"moved": "scheduled"}


@dataclass
class World:
    """A connection to a topology that no other test uses."""

    settings: Settings
    wire: Wire

    def handlers(self, organizer: str | None = None) -> Handlers:
        """The service's handlers, without the service."""
        return Handlers(self.wire, lambda: NOW, Couples(self.wire), organizer)

    async def decide(self, couple_id: str, change: DateChange, n: int = 1, sequence: int = 0) -> int:
        """Append a decision about the couple's n-th fun date; returns its sequence in the log."""
        data = encode(decision(couple_id, change, n, sequence))
        return await self.wire.publish(self.wire.names.decision(couple_id), data)

    async def move(self, couple_id: str, times: int) -> int:
        """Append that many decisions which move the same date; returns the last one's sequence in the log."""
        return [await self.decide(couple_id, "moved", sequence=sequence) for sequence in range(times)][-1]

    async def fetch(self, count: int) -> list[Msg]:
        """Take that many decisions off the service's own consumer, without acknowledging them."""
        subscription = await self.wire.client.jetstream().pull_subscribe_bind(INVITES, self.wire.names.log)
        messages: list[Msg] = []
        while len(messages) < count:
            messages += await subscription.fetch(count - len(messages), timeout=5)
        await subscription.unsubscribe()
        return messages

    async def drained(self) -> None:
        """Wait until every decision has been handled and acknowledged."""
        await until_done(self.wire, self.wire.names.log, INVITES)

    async def block(self, couple_id: str, n: int = 1) -> Block:
        """The kept block of the couple's n-th fun date."""
        kept = await self.wire.get("blocks", date_key(couple_id, "fun", n))
        assert kept is not None
        return Block.model_validate_json(kept.data)


@asynccontextmanager
async def world(nats_url: str, prefix: str, **settings: Any) -> AsyncIterator[World]:
    """A topology under that prefix."""
    made = Settings(nats_url=nats_url, prefix=prefix, **settings)
    client = await nats.connect(nats_url)
    try:
        wire = Wire(client, made.names)
        await apply(wire, made)
        yield World(made, wire)
    finally:
        await client.close()


def decision(couple_id: str, change: DateChange, n: int, sequence: int) -> Decision:
    """A decision that announces one change of a date, an hour later for every SEQUENCE."""
    record = DateRecord(
        uid=date_uid(couple_id, "fun", n),
        kind="fun",
        n=n,
        start=NOW + timedelta(days=7 + n, hours=sequence),
        end=NOW + timedelta(days=7 + n, hours=sequence + 3),
        tz="Europe/Berlin",
        status=STATUS_OF.get(change, change),
        sequence=sequence,
        planner="sam",
        idea="Play a board game neither of you knows.",
    )
    return Decision(
        id=f"{couple_id}-look-{n}-{sequence}",
        at=NOW + timedelta(hours=sequence),
        couple_id=couple_id,
        key_id="0123456789ab",
        folded_to=1,
        week=date(2026, 11, 16),
        tz="Europe/Berlin",
        outcomes=(DateOutcome(change=change, date=record),),
        next_look=NOW + timedelta(days=7),
    )
