"""Couples as the log tells them: loading a state (snapshot and tail), appending facts and decisions.

States are kept for the couples looked at last, a bounded number; every load reads the tail, so a kept state is never
trusted beyond the sequence it was folded to.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from threedates.core.fold import apply_event, fold
from threedates.core.snapshot import freeze, thaw
from threedates.core.state import CoupleState
from threedates.edge import tracing
from threedates.edge.directget import Stored
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.metrics import CONFLICTS, decided
from threedates.edge.wire import EXPECTED_SEQ, EXPECTED_SUBJECT, Wire
from threedates.schemas.log import Decision, Fact, LogEvent, encode
from threedates.schemas.reading import read_event

SNAPSHOTS = "snapshots"
TOMBSTONES = "tombstones"
# A snapshot is worth its write once this many events would have to be folded again, or once they reach this far back in
# the stream: the broker looks for a couple's events in every block between, and reads those that are not at hand.
SNAPSHOT_EVERY = 64
SNAPSHOT_SPAN = 30_000
KEPT = 2_000
STALE_READS = 3
STALE_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class _Uncovered:
    """How many of a couple's events no snapshot covers, and the sequence from which on a tail is read."""

    count: int = 0
    since: int = 0

    def and_(self, events: Sequence[tuple[int, LogEvent]]) -> "_Uncovered":
        """With these besides."""
        since = self.since or (events[0][0] if events else 0)
        return _Uncovered(self.count + len(events), since)


_NOTHING = _Uncovered()


class Couples:
    """Loads and appends. One per service; bounded in memory."""

    def __init__(self, wire: Wire, keep: int = KEPT) -> None:
        self._wire = wire
        self._keep = keep
        # Each couple's state, with what of it no snapshot covers.
        self._kept: OrderedDict[str, tuple[CoupleState, _Uncovered]] = OrderedDict()

    async def load(self, couple_id: str, at_least: int = 0) -> CoupleState | None:
        """The couple's state now; None where nobody has joined under that id. Raises Unavailable.

        ``at_least`` is a log sequence known to exist: a replica that lags behind it, or behind what is known here, is
        asked again.
        """
        for reading in range(STALE_READS):
            if reading:
                await asyncio.sleep(STALE_PAUSE_SECONDS)
            known, uncovered = self._kept.get(couple_id) or await self._from_snapshot(couple_id)
            tail = await self.events(couple_id, known.seq if known else 1)
            if known is not None and (not tail or tail[0][0] != known.seq):
                # The tail begins with the state's own last event, unless a replica does not have that yet.
                if await self._leader_has(known):
                    continue
                # The state speaks of a log that is gone.
                self.forget(couple_id)
                known, uncovered, tail = None, _NOTHING, await self.events(couple_id)
            state = fold(couple_id, tail, known)
            if state is None and (tail or await self.last_seq(couple_id) is None):
                return None
            if state is not None and state.seq >= at_least:
                return self._remember(state, uncovered.and_(tail if known is None else tail[1:]))
        raise Unavailable(f"a replica has not caught up with the log of {couple_id}")

    async def last_seq(self, couple_id: str) -> int | None:
        """The sequence of the log's last event as its leader knows it; None where there is none. Raises Unavailable."""
        return await self._wire.leader_last(self._wire.names.log, self._wire.names.tree(couple_id))

    async def events(self, couple_id: str, from_seq: int = 1) -> list[tuple[int, LogEvent]]:
        """The couple's log from a sequence on, inclusive. Raises Unavailable."""
        for _ in range(STALE_READS):
            tail = await self._tail(couple_id, from_seq)
            if tail is not None:
                return _parsed(tail)
        raise Unavailable(f"a replica has not caught up with the log of {couple_id}")

    async def _tail(self, couple_id: str, from_seq: int) -> list[Stored] | None:
        """One reading of the log; None where it did not hold together.

        Facts and decisions are read apart: for a wildcard the broker goes through all that follows in the stream. So
        that no decision is ever seen without a fact before it, what both end with is read first, in one piece, and
        each must reach that and is taken no further.
        """
        names, reader = self._wire.names, self._wire.reader
        ends = await reader.last_of(names.log, [names.fact(couple_id), names.decision(couple_id)])
        new = [end for end in ends if end.seq >= from_seq]
        if [end.seq for end in new] == [from_seq]:
            return new  # nothing came after what is known
        tails = await asyncio.gather(*(reader.tail(names.log, end.subject, from_seq) for end in new))
        found: list[Stored] = []
        for end, tail in zip(new, tails, strict=True):
            if not any(stored.seq == end.seq for stored in tail):
                return None
            found += [stored for stored in tail if stored.seq <= end.seq]
        return sorted(found, key=lambda stored: stored.seq)

    async def append_fact(self, couple_id: str, fact: Fact) -> int:
        """Append a fact; returns its sequence. Raises Unavailable."""
        return await self._wire.publish(self._wire.names.fact(couple_id), encode(fact))

    async def append_decision(self, state: CoupleState, decision: Decision) -> CoupleState:
        """Append a decision if the log has not grown since; returns the state with it. Raises Conflict, Unavailable."""
        names = self._wire.names
        headers = {EXPECTED_SEQ: str(state.seq), EXPECTED_SUBJECT: names.tree(state.couple_id)}
        try:
            seq = await self._wire.publish(names.decision(state.couple_id), encode(decision), headers)
        except Conflict:
            CONFLICTS.inc()
            raise
        decided(decision)
        tracing.note("threedates.decision", decision.id)
        _, uncovered = self._kept.get(state.couple_id, (None, _NOTHING))
        return self._remember(apply_event(state, seq, decision), uncovered.and_([(seq, decision)]))

    async def snapshot(self, state: CoupleState) -> None:
        """Keep a snapshot where the last one lies far enough back. Raises Unavailable."""
        _, uncovered = self._kept.get(state.couple_id, (None, _NOTHING))
        if uncovered.count >= SNAPSHOT_EVERY or (uncovered.count and state.seq - uncovered.since >= SNAPSHOT_SPAN):
            await self._wire.put(SNAPSHOTS, state.couple_id, freeze(state))
            self._remember(state, _Uncovered(0, state.seq))

    async def is_erased(self, couple_id: str) -> bool:
        """Whether a couple of that id left. Raises Unavailable."""
        return await self._wire.get(TOMBSTONES, couple_id) is not None

    def forget(self, couple_id: str) -> None:
        """Drop what is kept of a couple in memory."""
        self._kept.pop(couple_id, None)

    async def _from_snapshot(self, couple_id: str) -> tuple[CoupleState | None, "_Uncovered"]:
        kept = await self._wire.get(SNAPSHOTS, couple_id)
        state = thaw(kept.data) if kept is not None else None
        return state, _Uncovered(0, state.seq) if state is not None else _NOTHING

    def _remember(self, state: CoupleState, uncovered: "_Uncovered") -> CoupleState:
        self._kept[state.couple_id] = (state, uncovered)
        self._kept.move_to_end(state.couple_id)
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)
        return state

    async def _leader_has(self, state: CoupleState) -> bool:
        """Whether the last event that a state has seen is still in the log."""
        names = self._wire.names
        subject = await self._wire.leader_subject(names.log, state.seq)
        return subject in (names.fact(state.couple_id), names.decision(state.couple_id))


def _parsed(tail: list[Stored]) -> list[tuple[int, LogEvent]]:
    events: list[tuple[int, LogEvent]] = []
    for stored in tail:
        try:
            events.append((stored.seq, read_event(stored.data)))
        except ValidationError as error:
            raise Unavailable(
                f"event {stored.seq} on {stored.subject} is of a kind this version does not know; run a newer version"
            ) from error
    return events
