"""Wall-clock arithmetic: adding durations, quiet hours and windows, computed in a zone and returned in UTC.

The written rule for daylight saving: a local time that does not exist (gap) means the instant the same distance after
the gap, that is, it moves later by the gap's length; a local time that exists twice (overlap) means its first
occurrence. ``zoneinfo`` with ``fold=0`` does exactly that.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from threedates.schemas.base import zone
from threedates.schemas.couple import QuietHours
from threedates.schemas.duration import Span
from threedates.schemas.window import Window

ONE_DAY, NO_DAY = timedelta(days=1), timedelta(0)
# One look asks for the same few instants many times over; the functions are pure, so answers can be kept.
_remember = lru_cache(maxsize=16_384)


def local(instant: datetime, tz: str) -> datetime:
    """The instant as wall-clock time in a zone."""
    return instant.astimezone(zone(tz))


def at_local(day: date, clock: time, tz: str) -> datetime:
    """The UTC instant of a wall-clock time on a local day, by the rule above."""
    return datetime.combine(day, clock, zone(tz)).astimezone(UTC)


@_remember
def add(instant: datetime, span: Span, tz: str) -> datetime:
    """The instant a span later: months and days on the wall clock of the zone, seconds exactly. UTC.

    A day of the month that the target month lacks becomes its last day.
    """
    if span.months or span.days:
        here = local(instant, tz)
        day = _add_months(here.date(), span.months) + timedelta(days=span.days)
        instant = datetime.combine(day, here.timetz().replace(tzinfo=zone(tz), fold=0)).astimezone(UTC)
    return instant + timedelta(seconds=span.seconds)


@_remember
def back(instant: datetime, span: Span, tz: str) -> datetime:
    """The instant a span earlier, in the same way."""
    return add(instant, Span(-span.months, -span.days, -span.seconds), tz)


@_remember
def add_at(instant: datetime, span: Span, tz: str, clock: time) -> datetime:
    """A span later, and then at that wall-clock time of the local day it falls on. UTC."""
    return at_local(local(add(instant, span, tz), tz).date(), clock, tz)


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - ONE_DAY).day
    return date(year, month + 1, min(day.day, last))


def quiet_end(quiet: QuietHours | None, tz: str, instant: datetime) -> datetime | None:
    """When the quiet hours that hold at an instant end, in UTC; None outside them. Start inclusive, end exclusive."""
    if quiet is None or quiet.from_ == quiet.to:
        return None
    for start, end in _quiet_about(local(instant, tz).date(), quiet.from_, quiet.to, tz):
        if start <= instant < end:
            return end
    return None


@_remember
def _quiet_about(today: date, begin: time, stop: time, tz: str) -> tuple[tuple[datetime, datetime], ...]:
    """The quiet hours that begin on the local day before, on that day and on the day after."""
    over_night = ONE_DAY if stop <= begin else NO_DAY
    return tuple(
        (at_local(day, begin, tz), at_local(day + over_night, stop, tz))
        for day in (today - ONE_DAY, today, today + ONE_DAY)
    )


def openings(windows: tuple[Window, ...], tz: str, since: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """When windows open and close, in UTC, in order, from the local day of ``since`` on for so many days."""
    first = local(since, tz).date()
    for offset in range(days):
        day = first + timedelta(days=offset)
        found = [
            (at_local(day, window.start, tz), at_local(day + ONE_DAY if window.end == time(0) else day, window.end, tz))
            for window in windows
            if day.weekday() in window.days
        ]
        yield from sorted(found)


def week_start(instant: datetime, tz: str, starts: str) -> date:
    """The first local day of the week an instant lies in; weeks start on monday, saturday or sunday."""
    first = {"monday": 0, "saturday": 5, "sunday": 6}[starts]
    day = local(instant, tz).date()
    return day - timedelta(days=(day.weekday() - first) % 7)
