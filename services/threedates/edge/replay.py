"""Sending again: what was given up, or what was sent before, under the ``webhook-id`` it had.

A replay is a task on a schedule, one every tenth of a second, so that thousands of them never come at once; the nudges
service gives replays a small share of their endpoint's lane. A dead letter is removed once its task is on a schedule:
whatever happens in between, it goes at least once, and replaying all again finds nothing twice.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.outbound import LinkMaker, one_again
from threedates.edge.attempts import Wanted, attempts_since, recent_attempts
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.endpoints import KeptEndpoint
from threedates.edge.wire import Wire
from threedates.schemas.log import encode
from threedates.schemas.reading import read_decision
from threedates.schemas.webhook import Attempt, DeadLetter, Delivery

PACE = timedelta(seconds=0.1)
MOST = 1_000
"""How many messages one call takes."""
_PAGE = 256
_ENDED = ("delivered", "dead")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter and where it lies in its stream."""

    seq: int
    couple_id: str
    letter: DeadLetter


class Replay:
    """Puts messages on their way again. All methods raise Unavailable when the broker is away."""

    def __init__(self, wire: Wire, links: LinkMaker | None = None) -> None:
        """Without ``links`` only dead letters can go again, which hold their bodies."""
        self._wire = wire
        self._links = links
        self._count = 0
        self._broker_clock: BrokerClock | None = None

    async def letters(
        self,
        couple_id: str = "*",
        endpoint_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        what: str = "delivery",
    ) -> AsyncIterator[Letter]:
        """Dead letters, the oldest first; ``what`` is ``delivery``, ``message`` or ``*``."""
        names = self._wire.names
        subject, begin = names.dead_letter(couple_id, what), 1
        while True:
            row, more = await self._wire.reader.page(names.dead, subject, begin, _PAGE)
            for stored in row:
                letter = DeadLetter.model_validate_json(stored.data)
                to = letter.delivery.endpoint_id if letter.delivery is not None else None
                if endpoint_id not in (None, to) or (since and letter.at < since) or (until and letter.at > until):
                    continue
                yield Letter(stored.seq, stored.subject.split(".")[-2], letter)
            if not row or not more:
                return
            begin = row[-1].seq + 1

    async def one(self, endpoint: KeptEndpoint, message_id: str, now: datetime) -> bool:
        """One message to that endpoint again; False where none of that id is known any more."""
        async for found in self.letters(_couples_of(endpoint), endpoint.id):
            if found.letter.delivery is not None and found.letter.delivery.message_id == message_id:
                await self.letter(found, now)
                return True
        before: int | None = None
        while True:
            tried, before = await recent_attempts(self._wire, endpoint.id, 1, Wanted(message_id=message_id), before)
            if tried:
                return await self._attempted(endpoint, tried[0], now)
            if before is None:
                return False

    async def dead(
        self, endpoint: KeptEndpoint, since: datetime | None, until: datetime | None, now: datetime
    ) -> tuple[int, datetime | None]:
        """The endpoint's dead letters again: how many, and where to go on if there are more."""
        async for found in self.letters(_couples_of(endpoint), endpoint.id, since, until):
            if self._count >= MOST:
                return self._count, found.letter.at
            await self.letter(found, now)
        return self._count, None

    async def range(
        self, endpoint: KeptEndpoint, since: datetime, until: datetime, now: datetime
    ) -> tuple[int, datetime | None]:
        """Whatever was attempted then and has come to an end, again: how many, and where to go on if there are more."""
        last: dict[tuple[str, str], Attempt] = {}
        further: datetime | None = None
        async for attempt in attempts_since(self._wire, endpoint.id, since):
            if attempt.at > until:
                break
            key = (attempt.couple_id, attempt.message_id)
            if key not in last and len(last) >= MOST:
                further = attempt.at
                break
            last[key] = attempt
        for attempt in last.values():
            if attempt.outcome in _ENDED:
                await self._attempted(endpoint, attempt, now)
        return self._count, further

    async def letter(self, found: Letter, now: datetime) -> None:
        """Put a dead letter's delivery on a schedule and remove the letter."""
        task = found.letter.delivery
        if task is None:
            raise ValueError("only deliveries are replayed")
        await self._schedule(task, f"dead{found.seq}", now)
        await self.remove(found)

    async def remove(self, found: Letter) -> None:
        """Remove a letter; whoever else removed it before was as right."""
        await self._wire.remove(self._wire.names.dead, found.seq)

    async def _attempted(self, endpoint: KeptEndpoint, attempt: Attempt, now: datetime) -> bool:
        """Make a message anew from the decision it came of; False where it came of none, or the couple left."""
        if not attempt.sequence or self._links is None:
            return False
        names = self._wire.names
        stored = await self._wire.reader.first(names.log, names.decision(attempt.couple_id), attempt.sequence)
        if stored is None or stored.seq != attempt.sequence:
            return False
        decision = read_decision(stored.data)
        task = one_again(decision, stored.seq, endpoint, attempt.message_id, self._links)
        if task is None:
            return False
        await self._schedule(task, f"again{stored.seq}", now)
        return True

    async def _schedule(self, task: Delivery, place: str, now: datetime) -> None:
        """One subject per message and origin: asked for twice, it goes once."""
        names = self._wire.names
        again = task.model_copy(update={"attempt": 1, "replayed": True, "slot": None})
        subject = names.retry(task.couple_id, task.endpoint_id, f"{task.message_id}-{place}")
        self._count += 1
        if self._broker_clock is None:
            self._broker_clock = BrokerClock(self._wire, names.deliveries, lambda: now)
            await self._broker_clock.ask()
        at = self._broker_clock(now + PACE * self._count)
        await self._wire.schedule(subject, names.deliver(task.couple_id, task.endpoint_id), at, encode(again))


def _couples_of(endpoint: KeptEndpoint) -> str:
    return "*" if endpoint.owner.startswith("key-") else endpoint.owner
