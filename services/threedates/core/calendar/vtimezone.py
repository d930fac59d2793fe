"""VTIMEZONE (RFC 5545 §3.6.5) from a zone's own rules: open-ended RRULEs out of the POSIX footer.

A zone without daylight saving gets one STANDARD. Changes since ``SINCE`` that the footer does not predict (a zone that
gave up its summer time this year, Ramadan in Gaza) stand before the RRULEs as observances of their own, one onset
each: RDATE lists are misread by Outlook.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from threedates.core.calendar.posixtz import DAY_SECONDS, Change, PosixZone, parse_footer
from threedates.core.calendar.tzif import Transition, ZoneRules

# No feed holds dates from before; what a zone did earlier need not be told.
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
# Gaza's changes are spelled out up to 2086; so much of them would only make every feed longer.
UNTIL = datetime(2041, 1, 1, tzinfo=UTC)
_FIRST_YEAR = 1970
_BEGINNING = datetime.combine(date(_FIRST_YEAR, 1, 1), time())
# The Gregorian calendar repeats its weekdays after 28 years wherever no century without a leap year lies between.
_CYCLE_YEARS = 28
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of a month on which a change can fall, as an RRULE names them."""

    month: int
    byday: str
    days: tuple[int, ...] = ()

    @property
    def rrule(self) -> dict[str, object]:
        rule: dict[str, object] = {"FREQ": "YEARLY", "BYMONTH": self.month, "BYDAY": self.byday}
        return {**rule, "BYMONTHDAY": list(self.days)} if self.days else rule

    def holds(self, local: datetime) -> bool:
        return local.month == self.month and (not self.days or local.day in self.days)


def vtimezone(tzid: str, rules: ZoneRules) -> bytes:
    """The VTIMEZONE of a zone, ending in CRLF. Raises ValueError where the footer is not understood."""
    zone = parse_footer(rules.footer)
    single, start = _single_onsets(rules.transitions, zone)
    timezone = Timezone()
    timezone.add("tzid", tzid)
    if single:
        _add(timezone, _BEGINNING, single[0].before, single[0].before)
        for transition in single:
            onset = transition.at.replace(tzinfo=None) + timedelta(seconds=transition.before)
            _add(timezone, onset, transition.before, transition.after, name=transition.name)
    elif not zone.changes:
        _add(timezone, _BEGINNING, zone.offset, zone.offset, name=zone.name)
    for change in zone.changes:
        for days in _days(change):
            onset = _first(change, days, start)
            _add(timezone, onset, change.before, change.after, name=change.name, rrule=days.rrule)
    return bytes(timezone.to_ical())


def _single_onsets(transitions: tuple[Transition, ...], zone: PosixZone) -> tuple[list[Transition], datetime | None]:
    """The changes to spell out, and the instant from which on the footer alone holds (None: it always did)."""
    late = [transition for transition in transitions if SINCE <= transition.at < UNTIL]
    years = range(SINCE.year - 1, UNTIL.year + 1)
    predicted = sorted((change.instant(year), change.after) for year in years for change in zone.changes)
    start: datetime | None = late[-1].at + timedelta(seconds=1) if late else None
    # "Fat" files spell out what the footer says as well: walk back for as long as the two agree.
    expected = [onset for onset in predicted if late and onset[0] <= late[-1].at]
    while late and expected and (late[-1].at, late[-1].after) == expected.pop():
        start = late.pop().at
    return late, start if late else None


def _days(change: Change) -> Iterator[_Days]:
    """The days a change can fall on: one RRULE's worth, or two where they reach into another month."""
    shift = change.seconds // DAY_SECONDS
    weekday = _WEEKDAYS[(change.weekday + shift) % 7]
    if shift == 0:
        yield _Days(change.month, f"{-1 if change.week == 5 else change.week}{weekday}")
        return
    if change.month == 2 and change.week == 5:
        raise ValueError("a change some days around the last week of February has no fixed days")
    length = monthrange(2023, change.month)[1]
    first = (length - 6 if change.week == 5 else 7 * change.week - 6) + shift
    reach: dict[int, list[int]] = {}
    for day in range(first, first + 7):
        when = date(2023, change.month, 1) + timedelta(days=day - 1)
        reach.setdefault(when.month, []).append(when.day)
    for month, days in reach.items():
        yield _Days(month, weekday, tuple(days))


def _first(change: Change, days: _Days, start: datetime | None) -> datetime:
    """The first onset on those days, local and naive; RFC 5545 wants DTSTART to match its RRULE."""
    year = start.year - 1 if start else _FIRST_YEAR
    onsets = (change.local(year + step) for step in range(2 * _CYCLE_YEARS))
    return next(
        onset
        for onset in onsets
        if days.holds(onset)
        and (start is None or (onset - timedelta(seconds=change.before)).replace(tzinfo=UTC) >= start)
    )


def _add(
    timezone: Timezone,
    onset: datetime,
    before: int,
    after: int,
    *,
    name: str | None = None,
    rrule: dict[str, object] | None = None,
) -> None:
    # Dublin's "standard" time is its summer time; clients expect DAYLIGHT to be the one ahead.
    part = TimezoneDaylight() if after > before else TimezoneStandard()
    part.add("dtstart", onset)
    part.add("tzoffsetfrom", timedelta(seconds=before))
    part.add("tzoffsetto", timedelta(seconds=after))
    if rrule is not None:
        part.add("rrule", rrule)
    if name is not None:
        part.add("tzname", name)
    timezone.add_component(part)
