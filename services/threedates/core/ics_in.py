"""Raw iCalendar (RFC 5545) in, facts out: one for every occurrence near now, or the answer a METHOD:REPLY carries.

Recurrences are worked out from a week ago to sixty days ahead, 200 occurrences at most. The kind is known from the UID
of one of the couple's own dates, or from CATEGORIES, never from the title. Whatever cannot be read is refused.
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

import recurring_ical_events
from icalendar import Calendar

from threedates.core.ics_reply import read_reply
from threedates.core.ics_text import IcsText, reduced
from threedates.core.ics_zone import Zones
from threedates.core.recurrence import Budget, Rule
from threedates.core.refusal import LONGEST_DATE, Refused, partner_name
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.inbound import CalendarIcs
from threedates.schemas.log import CalendarSeen, Fact

BEHIND = timedelta(days=7)
AHEAD = timedelta(days=60)
MAX_OCCURRENCES = 200
MAX_ID = 120
"""An input's id leaves room for the ``:<n>`` of its facts."""
# Tests of a day, about two microseconds each; an occurrence costs as much as so many of them.
_BUDGET = 200_000
_OCCURRENCE_COST = 40
# What an event's times hang on; other properties may be broken and harm nobody.
_READ = frozenset(("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"))
_MAX_SEQUENCE = 2**31 - 1


def read_ics(event: CalendarIcs, state: CoupleState, now: datetime) -> list[Fact]:
    """The facts in raw iCalendar, with the ids ``<id>:<n>``. Raises Refused, and nothing else."""
    if len(event.id) > MAX_ID:
        raise Refused("invalid", f"the id of raw iCalendar may have {MAX_ID} characters", "id")
    if event.partner is not None:
        partner_name(state, event.partner, "partner")
    text = reduced(event.ics)
    try:
        # Zones with a vendor's prefix are guessed at, and that is what is wanted.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _facts(event, text, state, now)
    except Refused:
        raise
    except Exception as error:
        # The libraries raise whatever mangled input makes them stumble over; all of it means the same here.
        raise Refused("malformed", f"the iCalendar cannot be read: {_short(error)}", "ics") from error


def _facts(event: CalendarIcs, text: IcsText, state: CoupleState, now: datetime) -> list[Fact]:
    zones = Zones(text.locations, text.calendar_zone, state.settings.tz)
    calendar = Calendar.from_ical(text.with_zones(zones))
    match str(calendar.get("METHOD", "PUBLISH")).upper():
        case "REPLY":
            return read_reply(event.id, list(calendar.walk("VEVENT")), state, now)
        case "PUBLISH" | "REQUEST" | "ADD" | "CANCEL" as method:
            return _Reader(event, state, now, zones, is_off=method == "CANCEL").facts(calendar)
        case method:
            raise Refused("invalid", f"METHOD:{method[:20]} is not taken", "ics")


class _Reader:
    """Reads one calendar's events."""

    def __init__(self, event: CalendarIcs, state: CoupleState, now: datetime, zones: Zones, *, is_off: bool) -> None:
        self._event = event
        self._state = state
        self._now = now
        self._zones = zones
        self._is_off = is_off
        partner = state.settings.partner(event.partner) if event.partner is not None else None
        self._partners = (partner.name,) if partner is not None else ()

    def facts(self, calendar: Any) -> list[Fact]:
        since, until = self._now - BEHIND, self._now + AHEAD
        recurring = self._prepare(calendar, since, until)
        found = recurring_ical_events.of(calendar).between(since, until)
        # Floating times are the calendar's own; only once resolved can they be put in order.
        timed = sorted(
            ((*self._span(component), n, component) for n, component in enumerate(found)), key=lambda item: item[:3]
        )
        near = [item for item in timed if since <= item[1] and item[0] <= until][:MAX_OCCURRENCES]
        return [
            self._seen(n, start, end, component, recurs=str(component["UID"]) in recurring)
            for n, (start, end, _, component) in enumerate(near)
        ]

    def _prepare(self, calendar: Any, since: datetime, until: datetime) -> set[str]:
        """Check the events, and put the days each rule gives in the place of the rule; returns the UIDs that recur."""
        budget, recurring = Budget(_BUDGET), set()
        for component in calendar.walk("VEVENT"):
            start, end = self._checked(component)
            if "RECURRENCE-ID" in component or "RDATE" in component or "RRULE" in component:
                recurring.add(str(component["UID"]))
            for rule in filter(None, _listed(component.pop("RRULE", []))):
                first, last = (since - (end - start)).date() - timedelta(days=1), until.date() + timedelta(days=1)
                days = Rule.read(rule, component["DTSTART"].dt).days(first, last, budget)
                budget.spend(len(days) * _OCCURRENCE_COST)
                for moment in _on_days(component["DTSTART"].dt, days):
                    component.add("RDATE", moment)
        return recurring

    def _checked(self, component: Any) -> tuple[datetime, datetime]:
        for name, problem in component.errors:
            if name in _READ:
                raise Refused("malformed", f"a VEVENT's {name} cannot be read: {problem[:80]}", "ics")
        if "UID" not in component or "DTSTART" not in component:
            raise Refused("malformed", "a VEVENT lacks its UID or its DTSTART", "ics")
        start, end = self._span(component)
        if end < start:
            raise Refused("ends_before_start", "a VEVENT ends before it starts", "ics")
        return start, end

    def _span(self, component: Any) -> tuple[datetime, datetime]:
        """Start and end in UTC; without an end, a day for a date and nothing for a time (RFC 5545 §3.6.1)."""
        raw = component["DTSTART"].dt
        start = self._zones.instant(raw)
        if "DTEND" in component:
            return start, self._zones.instant(component["DTEND"].dt)
        if "DURATION" in component:
            return start, start + component["DURATION"].dt
        return start, start if isinstance(raw, datetime) else self._zones.instant(raw + timedelta(days=1))

    def _seen(self, n: int, start: datetime, end: datetime, component: Any, *, recurs: bool) -> CalendarSeen:
        status = self._status(component)
        return CalendarSeen(
            id=f"{self._event.id}:{n}",
            at=self._now,
            source=self._event.source,
            uid=self._uid(component, recurs=recurs),
            sequence=min(max(int(component.get("SEQUENCE", 0)), 0), _MAX_SEQUENCE),
            status=status,
            start=start,
            end=end,
            tz=self._zones.name(component["DTSTART"].dt),
            all_day=not isinstance(component["DTSTART"].dt, datetime),
            summary=str(component["SUMMARY"])[:1_000] if "SUMMARY" in component else None,
            kind=self._kind(component) if timedelta(0) < end - start <= LONGEST_DATE else None,
            partners=self._partners,
            busy=status != "cancelled" and str(component.get("TRANSP", "")).upper() != "TRANSPARENT",
        )

    def _status(self, component: Any) -> Literal["tentative", "confirmed", "cancelled"]:
        if self._is_off:
            return "cancelled"
        match str(component.get("STATUS", "")).upper():
            case "TENTATIVE":
                return "tentative"
            case "CANCELLED":
                return "cancelled"
            case _:
                return "confirmed"

    def _uid(self, component: Any, *, recurs: bool) -> str:
        """The UID; one occurrence of several is told from the others by its RECURRENCE-ID in UTC."""
        uid = str(component["UID"])
        if not recurs:
            return uid
        return f"{uid}/{self._zones.instant(component['RECURRENCE-ID'].dt):%Y%m%dT%H%M%SZ}"

    def _kind(self, component: Any) -> Kind | None:
        known = self._state.dates.get(str(component["UID"]))
        if known is not None:
            return known.record.kind
        named = {str(name).strip().lower() for name in _categories(component)}
        kinds = [kind for kind in KINDS if kind in named]
        return kinds[0] if len(kinds) == 1 and not self._is_our_own(str(component["UID"])) else None

    def _is_our_own(self, uid: str) -> bool:
        """Whether it is a date of ours that no rule asks for any more, or another couple's."""
        return uid.endswith("@threedates")


def _categories(component: Any) -> Iterator[Any]:
    for listed in _listed(component.get("CATEGORIES", [])):
        yield from listed.cats


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _on_days(start: date, days: list[date]) -> list[date]:
    if not isinstance(start, datetime):
        return days
    return [datetime.combine(day, start.timetz()) for day in days]


def _short(error: Exception) -> str:
    # Only what sort of error: a library's words may quote the calendar, and a refusal is seen by others.
    return type(error).__name__
