"""The events of a calendar that may touch a span of time, told by their text alone, and of them the lines that count.

A calendar fetched from its address has years of events in it, and reading one costs a thousand times what looking at
its first digits does. What cannot be told from the text is kept.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from threedates.core.ics_text import USED, name_of

# A day in any zone is within two of the same day in UTC; the second is for what ends at midnight.
_SLACK = timedelta(days=2)
_LONGEST_DURATION = timedelta(days=366)
_DIGITS = 8


def near(since: datetime, until: datetime) -> Callable[[list[str]], list[str]]:
    """A picker of events for :func:`core.ics_text.reduced`."""
    first, last = _written(since.date() - _SLACK), _written(until.date() + _SLACK)

    def pick(lines: list[str]) -> list[str]:
        found = {name_of(line): line for line in lines}
        used = [line for line in lines if name_of(line) in USED]
        return used if _may_touch(found, first, last) else []

    return pick


def _may_touch(found: dict[str, str], first: str, last: str) -> bool:
    if "RRULE" in found or "RDATE" in found:
        return True
    moved = found.get("RECURRENCE-ID")
    if moved is not None and ("RANGE=" in moved.upper() or first <= _day(moved) <= last):
        return True  # what it moves away from now must not stay there
    start = _day(found.get("DTSTART", ""))
    if "DTEND" in found:
        end = _day(found["DTEND"])
    else:
        end = _later(start, _LONGEST_DURATION if "DURATION" in found else timedelta(days=1))
    return not (start.isdecimal() and end.isdecimal()) or (start <= last and end >= first)


def _day(line: str) -> str:
    """The day of a date or time, as eight digits; neither has a colon in it."""
    return line.rpartition(":")[2].strip()[:_DIGITS]


def _later(day: str, by: timedelta) -> str:
    try:
        return _written(date.fromisoformat(day) + by)
    except (ValueError, OverflowError):
        return ""


def _written(day: date) -> str:
    return f"{day:%Y%m%d}"
