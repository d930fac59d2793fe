"""Every occurrence of a calendar's events that falls into a span of time, in order, recurrences worked out.

In: a calendar as icalendar reads it, its zones, the span. Out: :class:`Occurrence`. A rule is not left to a library,
which would walk it from its first day: the days it gives near now are put in its place. An event that cannot be read
refuses the whole calendar or, where that is asked for, is left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import recurring_ical_events

from threedates.core.ics_zone import Zones
from threedates.core.recurrence import Budget, Rule, TooLongError
from threedates.core.refusal import Refused

# An occurrence costs as much as so many tests of a day.
_OCCURRENCE_COST = 40
# What an event's times hang on; other properties may be broken and harm nobody.
_READ = frozenset(("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"))
# What an event has once at most (RFC 5545 §3.6.1); of two nobody can say which is meant.
_ONCE = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence. ``uid`` is the event's, ``name`` tells it from the others of a recurring one; UTC instants.

    ``component`` is what icalendar made of it, and holds everything else.
    """

    uid: str
    name: str
    start: datetime
    end: datetime
    component: Any

    @property
    def day(self) -> date:
        """DTSTART as it stands there: a date for all-day events, else a time."""
        day: date = self.component["DTSTART"].dt
        return day


class Occurrences:
    """Works out one calendar's occurrences from ``since`` to ``until``, within a budget of days to test."""

    def __init__(
        self, zones: Zones, since: datetime, until: datetime, budget: int, *, leave_out_broken: bool = False
    ) -> None:
        self._zones = zones
        self._since = since
        self._until = until
        self._budget = Budget(budget)
        self._leaves_out = leave_out_broken

    def of(self, calendar: Any) -> list[Occurrence]:
        """The occurrences by their start. Raises Refused, and whatever icalendar stumbles over."""
        recurring = self._prepare(calendar)
        found = recurring_ical_events.of(calendar).between(self._since, self._until)
        # Floating times are the calendar's own; only once resolved can they be put in order.
        timed = sorted(
            ((*self._span(component), n, component) for n, component in enumerate(found)), key=lambda item: item[:3]
        )
        return [
            Occurrence(str(component["UID"]), self._name(component, recurring), start, end, component)
            for start, end, _, component in timed
            if self._since <= end and start <= self._until
        ]

    def _prepare(self, calendar: Any) -> set[str]:
        """Check the events, and put the days each rule gives in the place of the rule; returns the UIDs that recur."""
        recurring: set[str] = set()
        for component in calendar.walk("VEVENT"):
            try:
                self._prepare_one(component, recurring)
            except TooLongError:
                raise
            except (Refused, ValueError, TypeError, KeyError, OverflowError):
                if not self._leaves_out:
                    raise
                calendar.subcomponents.remove(component)
        return recurring

    def _prepare_one(self, component: Any, recurring: set[str]) -> None:
        start, end = self._checked(component)
        if "RECURRENCE-ID" in component or "RDATE" in component or "RRULE" in component:
            recurring.add(str(component["UID"]))
        for rule in filter(None, listed(component.pop("RRULE", []))):
            first = (self._since - (end - start)).date() - timedelta(days=1)
            last = self._until.date() + timedelta(days=1)
            days = Rule.read(rule, component["DTSTART"].dt).days(first, last, self._budget)
            self._budget.spend(len(days) * _OCCURRENCE_COST)
            for moment in _on_days(component["DTSTART"].dt, days):
                component.add("RDATE", moment)

    def _checked(self, component: Any) -> tuple[datetime, datetime]:
        for name, problem in component.errors:
            if name in _READ:
                raise Refused("malformed", f"a VEVENT's {name} cannot be read: {problem[:80]}", "ics")
        for name in _ONCE:
            if isinstance(component.get(name), list):
                raise Refused("malformed", f"a VEVENT has more than one {name}", "ics")
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

    def _name(self, component: Any, recurring: set[str]) -> str:
        """The UID; one occurrence of several is told from the others by its RECURRENCE-ID in UTC."""
        uid = str(component["UID"])
        if uid not in recurring:
            return uid
        return f"{uid}/{self._zones.instant(component['RECURRENCE-ID'].dt):%Y%m%dT%H%M%SZ}"


def listed(value: Any) -> list[Any]:
    """A property's values: icalendar gives a list only where there are several."""
    return value if isinstance(value, list) else [value]


def _on_days(start: date, days: list[date]) -> list[date]:
    if not isinstance(start, datetime):
        return days
    return [datetime.combine(day, start.timetz()) for day in days]
