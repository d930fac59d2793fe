"""The POSIX TZ rule in a TZif file's footer, such as ``CET-1CEST,M3.5.0,M10.5.0/3``, and the onsets it predicts.

RFC 8536 §3.3 extends POSIX: a change may stand up to 167 hours before or after midnight, so that ``M10.5.4/24`` means
the midnight after the last Thursday of October, which is sometimes in November.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_NAME = r"(?:<[A-Za-z0-9+-]+>|[A-Za-z]{3,})"
_TIME = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
_FORM = re.compile(rf"^({_NAME})({_TIME})(?:({_NAME})({_TIME})?,([^,]+),([^,]+))?$")
_RULE = re.compile(rf"^M(\d{{1,2}})\.([1-5])\.([0-6])(?:/({_TIME}))?$")
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Change:
    """A yearly change to another offset; offsets in seconds east of UTC.

    ``week`` 5 is the last, ``weekday`` 0 is Sunday; ``seconds`` after midnight count by the clock before the change
    and may be negative or more than a day.
    """

    month: int
    week: int
    weekday: int
    seconds: int
    before: int
    after: int
    name: str

    def local(self, year: int) -> datetime:
        """When it comes in that year, naive, by the clock before the change."""
        days = monthrange(year, self.month)[1]
        first = 1 + (self.weekday - date(year, self.month, 1).isoweekday()) % 7
        day = first + 7 * (self.week - 1)
        start = date(year, self.month, day if day <= days else day - 7)
        return datetime.combine(start, time()) + timedelta(seconds=self.seconds)

    def instant(self, year: int) -> datetime:
        """When it comes in that year, in UTC."""
        return (self.local(year) - timedelta(seconds=self.before)).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PosixZone:
    """What holds for ever: one offset, or two with the changes between them (none where there is one)."""

    name: str
    offset: int
    changes: tuple[Change, ...]


def parse_footer(footer: str) -> PosixZone:
    """Read a footer. Raises ValueError for what no zone of the IANA database uses, such as Julian days."""
    found = _FORM.match(footer)
    if found is None:
        raise ValueError(f"{footer[:80]!r} is not a POSIX TZ rule with month-week-day changes")
    name, offset, summer_name, summer_offset, begins, ends = found.groups()
    standard = -_seconds(offset)
    if summer_name is None:
        return PosixZone(_bare(name), standard, ())
    summer = standard + 3600 if summer_offset is None else -_seconds(summer_offset)
    return PosixZone(
        _bare(name),
        standard,
        (
            _change(begins, before=standard, after=summer, name=_bare(summer_name)),
            _change(ends, before=summer, after=standard, name=_bare(name)),
        ),
    )


def _change(text: str, *, before: int, after: int, name: str) -> Change:
    found = _RULE.match(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is not a month-week-day change such as M10.5.0/3")
    month, week, weekday = (int(part) for part in found.groups()[:3])
    return Change(month, week, weekday, _seconds(found[4] or "2"), before, after, name)


def _bare(name: str) -> str:
    return name.strip("<>")


def _seconds(text: str) -> int:
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    length = hours * 3600 + minutes * 60 + seconds
    return -length if text.startswith("-") else length
