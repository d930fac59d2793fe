"""Admission of calendar events: one event as JSON becomes one fact; raw iCalendar is read by :mod:`core.ics_in`."""

from datetime import UTC, date, datetime, time

from threedates.core.ics_in import read_ics
from threedates.core.ics_reply import MAX_SEQUENCE
from threedates.core.refusal import LONGEST_EVENT, Refused, check_near, check_span, partner_name
from threedates.core.state import CoupleState
from threedates.core.walltime import at_local
from threedates.schemas.base import zone
from threedates.schemas.inbound import CalendarEvent, CalendarIcs
from threedates.schemas.log import CalendarSeen, Fact


def admit_calendar(event: CalendarEvent | CalendarIcs, state: CoupleState, now: datetime) -> list[Fact]:
    """The facts in a calendar event, or in raw iCalendar. Raises Refused."""
    if isinstance(event, CalendarIcs):
        return read_ics(event, state, now)
    return [_seen(event, state, now)]


def _seen(event: CalendarEvent, state: CoupleState, now: datetime) -> CalendarSeen:
    if event.sequence > MAX_SEQUENCE:
        raise Refused("invalid", f"sequence should be at most {MAX_SEQUENCE}", "sequence")
    tz = event.tz or state.settings.tz
    known = state.dates.get(event.uid)
    kind = known.record.kind if known is not None else event.kind
    start = to_instant(event.start, tz, now, "start")
    end = to_instant(event.end, tz, now, "end")
    if kind is not None:
        check_span(start, end, now)
    elif start != end:  # a reminder takes no time, and is no less an event
        check_span(start, end, now, LONGEST_EVENT)
    return CalendarSeen(
        id=event.id,
        at=now,
        source=event.source,
        uid=event.uid,
        sequence=event.sequence,
        status=event.status,
        start=start,
        end=end,
        tz=tz,
        all_day=not isinstance(event.start, datetime),
        summary=event.summary,
        kind=kind,
        partners=tuple(partner_name(state, name, f"partners.{n}") for n, name in enumerate(event.partners)),
        busy=event.busy,
    )


def to_instant(value: datetime | date, tz: str, now: datetime, field: str) -> datetime:
    """The UTC instant of a date, a local or an aware time; dates are local midnights. Raises Refused if far away."""
    # Applying a zone overflows at both ends of the calendar.
    if abs(value.year - now.year) > 4:
        raise Refused("out_of_range", f"{field} is more than two years away", field)
    if not isinstance(value, datetime):
        instant = at_local(value, time(0), tz)
    elif value.tzinfo is None:
        instant = value.replace(tzinfo=zone(tz), fold=0).astimezone(UTC)
    else:
        instant = value.astimezone(UTC)
    check_near(instant, now, field)
    return instant
