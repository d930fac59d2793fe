"""Taking in a couple's log from elsewhere, under its own ids, event by event by compare-and-set.

What is imported has happened long ago: it carries a header by which the cadence service does not look at half a log,
and nobody is told again what was told then. Only once all of it is there is the couple looked at, and its timer set.
Broken off in between, the import goes on where it was when it is run again.
"""

import json
from bisect import bisect_right
from datetime import timedelta

from nats.aio.msg import Msg

from threedates.core.exported import Log
from threedates.core.ids import decision_id
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.directget import Stored
from threedates.edge.errors import Conflict, EdgeError
from threedates.edge.feedrecords import FeedRecords
from threedates.edge.timers import Timers
from threedates.edge.wire import EXPECTED_SEQ, EXPECTED_SUBJECT, Wire
from threedates.schemas.log import Decision, Joined, Left, LogEvent, encode
from threedates.schemas.reading import read_event

IMPORTED = "Threedates-Imported"
# A couple with a timer that knows more than any log is left alone by the sweep, until the import is done.
_GUARD = timedelta(days=3650)
_KNOWS_ALL = 2**53


class ImportRefused(EdgeError):
    """A log that cannot be taken in; the message says why."""


def is_imported(message: Msg) -> bool:
    """Whether a message of the log was taken in from elsewhere."""
    return IMPORTED in (message.headers or {})


class Importer:
    """Imports logs. Raises ImportRefused, and Unavailable when the broker is away."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self._couples = Couples(wire)
        self._timers = Timers(wire)

    async def check(self, couple_id: str, log: Log) -> list[Stored]:
        """What of that log is there already, from an import that was broken off; mostly nothing."""
        if not isinstance(log[0][1], Joined):
            raise ImportRefused(f"the log of {couple_id} does not begin with their joining: it is not whole")
        if any(isinstance(event, Left) for _, event in log):
            raise ImportRefused(f"{couple_id} has left, and does not come back")
        if await self._couples.is_erased(couple_id):
            raise ImportRefused(f"a couple {couple_id} has left here, and its id is never used again")
        there = [stored async for stored in self._couples.log.pages(couple_id)]
        same = len(there) <= len(log) and all(
            IMPORTED in stored.headers and _is_same(stored, event)
            for stored, (_, event) in zip(there, log, strict=False)
        )
        if there and not (same and await self._is_unfinished(couple_id)):
            raise ImportRefused(f"there is a couple {couple_id} here already")
        return there

    async def _is_unfinished(self, couple_id: str) -> bool:
        """Whether an import of that couple was begun and has not come to its end."""
        names = self._wire.names
        found = await self._wire.reader.last_of(names.timers, [names.timer(couple_id)])
        return bool(found) and json.loads(found[0].data).get("folded_to") == _KNOWS_ALL

    async def couple(self, couple_id: str, log: Log) -> int:
        """Take in one couple's log; returns how many events were appended."""
        there = await self.check(couple_id, log)
        await self._timers.set(couple_id, self._clock() + _GUARD, _KNOWS_ALL)
        before = [seq for seq, _ in log]
        after = [stored.seq for stored in there]
        for _, event in log[len(there) :]:
            after.append(await self._append(couple_id, _moved(couple_id, event, before, after), after))
        await FeedRecords(self._wire).create_first(couple_id, self._clock())
        await self._timers.due_now(couple_id)
        return len(log) - len(there)

    async def _append(self, couple_id: str, event: LogEvent, after: list[int]) -> int:
        names = self._wire.names
        subject = names.decision(couple_id) if isinstance(event, Decision) else names.fact(couple_id)
        headers = {
            IMPORTED: "1",
            EXPECTED_SEQ: str(after[-1] if after else 0),
            EXPECTED_SUBJECT: names.tree(couple_id),
        }
        try:
            return await self._wire.publish(subject, encode(event), headers)
        except Conflict:
            raise ImportRefused(f"somebody else writes the log of {couple_id} at the same time") from None


def _moved(couple_id: str, event: LogEvent, before: list[int], after: list[int]) -> LogEvent:
    """The event for its new place. A decision's id is that of what it had seen, which has other sequences now."""
    if not isinstance(event, Decision):
        return event
    seen = after[bisect_right(before, event.folded_to) - 1]
    return event.model_copy(update={"folded_to": seen, "id": decision_id(couple_id, seen)})


def _is_same(stored: Stored, event: LogEvent) -> bool:
    """Whether that event stands there; of decisions the instant tells, since their ids move."""
    there = read_event(stored.data)
    return type(there) is type(event) and (
        there.at == event.at if isinstance(event, Decision) else there.id == event.id
    )
