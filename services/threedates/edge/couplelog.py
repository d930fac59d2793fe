"""One couple's log, read without going through everybody else's.

The broker knows of each subject its first and its last message; what lies between it looks for block by block, and
nobody can write meanwhile. Where the stream ends near, that is the quickest way. Where it goes on far, the couple's
trail says where its events lie (see :mod:`core.trail`), and of what is not in it yet the broker is asked how much there
is: mostly its last fact and its last decision are all of it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from threedates.core.trail import NO_TRAIL, Trail
from threedates.edge.catching_up import Behind, until_caught_up
from threedates.edge.directget import Stored
from threedates.edge.errors import Unavailable
from threedates.edge.frozen import read_trail
from threedates.edge.wire import Wire

FAR = 100_000
"""So many messages of anybody's are some twenty blocks, which the broker goes through in a fraction of a second."""
# What is in no trail is looked for one by one, as long as it is no more than this.
_FEW = 256
_AT_ONCE = 16
_PAGE = 500


class Ends(NamedTuple):
    """What a log ends with, its last fact and its last decision, and the sequence that the whole stream ended with."""

    events: list[Stored]
    stream_last: int

    @property
    def last(self) -> int:
        """The sequence of the log's last event; 0 where there is none."""
        return max((end.seq for end in self.events), default=0)


class Tail(NamedTuple):
    """What follows an event of a log, and whether that event is still there; nobody asks where it was none."""

    is_there: bool
    events: list[Stored]


class CoupleLog:
    """Reads logs."""

    def __init__(self, wire: Wire, far: int = FAR) -> None:
        self._wire = wire
        self.far = far

    async def ends(self, couple_id: str) -> Ends:
        """The last fact and the last decision, as far as there are any. Raises Unavailable."""
        names = self._wire.names
        return Ends(*await self._wire.reader.ends(names.log, [names.fact(couple_id), names.decision(couple_id)]))

    def is_far(self, ends: Ends, seq: int) -> bool:
        """Whether something follows a sequence, and the stream goes on so far after it that nobody is to look for that
        from there: the broker does not stop at the last one of the couple's.
        """
        return ends.last > seq and ends.stream_last - seq >= self.far

    async def after(self, couple_id: str, ends: Ends, seq: int, trail: Trail) -> Tail:
        """What follows the event of that sequence (0: everything), up to the ends and no further.

        ``trail`` is that of all events up to there. Raises Behind, Unavailable.
        """
        if self.is_far(ends, seq):
            return await self._after_far(couple_id, ends, seq, trail)
        return await self._after_near(couple_id, ends, seq)

    async def everything(self, couple_id: str, ends: Ends) -> list[Stored]:
        """The whole log up to the ends. Raises Behind, Unavailable."""
        if not self.is_far(ends, 0):
            return (await self._after_near(couple_id, ends, 0)).events
        known, tail = await self._trailed(couple_id, ends)
        return [*await self._each(couple_id, known), *tail]

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
            # An erasure that was broken off has removed some of what the trail names.
            return [stored.seq for stored in (*await self._there(couple_id, known), *tail)]

        return await until_caught_up(read)

    async def is_all(self, couple_id: str, trail: Trail) -> bool:
        """Whether a log holds as many facts and decisions as a trail names. Raises Unavailable."""
        missing, _ = await self._missing(couple_id, trail)
        return not any(missing.values())

    async def leader_has(self, couple_id: str, seq: int) -> bool:
        """Whether the message of that sequence is the couple's, by the log's leader. Raises Unavailable."""
        return self._is_theirs(couple_id, await self._wire.leader_subject(self._wire.names.log, seq))

    async def _page(self, couple_id: str, after: int, limit: int) -> tuple[list[Stored], bool]:
        names, ends = self._wire.names, await self.ends(couple_id)
        if ends.last <= after:
            return [], False
        if not self.is_far(ends, after):
            return await self._wire.reader.page(names.log, names.tree(couple_id), after + 1, limit)
        known, tail = await self._trailed(couple_id, ends)
        known = [seq for seq in known if seq > after]
        tail = [stored for stored in tail if stored.seq > after]
        page = [*await self._each(couple_id, known[:limit]), *tail[: max(0, limit - len(known))]]
        return page, len(known) + len(tail) > limit

    async def _trailed(self, couple_id: str, ends: Ends) -> tuple[list[int], list[Stored]]:
        """The sequences that the kept trail names, and the events that follow."""
        trail, known = await read_trail(self._wire, couple_id)
        if known and known[-1] > ends.last and await self._has(couple_id, known[-1]):
            raise Behind(couple_id)  # the trail was read after the ends
        tail = await self.after(couple_id, ends, known[-1] if known else 0, trail)
        if known and not tail.is_there:
            # The trail speaks of a log that is gone.
            known, tail = [], await self.after(couple_id, ends, 0, NO_TRAIL)
        return known, tail.events

    async def _after_near(self, couple_id: str, ends: Ends, seq: int) -> Tail:
        """Facts and decisions are read apart: for a wildcard the broker goes through all that follows in the stream.

        So that no decision is ever seen without a fact before it, what both end with is read first, in one piece, and
        each must reach that and is taken no further.
        """
        new = [end for end in ends.events if end.seq >= seq]
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

    async def _after_far(self, couple_id: str, ends: Ends, seq: int, trail: Trail) -> Tail:
        """Counts what is missing and looks for that alone, from the ends back."""
        missing, last = await self._missing(couple_id, trail)
        if last < ends.last:
            raise Behind(couple_id)  # whoever counts has to know what the ends tell
        if min(missing.values()) < 0 or not (seq == 0 or await self._has(couple_id, seq)):
            return Tail(is_there=False, events=[])
        if sum(missing.values()) > _FEW:
            return await self._after_near(couple_id, ends, seq)
        found: list[Stored] = []
        for end in ends.events:
            if missing[end.subject]:
                found += await self._back(couple_id, end, missing[end.subject], seq)
        return Tail(is_there=True, events=sorted(found, key=_seq))

    async def _missing(self, couple_id: str, trail: Trail) -> tuple[dict[str, int], int]:
        """How many facts and decisions a trail lacks, by their subjects, and up to which sequence that was counted."""
        names = self._wire.names
        fact, decision = names.fact(couple_id), names.decision(couple_id)
        counts, last = await self._wire.counts(names.log, names.tree(couple_id))
        return {fact: counts.get(fact, 0) - trail.facts, decision: counts.get(decision, 0) - trail.decisions}, last

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

    async def _each(self, couple_id: str, seqs: Sequence[int]) -> list[Stored]:
        """The couple's events of these sequences. Raises Unavailable, also where one is not there."""
        found = await self._there(couple_id, seqs)
        if missing := set(seqs) - {stored.seq for stored in found}:
            raise Unavailable(f"event {min(missing)} of {couple_id} is not there, or not yet where it was looked for")
        return found

    async def _there(self, couple_id: str, seqs: Sequence[int]) -> list[Stored]:
        """Those of these sequences that are there, and are the couple's. Raises Unavailable."""
        found: list[Stored] = []
        for at in range(0, len(seqs), _AT_ONCE):
            piece = await asyncio.gather(*map(self._at, seqs[at : at + _AT_ONCE]))
            found += [stored for stored in piece if stored is not None and self._is_theirs(couple_id, stored.subject)]
        return found

    async def _has(self, couple_id: str, seq: int) -> bool:
        """Whether the message of that sequence is the couple's: not where the log was restored from before it."""
        stored = await self._at(seq)
        return stored is not None and self._is_theirs(couple_id, stored.subject)

    def _is_theirs(self, couple_id: str, subject: str | None) -> bool:
        return subject in (self._wire.names.fact(couple_id), self._wire.names.decision(couple_id))

    async def _at(self, seq: int) -> Stored | None:
        return await self._wire.reader.at(self._wire.names.log, seq)


def _seq(stored: Stored) -> int:
    return stored.seq
