"""On which local days an event recurs (RFC 5545 §3.3.10), within a range and within a budget.

Libraries walk a rule from its first day until it is past the range, which a rule that never comes true (the 30th of
February) turns into a walk to the year 9999. Here days are tested, not generated, and every test is counted. Rules are
taken by the day; one that recurs several times a day is refused.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import Any

_FREQS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}
_DAYS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY", "BYSETPOS")
_KNOWN = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *_DAYS, *_CLOCK))
_ONE_DAY = timedelta(days=1)


class TooLongError(ValueError):
    """The days that may be tested are used up."""


class Budget:
    """How many days may still be tested. Shared by all the rules of one calendar."""

    def __init__(self, days: int) -> None:
        self._left = days

    def spend(self, days: int = 1) -> None:
        """Test one more day, or do what costs as much. Raises TooLongError when that was too much."""
        self._left -= days
        if self._left < 0:
            raise TooLongError("the recurrences take too long to work out")


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule. ``first`` is DTSTART's local day, ``last`` the local day UNTIL ends at."""

    first: date
    freq: str
    interval: int
    count: int | None
    last: date
    week_start: int
    months: frozenset[int]
    month_days: frozenset[int]
    year_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    positions: frozenset[int]

    @classmethod
    def read(cls, parts: Any, start: date) -> "Rule":
        """Read RRULE's parts, as icalendar gives them, for an event with that start. Raises ValueError."""
        freq = str(parts["FREQ"][0])
        if freq not in _FREQS or not _KNOWN.issuperset(parts):
            raise ValueError("an event recurs more often than daily, or in a way that is not known here")
        _check_clock(parts, start)
        first = start.date() if isinstance(start, datetime) else start
        month_days, weekdays = _numbers(parts, "BYMONTHDAY"), _weekdays(parts, freq)
        months, year_days = _numbers(parts, "BYMONTH"), _numbers(parts, "BYYEARDAY")
        if not (month_days or weekdays or year_days):
            # What the rule leaves open is as on the first day.
            weekdays = frozenset({(first.weekday(), 0)}) if freq == "WEEKLY" else weekdays
            month_days = frozenset({first.day}) if freq in ("MONTHLY", "YEARLY") else month_days
            months = months or (frozenset({first.month}) if freq == "YEARLY" else months)
        return cls(
            first=first,
            freq=freq,
            interval=max(1, int(parts.get("INTERVAL", [1])[0])),
            count=int(parts["COUNT"][0]) if "COUNT" in parts else None,
            last=_last_day(parts["UNTIL"][0], start) if "UNTIL" in parts else date.max,
            week_start=_WEEKDAYS.index(str(parts.get("WKST", ["MO"])[0])),
            months=months,
            month_days=month_days,
            year_days=year_days,
            weekdays=weekdays,
            positions=_numbers(parts, "BYSETPOS"),
        )

    def days(self, since: date, until: date, budget: Budget) -> list[date]:
        """The days in a range, both ends inclusive, on which it recurs. Raises ValueError over the budget."""
        begin = self.first if self.count is not None else max(self.first, since)
        end = min(until, self.last)
        if begin > end:
            return []
        found = self._picked(begin, end, budget) if self.positions else self._matching(begin, end, budget)
        # Whole periods were looked at, for the sake of positions in them.
        inside = (day for day in found if self.first <= day <= end)
        return [day for day in islice(inside, self.count) if day >= since]

    def _matching(self, begin: date, end: date, budget: Budget) -> Iterator[date]:
        for n in range((end - begin).days + 1):
            budget.spend()
            day = begin + timedelta(days=n)
            if self._matches(day):
                yield day

    def _picked(self, begin: date, end: date, budget: Budget) -> Iterator[date]:
        matching = self._matching(self._opens(begin), self._opens(end) + timedelta(days=self._longest()), budget)
        for _, period in groupby(matching, self._period):
            days = list(period)
            yield from (day for n, day in enumerate(days) if n + 1 in self.positions or n - len(days) in self.positions)

    def _matches(self, day: date) -> bool:
        if (self._period(day) - self._period(self.first)) % self.interval:
            return False
        if self.months and day.month not in self.months:
            return False
        if self.weekdays and not self._is_weekday(day):
            return False
        if self.month_days and self.month_days.isdisjoint((day.day, day.day - _month_length(day) - 1)):
            return False
        n = day.timetuple().tm_yday
        return not self.year_days or not self.year_days.isdisjoint((n, n - _year_length(day) - 1))

    def _is_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        if (weekday, 0) in self.weekdays:
            return True
        by_month = self.freq == "MONTHLY" or bool(self.months)
        place = day.day if by_month else day.timetuple().tm_yday
        length = _month_length(day) if by_month else _year_length(day)
        forward, backward = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
        return (weekday, forward) in self.weekdays or (weekday, backward) in self.weekdays

    def _period(self, day: date) -> int:
        """The number of the day, week, month or year that a day lies in."""
        match self.freq:
            case "DAILY":
                return day.toordinal()
            case "WEEKLY":
                return (day.toordinal() - 1 - self.week_start) // 7  # day 1 was a Monday
            case "MONTHLY":
                return day.year * 12 + day.month
            case _:
                return day.year

    def _opens(self, day: date) -> date:
        match self.freq:
            case "DAILY":
                return day
            case "WEEKLY":
                return day - timedelta(days=(day.weekday() - self.week_start) % 7)
            case "MONTHLY":
                return day.replace(day=1)
            case _:
                return day.replace(month=1, day=1)

    def _longest(self) -> int:
        return {"DAILY": 0, "WEEKLY": 6, "MONTHLY": 30}.get(self.freq, 365)


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _year_length(day: date) -> int:
    return 366 if isleap(day.year) else 365


def _numbers(parts: Any, name: str) -> frozenset[int]:
    return frozenset(int(number) for number in parts.get(name, ()))


def _weekdays(parts: Any, freq: str) -> frozenset[tuple[int, int]]:
    found = set()
    for text in map(str, parts.get("BYDAY", ())):
        ordinal = int(text[:-2] or 0)
        if ordinal and freq in ("DAILY", "WEEKLY"):
            raise ValueError("a numbered weekday needs a month or a year to count in")
        found.add((_WEEKDAYS.index(text[-2:].upper()), ordinal))
    return frozenset(found)


def _check_clock(parts: Any, start: date) -> None:
    for name, unit in _CLOCK.items():
        if name in parts and [int(n) for n in parts[name]] != [getattr(start, unit, None)]:
            raise ValueError("an event recurs several times a day, or at another time than it starts")


def _last_day(until: date, start: date) -> date:
    """The local day of the last occurrence UNTIL allows: it is an instant where DTSTART is a time."""
    if not isinstance(until, datetime) or not isinstance(start, datetime):
        return until.date() if isinstance(until, datetime) else until
    if until.tzinfo is not None and start.tzinfo is not None:
        until = until.astimezone(start.tzinfo)
    return until.date() if until.time() >= start.time() else until.date() - _ONE_DAY
