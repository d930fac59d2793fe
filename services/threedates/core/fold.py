"""The fold: a couple's log in, its state out. One function applies one event.

It is total: an event that makes no sense in a state changes nothing, because what was once appended stays in the log
for ever. It is idempotent by event id. Facts and decisions each have a module of their own.
"""

from collections.abc import Iterable
from datetime import datetime

from threedates.core.evolve import draft, evolve, finished
from threedates.core.fold_decisions import apply_decision
from threedates.core.fold_facts import apply_fact
from threedates.core.refusal import FARTHEST_AHEAD, IDS_REMEMBERED
from threedates.core.state import CoupleState, KindState
from threedates.schemas.base import KINDS
from threedates.schemas.log import Joined, LogEvent

VERSION = 13
"""Raised whenever the same log would fold to another state; snapshots of other versions are thrown away."""
IDS_KEPT = IDS_REMEMBERED + FARTHEST_AHEAD
"""Counted back from an event that may lie ahead of the clock, so that no id goes while its event is still admitted."""


def fold(
    couple_id: str, events: Iterable[tuple[int, LogEvent]], state: CoupleState | None = None
) -> CoupleState | None:
    """Apply events with their log sequences, in order, to a state or to nothing. None while nobody has joined."""
    under_way = _draft(state) if state is not None else None
    for seq, event in events:
        if under_way is not None:
            under_way = _apply(under_way, seq, event)
        elif isinstance(event, Joined):
            under_way = _draft(_joined(couple_id, seq, event))
    return finished(under_way) if under_way is not None else None


def apply_event(state: CoupleState, seq: int, event: LogEvent) -> CoupleState:
    """Apply one event. Whatever was folded before (by sequence) or is known by its id changes nothing."""
    return finished(_apply(_draft(state), seq, event))


def _draft(state: CoupleState) -> CoupleState:
    """The state as one that the steps of a fold may change, its ids with it."""
    return evolve(draft(state), seen=dict(state.seen))


def _apply(state: CoupleState, seq: int, event: LogEvent) -> CoupleState:
    if seq <= state.seq:
        return state
    if event.type == "decision":
        # Decisions win by compare-and-set, so what each saw grows strictly; one seen twice says nothing new.
        return apply_decision(state, seq, event) if event.folded_to > state.decided_to else evolve(state, seq=seq)
    if event.id in state.seen:
        return evolve(state, seq=seq)
    _remember(state.seen, event.id, event.at)
    return apply_fact(evolve(state, seq=seq), event)


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


def _remember(seen: dict[str, datetime], event_id: str, at: datetime) -> None:
    """Add an id to those of a draft; the ones too far behind it go, oldest first as they came."""
    oldest = at - IDS_KEPT
    while seen:
        first = next(iter(seen))
        if seen[first] >= oldest:
            break
        del seen[first]
    seen[event_id] = at
