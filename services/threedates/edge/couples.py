"""Couples as the log tells them: loading a state (snapshot and tail), appending facts and decisions.

States are kept for the couples looked at last, a bounded number; every load reads the tail, so a kept state is never
trusted beyond the sequence it was folded to.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.core.trail import NO_TRAIL, Trail
from threedates.edge import tracing
from threedates.edge.catching_up import Behind, until_caught_up
from threedates.edge.couplelog import FAR, CoupleLog, Ends
from threedates.edge.directget import Stored
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.frozen import read_snapshot, write_snapshot
from threedates.edge.metrics import CONFLICTS, decided
from threedates.edge.wire import EXPECTED_SEQ, EXPECTED_SUBJECT, Wire
from threedates.schemas.log import Decision, Fact, LogEvent, encode
from threedates.schemas.reading import read_event

TOMBSTONES = "tombstones"
# A snapshot is worth its write once this many events would have to be folded again; among very many couples, always:
# what it does not cover is looked for at the next load, and by then it may lie far back.
SNAPSHOT_EVERY = 64
KEPT = 2_000


@dataclass(frozen=True, slots=True)
class _Known:
    """A state, the trail of what it has seen, and how much of that a snapshot covers."""

    state: CoupleState
    trail: Trail
    covered: int

    def and_(self, state: CoupleState, events: list[tuple[int, LogEvent]]) -> "_Known":
        """With these events besides, which make that state."""
        return _Known(state, self.trail.and_(events), self.covered)


class Couples:
    """Loads and appends. One per service; bounded in memory."""

    def __init__(self, wire: Wire, keep: int = KEPT, far: int = FAR) -> None:
        self._wire = wire
        self._keep = keep
        self.log = CoupleLog(wire, far)
        self._kept: OrderedDict[str, _Known] = OrderedDict()

    async def load(self, couple_id: str, at_least: int = 0) -> CoupleState | None:
        """The couple's state now; None where nobody has joined under that id. Raises Unavailable.

        ``at_least`` is a log sequence known to exist: a replica that lags behind it, or behind what is known here, is
        asked again.
        """
        return await until_caught_up(lambda: self._load(couple_id, at_least))

    async def last_seq(self, couple_id: str) -> int | None:
        """The sequence of the log's last event as its leader knows it; None where there is none. Raises Unavailable."""
        return await self._wire.leader_last(self._wire.names.log, self._wire.names.tree(couple_id))

    async def has_seen_all(self, state: CoupleState) -> bool:
        """Whether a state that has just got a decision has seen all that its log holds. Raises Unavailable.

        On several nodes a fact may have come in between: of what is under way to the others the leader's
        compare-and-set knows only by whole subjects, and it is asked by the couple's tree.
        """
        known = self._known(state)
        if known is not None and await self.log.is_all(state.couple_id, known.trail):
            return True
        self.forget(state.couple_id)
        return False

    async def events(self, couple_id: str) -> list[tuple[int, LogEvent]]:
        """The couple's whole log. Raises Unavailable."""
        return _parsed([stored async for stored in self.log.pages(couple_id)])

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
        after = apply_event(state, seq, decision)
        known = self._known(state)
        return self._remember(known.and_(after, [(seq, decision)])) if known is not None else after

    async def snapshot(self, state: CoupleState) -> None:
        """Keep a snapshot where it is worth its write. Raises Unavailable."""
        known = self._known(state)
        if known is None:
            return
        uncovered = len(known.trail) - known.covered
        if uncovered < SNAPSHOT_EVERY and not (uncovered and state.seq >= self.log.far):
            return
        trail = await write_snapshot(self._wire, state, known.trail)
        self._remember(_Known(state, trail, len(trail)))

    async def is_erased(self, couple_id: str) -> bool:
        """Whether a couple of that id left. Raises Unavailable."""
        return await self._wire.get(TOMBSTONES, couple_id) is not None

    def forget(self, couple_id: str) -> None:
        """Drop what is kept of a couple in memory."""
        self._kept.pop(couple_id, None)

    async def _load(self, couple_id: str, at_least: int) -> CoupleState | None:
        known, ends = await self._begin(couple_id)
        found = await self._grown(known, ends) if known is not None else None
        if found is None and (found := await self._anew(couple_id, ends)) is None:
            return None
        if found.state.seq < at_least:
            raise Behind(couple_id)
        return self._remember(found)

    async def _begin(self, couple_id: str) -> tuple[_Known | None, Ends]:
        """What is known of a couple, here or by its snapshot, and what its log ends with."""
        known = self._kept.get(couple_id)
        if known is None:
            return await self._from_snapshot(couple_id), await self.log.ends(couple_id)
        ends = await self.log.ends(couple_id)
        if self.log.is_far(ends, known.state.seq):
            # Another replica may have looked at the couple since, and written what it knows.
            kept = await self._from_snapshot(couple_id)
            if kept is not None and kept.state.seq > known.state.seq:
                return kept, await self.log.ends(couple_id)
        return known, ends

    async def _grown(self, known: _Known, ends: Ends) -> _Known | None:
        """What is known with all that came since; None where it speaks of a log that is gone."""
        couple_id = known.state.couple_id
        tail = await self.log.after(couple_id, ends, known.state.seq, known.trail)
        if not tail.is_there:
            if await self.log.leader_has(couple_id, known.state.seq):
                raise Behind(couple_id)
            self.forget(couple_id)
            return None
        events = _parsed(tail.events)
        state = fold(couple_id, events, known.state)
        return known.and_(state, events) if state is not None else None

    async def _anew(self, couple_id: str, ends: Ends) -> _Known | None:
        """What the whole log tells; None where nobody has joined."""
        events = _parsed(await self.log.everything(couple_id, ends))
        state = fold(couple_id, events)
        if state is not None:
            return _Known(state, NO_TRAIL.and_(events), 0)
        if not events and await self.last_seq(couple_id) is not None:
            raise Behind(couple_id)
        return None

    async def _from_snapshot(self, couple_id: str) -> _Known | None:
        state, trail = await read_snapshot(self._wire, couple_id)
        return _Known(state, trail, len(trail)) if state is not None else None

    def _known(self, state: CoupleState) -> _Known | None:
        """What is known besides of that very state; None where it has not been loaded here, or is no longer kept."""
        known = self._kept.get(state.couple_id)
        return known if known is not None and known.state.seq == state.seq else None

    def _remember(self, known: _Known) -> CoupleState:
        couple_id = known.state.couple_id
        self._kept[couple_id] = known
        self._kept.move_to_end(couple_id)
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)
        return known.state


def _parsed(tail: Sequence[Stored]) -> list[tuple[int, LogEvent]]:
    events: list[tuple[int, LogEvent]] = []
    for stored in tail:
        try:
            events.append((stored.seq, read_event(stored.data)))
        except ValidationError as error:
            raise Unavailable(
                f"event {stored.seq} on {stored.subject} is of a kind this version does not know; run a newer version"
            ) from error
    return events
