"""What a fact from somebody's calendar does to a couple's state: time taken, a date recognised, moved or off."""

from threedates.core.busy import calendar_key, is_outdated, with_busy
from threedates.core.change import answered, changed, drop_proposals, new_date, with_date
from threedates.core.evolve import evolve
from threedates.core.look_alikes import with_look_alike
from threedates.core.state import CoupleState, DateState
from threedates.schemas.base import Kind
from threedates.schemas.log import CalendarSeen


def calendar_seen(state: CoupleState, fact: CalendarSeen) -> CoupleState:
    """Evidence from a calendar: our own UID moved or cancelled there, or an event that names its kind."""
    key = calendar_key(fact)
    known = state.dates.get(fact.uid) or next((d for d in reversed(state.dates.values()) if d.calendar == key), None)
    if known is None and is_outdated(state, fact):
        return state
    if known is None and (fact.kind is None or fact.status == "cancelled"):
        return with_look_alike(with_busy(state, fact), fact)
    if known is None:
        return _recognised(state, fact, fact.kind, key) if fact.kind and fact.status == "confirmed" else state
    if _is_back(known, fact):
        return _recognised(state, fact, known.record.kind, key)
    if fact.sequence < known.calendar_sequence or known.record.status not in ("proposed", "scheduled"):
        return state
    known = evolve(known, calendar_sequence=fact.sequence)
    if fact.status != "cancelled" and (fact.start, fact.end) == (known.record.start, known.record.end):
        return with_date(state, known)  # seen again as it was: nobody answered anything
    state = answered(state, known.record.kind, fact.at)
    if fact.status == "cancelled":
        return with_date(state, changed(known, "cancelled", fact.id, status="cancelled"))
    return with_date(state, changed(known, "moved", fact.id, status="scheduled", start=fact.start, end=fact.end))


def _is_back(known: DateState, fact: CalendarSeen) -> bool:
    """Whether a later version of a calendar's event takes back that it was cancelled."""
    is_later = known.calendar is not None and fact.sequence > known.calendar_sequence
    return is_later and known.record.status == "cancelled" and fact.status == "confirmed"


def _recognised(state: CoupleState, fact: CalendarSeen, kind: Kind, key: str) -> CoupleState:
    state = answered(state, kind, fact.at)
    state, date = new_date(state, kind, fact.start, fact.end, "calendar", fact.id)
    date = evolve(date, calendar=key, calendar_sequence=fact.sequence)
    return drop_proposals(with_date(state, date), kind, fact.id, but=date.record.uid)
