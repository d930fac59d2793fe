"""The fold: a couple's log in, its state out. One function applies one event.

It is total: an event that makes no sense in a state changes nothing, because what was once appended stays in the log
for ever. It is idempotent by event id. Facts and decisions each have a module of their own.
"""

from collections.abc import Iterable
from datetime import datetime

from threedates.core.evolve import evolve
from threedates.core.fold_decisions import apply_decision
from threedates.core.fold_facts import apply_fact
from threedates.core.refusal import FARTHEST_AHEAD, IDS_REMEMBERED
from threedates.core.state import CoupleState, KindState
from threedates.schemas.base import KINDS
from threedates.schemas.log import Decision, Joined, LogEvent

VERSION = 12
"""Raised whenever the same log would fold to another state; snapshots of other versions are thrown away."""
IDS_KEPT = IDS_REMEMBERED + FARTHEST_AHEAD
"""Counted back from an event that may lie ahead of the clock, so that no id goes while its event is still admitted."""


def fold(
    couple_id: str, events: Iterable[tuple[int, LogEvent]], state: CoupleState | None = None
) -> CoupleState | None:
    """Apply events with their log sequences, in order, to a state or to nothing. None while nobody has joined."""
    for seq, event in events:
        if state is not None:
            state = apply_event(state, seq, event)
        elif isinstance(event, Joined):
            state = _joined(couple_id, seq, event)
    return state


def apply_event(state: CoupleState, seq: int, event: LogEvent) -> CoupleState:
    """Apply one event. Whatever was folded before (by sequence) or is known by its id changes nothing."""
    if seq <= state.seq:
        return state
    if isinstance(event, Decision):
        # Decisions win by compare-and-set, so what each saw grows strictly; one seen twice says nothing new.
        return apply_decision(state, seq, event) if event.folded_to > state.decided_to else evolve(state, seq=seq)
    if event.id in state.seen:
        return evolve(state, seq=seq)
    return apply_fact(evolve(state, seq=seq, seen=_remember(state.seen, event.id, event.at)), event)


def _joined(couple_id: str, seq: int, event: Joined) -> CoupleState:
    return CoupleState(
        couple_id=couple_id,
        key_id=event.key_id,
        settings=event.settings,
        joined_at=event.at,
        seq=seq,
        kinds={kind: KindState(event.at, event.at, event.at, because=event.id) for kind in KINDS},
        seen={event.id: event.at},
    )


def _remember(seen: dict[str, datetime], event_id: str, at: datetime) -> dict[str, datetime]:
    """The ids with one more; those too far behind it go, oldest first as they came."""
    kept = dict(seen)
    oldest = at - IDS_KEPT
    while kept:
        first = next(iter(kept))
        if kept[first] >= oldest:
            break
        del kept[first]
    kept[event_id] = at
    return kept
