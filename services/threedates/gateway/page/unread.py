"""A partner's calendars that cannot be read, in plain words, for that partner's page alone. Pure.

In: the couple's calendars, the partner, the zone, the instant. Out: a line for each in trouble. Of an address only the
host is shown: the rest is a credential.
"""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.spoken import spoken
from threedates.edge.calendars import CalendarRecord


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One calendar: the host of its address, and what is wrong with it in a sentence or two."""

    name: str
    told: str


def calendar_lines(records: list[CalendarRecord], partner: int, tz: str, now: datetime) -> tuple[CalendarLine, ...]:
    """A line for each of the partner's (0 or 1) that cannot be read, once that is worth saying; times in that zone."""
    return tuple(
        CalendarLine(one.host, _told(one, tz, now)) for one in records if one.partner == partner and one.warned
    )


def _told(record: CalendarRecord, tz: str, now: datetime) -> str:
    since = f" since {spoken(record.failing_since, tz, now)}" if record.failing_since is not None else ""
    if record.next_at is None:
        return f"Not there any more{since}. It is not asked again; times it took until then are still kept free."
    return f"Not readable{since}: {record.detail}. It is tried again {spoken(record.next_at, tz, now)}."
