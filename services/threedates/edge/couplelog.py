"""One couple's log, read without going through everybody else's.

The broker knows of each subject its first and its last message; what lies between it looks for block by block, and
nobody can write meanwhile. Where a couple's events lie near each other that is the quickest way. Where they lie far
apart their trail says where (see :mod:`core.trail`), and of what is not in it yet the broker is asked how much there
is: mostly its last fact and its last decision are all of it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import NamedTuple, TypeVar

from threedates.core.trail import NO_TRAIL, Trail
from threedates.edge.directget import Stored
from threedates.edge.errors import Unavailable
from threedates.edge.frozen import read_trail
from threedates.edge.wire import Wire

FAR = 30_000
"""So many messages of anybody's are four blocks or so."""
_READINGS = 3
_PAUSE_SECONDS = 0.05
# What is in no trail is looked for one by one, as long as it is no more than this.
_FEW = 256
_AT_ONCE = 16
_PAGE = 500
T = TypeVar("T")


class Behind(Unavailable):
    """What was read does not hold together: a replica has not caught up, or more came meanwhile. Read it again."""

    def __init__(self, couple_id: str) -> None:
        super().__init__(f"a replica has not caught up with the log of {couple_id}")


async def until_caught_up(read: Callable[[], Awaitable[T]]) -> T:
    """What is read, after some more readings where it does not hold together. Raises Unavailable."""
    for _ in range(_READINGS - 1):
        try:
            return await read()
        except Behind:
            await asyncio.sleep(_PAUSE_SECONDS)
    return await read()


class Tail(NamedTuple):
    """What follows an event of a log, and whether that event is still there; nobody asks where it was none."""

    is_there: bool
    events: list[Stored]


class CoupleLog:
    """Reads logs."""

    def __init__(self, wire: Wire, far: int = FAR) -> None:
        self._wire = wire
        self.far = far

    async def ends(self, couple_id: str) -> list[Stored]:
        """The last fact and the last decision, as far as there are any. Raises Unavailable."""
        names = self._wire.names
        return await self._wire.reader.last_of(names.log, [names.fact(couple_id), names.decision(couple_id)])

    def is_far(self, ends: Sequence[Stored], seq: int) -> bool:
        """Whether a log reaches so far beyond a sequence that the broker should not look for what lies between."""
        return _last(ends) - seq >= self.far

    async def after(self, couple_id: str, ends: Sequence[Stored], seq: int, trail: Trail) -> Tail:
        """What follows the event of that sequence (0: everything), up to the ends and no further.

        ``trail`` is that of all events up to there. Raises Behind, Unavailable.
        """
        if self.is_far(ends, seq):
            return await self._after_far(couple_id, ends, seq, trail)
        return await self._after_near(couple_id, ends, seq)

    async def everything(self, couple_id: str, ends: Sequence[Stored]) -> list[Stored]:
        """The whole log up to the ends. Raises Behind, Unavailable."""
        if not self.is_far(ends, 0):
            return (await self._after_near(couple_id, ends, 0)).events
        known, tail = await self._trailed(couple_id, ends)
        return [*await self._each(known), *tail]

    async def page(self, couple_id: str, after: int, limit: int) -> tuple[list[Stored], bool]:
        """At most so many events after a sequence, the oldest first, and whether more follow. Raises Unavailable."""
        return await until_caught_up(lambda: self._page(couple_id, after, limit))

    async def pages(self, couple_id: str) -> AsyncIterator[Stored]:
        """The whole log, the oldest first, read page by page. Raises Unavailable."""
        after, more = 0, True
        while more:
            page, more = await self.page(couple_id, after, _PAGE)
            for stored in page:
                yield stored
                after = stored.seq
            more = more and bool(page)

    async def far_apart(self, couple_id: str) -> list[int]:
        """The sequences of all its events where these lie far apart, else none. Raises Unavailable."""

        async def read() -> list[int]:
            ends = await self.ends(couple_id)
            if not self.is_far(ends, 0):
                return []
            known, tail = await self._trailed(couple_id, ends)
            return [*known, *(stored.seq for stored in tail)]

        return await until_caught_up(read)

    async def _page(self, couple_id: str, after: int, limit: int) -> tuple[list[Stored], bool]:
        names, ends = self._wire.names, await self.ends(couple_id)
        if not self.is_far(ends, after):
            return await self._wire.reader.page(names.log, names.tree(couple_id), after + 1, limit)
        known, tail = await self._trailed(couple_id, ends)
        known = [seq for seq in known if seq > after]
        tail = [stored for stored in tail if stored.seq > after]
        page = [*await self._each(known[:limit]), *tail[: max(0, limit - len(known))]]
        return page, len(known) + len(tail) > limit

    async def _trailed(self, couple_id: str, ends: Sequence[Stored]) -> tuple[list[int], list[Stored]]:
        """The sequences that the kept trail names, and the events that follow."""
        trail, known = await read_trail(self._wire, couple_id)
        if known and known[-1] > _last(ends):
            raise Behind(couple_id)  # the trail was read after the ends
        tail = await self.after(couple_id, ends, known[-1] if known else 0, trail)
        if known and not tail.is_there:
            # The trail speaks of a log that is gone.
            known, tail = [], await self.after(couple_id, ends, 0, NO_TRAIL)
        return known, tail.events

    async def _after_near(self, couple_id: str, ends: Sequence[Stored], seq: int) -> Tail:
        """Facts and decisions are read apart: for a wildcard the broker goes through all that follows in the stream.

        So that no decision is ever seen without a fact before it, what both end with is read first, in one piece, and
        each must reach that and is taken no further.
        """
        new = [end for end in ends if end.seq >= seq]
        if [end.seq for end in new] == [seq]:
            return Tail(is_there=True, events=[])  # nothing came after it
        reader, log = self._wire.reader, self._wire.names.log
        tails = await asyncio.gather(*(reader.tail(log, end.subject, seq) for end in new))
        found: list[Stored] = []
        for end, tail in zip(new, tails, strict=True):
            if not any(stored.seq == end.seq for stored in tail):
                raise Behind(couple_id)
            found += [stored for stored in tail if stored.seq <= end.seq]
        found.sort(key=_seq)
        is_there = bool(found) and found[0].seq == seq
        return Tail(is_there, [stored for stored in found if stored.seq > seq])

    async def _after_far(self, couple_id: str, ends: Sequence[Stored], seq: int, trail: Trail) -> Tail:
        """Counts what is missing and looks for that alone, from the ends back."""
        names = self._wire.names
        counts, last = await self._wire.counts(names.log, names.tree(couple_id))
        if last < _last(ends):
            raise Behind(couple_id)  # whoever counts has to know what the ends tell
        missing = {
            names.fact(couple_id): counts.get(names.fact(couple_id), 0) - trail.facts,
            names.decision(couple_id): counts.get(names.decision(couple_id), 0) - trail.decisions,
        }
        if min(missing.values()) < 0 or not (seq == 0 or await self._is_of(couple_id, seq)):
            return Tail(is_there=False, events=[])
        if sum(missing.values()) > _FEW:
            return await self._after_near(couple_id, ends, seq)
        found: list[Stored] = []
        for end in ends:
            if missing[end.subject]:
                found += await self._back(couple_id, end, missing[end.subject], seq)
        return Tail(is_there=True, events=sorted(found, key=_seq))

    async def _is_of(self, couple_id: str, seq: int) -> bool:
        """Whether the message of that sequence is this couple's: not where the log has been restored from before it."""
        names, stored = self._wire.names, await self._wire.reader.at(self._wire.names.log, seq)
        return stored is not None and stored.subject in (names.fact(couple_id), names.decision(couple_id))

    async def _back(self, couple_id: str, end: Stored, count: int, after: int) -> list[Stored]:
        """So many messages of a subject up to its end, all after that sequence."""
        found = [end]
        while len(found) < count and found[-1].seq > after:
            earlier = await self._wire.reader.last_of(self._wire.names.log, [end.subject], found[-1].seq - 1)
            if not earlier:
                break
            found += earlier
        if len(found) < count or found[-1].seq <= after:
            raise Behind(couple_id)
        return found

    async def _each(self, seqs: Sequence[int]) -> list[Stored]:
        """The messages of these sequences. Raises Unavailable, also where one is gone."""
        found: list[Stored] = []
        for at in range(0, len(seqs), _AT_ONCE):
            piece = await asyncio.gather(*map(self._one, seqs[at : at + _AT_ONCE]))
            found += piece
        return found

    async def _one(self, seq: int) -> Stored:
        stored = await self._wire.reader.at(self._wire.names.log, seq)
        if stored is None:
            raise Unavailable(f"event {seq} of the log is not there, or not yet where it was looked for")
        return stored


def _last(ends: Sequence[Stored]) -> int:
    return max((end.seq for end in ends), default=0)


def _seq(stored: Stored) -> int:
    return stored.seq
