"""Times when a calendar is taken, as evidence for slots: kept while they lie ahead, bounded, latest version wins."""

from datetime import datetime, timedelta

from threedates.core.evolve import evolve
from threedates.core.state import Busy, CoupleState
from threedates.schemas.log import CalendarSeen

AT_MOST = 400
GONE_AFTER = timedelta(days=1)


def calendar_key(fact: CalendarSeen) -> str:
    """The name of a calendar event across its versions."""
    return f"{fact.source}/{fact.uid}"


def with_busy(state: CoupleState, fact: CalendarSeen) -> CoupleState:
    """The state with an event's time taken, moved or free again. An older version of it changes nothing."""
    key = calendar_key(fact)
    known = next((busy for busy in state.busy if busy.key == key), None)
    if known is not None and fact.sequence < known.sequence:
        return state
    kept = [busy for busy in state.busy if busy.key != key and busy.end > fact.at - GONE_AFTER]
    if fact.busy and fact.status == "confirmed":
        kept.append(Busy(key, fact.sequence, fact.start, fact.end, fact.partners))
    kept.sort(key=lambda busy: (busy.start, busy.key))
    return evolve(state, busy=tuple(kept[:AT_MOST]))


def is_taken(state: CoupleState, start: datetime, end: datetime) -> bool:
    """Whether either partner's calendar has something then."""
    return any(busy.start < end and start < busy.end for busy in state.busy)
