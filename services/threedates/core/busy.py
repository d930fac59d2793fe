"""Times when a calendar is taken, as evidence for slots: kept while they lie ahead, bounded, latest version wins."""

from datetime import datetime, timedelta

from threedates.core.evolve import evolve
from threedates.core.records import Busy
from threedates.core.state import CoupleState
from threedates.schemas.log import CalendarSeen

AT_MOST = 2_000
"""Room for all that the calendars of both, read from their addresses, can be told to hold, and for what is sent."""
GONE_AFTER = timedelta(days=1)


def calendar_key(fact: CalendarSeen) -> str:
    """The name of a calendar event across its versions."""
    return f"{fact.source}/{fact.uid}"


def with_busy(state: CoupleState, fact: CalendarSeen) -> CoupleState:
    """The state with an event's time taken, moved or free again. An older version of it changes nothing."""
    if is_outdated(state, fact):
        return state
    key, is_cancelled = calendar_key(fact), fact.status == "cancelled"
    kept = [busy for busy in state.busy if busy.key != key and busy.end > fact.at - GONE_AFTER]
    if (fact.busy and fact.status == "confirmed") or (is_cancelled and fact.sequence > 0):
        kept.append(Busy(key, fact.sequence, fact.start, fact.end, fact.partners, is_cancelled))
    kept.sort(key=lambda busy: (busy.start, busy.key))
    if len(kept) > AT_MOST:
        kept = [busy for busy in kept if not busy.is_cancelled]
    return evolve(state, busy=tuple(kept[:AT_MOST]))


def is_outdated(state: CoupleState, fact: CalendarSeen) -> bool:
    """Whether a later version of the event is known already."""
    key = calendar_key(fact)
    return any(busy.key == key and busy.sequence > fact.sequence for busy in state.busy)


def is_taken(state: CoupleState, start: datetime, end: datetime) -> bool:
    """Whether either partner's calendar has something then."""
    return any(busy.start < end and start < busy.end for busy in state.busy if not busy.is_cancelled)
