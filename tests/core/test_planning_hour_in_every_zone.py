"""Does "every seven days at the planning hour" stay at that hour on the wall, in every zone, through every change?

The written rule stands in ``core/walltime.py``: a local time that does not exist is as much later as the gap is long,
one that exists twice is its first occurrence. What is expected here is worked out another way: by walking through UTC
minute by minute around a change, and reading the wall clock.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.pace import Pace
from threedates.core.walltime import add, add_at, at_local, back, openings, quiet_end, week_start
from threedates.schemas.base import zone
from threedates.schemas.couple import KindCadence, QuietHours
from threedates.schemas.duration import Span
from threedates.schemas.window import Window

WEEK, DAY, HOUR, MINUTE = (timedelta(**unit) for unit in ({"days": 7}, {"days": 1}, {"hours": 1}, {"minutes": 1}))
ZONES = sorted(name for name in available_timezones() if name not in ("localtime", "Factory"))
SEVEN_DAYS = KindCadence().target
MADE_ANEW = {
    "Pacific/Apia": 2011,  # lost 30 December, when it crossed the date line
    "Asia/Pyongyang": 2018,  # half an hour forward, in spring
    "America/Caracas": 2016,  # half an hour forward
    "Europe/Istanbul": 2016,  # stayed at summer time
    "America/Sao_Paulo": 2018,  # changed at midnight
    "Asia/Amman": 2022,  # stayed at summer time
    "Africa/Juba": 2021,  # an hour back in February
    "Australia/Lord_Howe": 2026,  # by half an hour
    "Antarctica/Troll": 2026,  # by two hours
    "Africa/Casablanca": 2026,  # back for Ramadan
    "America/Nuuk": 2023,  # changed its standard time
}


def changes(tz: str, year: int) -> Iterator[datetime]:
    """The instants of a year, to the minute, at which a zone's offset changes."""
    here, at = zone(tz), datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year:
        if here.utcoffset(at.astimezone(here)) != here.utcoffset((at + DAY).astimezone(here)):
            low, high = at, at + DAY
            while high - low > MINUTE:
                middle = low + (high - low) // 2
                same = middle.astimezone(here).utcoffset() == low.astimezone(here).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high.replace(second=0, microsecond=0)
        at += DAY


def by_walking(day: date, clock: time, tz: str) -> datetime:
    """The first instant at which the wall clock shows that time; where it never does, the gap's length after it."""
    here = ZoneInfo(tz)
    wanted = datetime.combine(day, clock)
    at = datetime.combine(day, clock, UTC) - 15 * HOUR
    last = at.astimezone(here).replace(tzinfo=None)
    for _ in range(30 * 60):
        wall = at.astimezone(here).replace(tzinfo=None)
        if wall == wanted:
            return at
        if last < wanted < wall:
            return at + (wanted - last - MINUTE)
        last, at = wall, at + MINUTE
    raise AssertionError(f"{tz} never shows {wanted}")


def test_seven_days_stay_at_the_planning_hour_in_every_zone_all_year() -> None:
    """Week after week through a whole year: the wall clock shows 18:00 each time, seven days on."""
    for tz in ZONES:
        pace, here = Pace(KindCadence(), tz, time(18)), zone(tz)
        at = at_local(date(2025, 12, 31), time(18), tz)
        for week in range(1, 54):
            at = pace.target_after(at)
            wall = at.astimezone(here)
            assert (wall.date(), wall.time()) == (date(2025, 12, 31) + week * WEEK, time(18)), tz


def test_around_each_change_of_the_year_the_hour_is_kept_or_resolved_by_the_rule() -> None:
    """At and around the very minute of each change, in every zone: most changes come at night, but not all."""
    seen = 0
    for tz in ZONES:
        for change in changes(tz, 2026):
            seen += 1
            day = change.astimezone(zone(tz)).date()
            for clock in (time(0), time(1, 30), time(2), time(2, 30), time(3), time(18)):
                at = at_local(day, clock, tz)
                wall = at.astimezone(zone(tz))
                if (wall.date(), wall.time()) != (day, clock):  # a gap: only there may the wall clock differ
                    before = (at - 4 * HOUR).astimezone(zone(tz)).utcoffset()
                    assert before is not None
                    assert at == datetime.combine(day, clock, UTC) - before, tz
                earlier = at - HOUR
                assert earlier.astimezone(zone(tz)).time() != clock, f"{tz}: not the first of two"
    assert seen > 300


@pytest.mark.parametrize(("tz", "year"), MADE_ANEW.items())
def test_zones_that_changed_their_rules_keep_the_hour_too(tz: str, year: int) -> None:
    for change in changes(tz, year):
        day = change.astimezone(zone(tz)).date()
        for clock in (time(0), time(0, 30), time(2), time(2, 30), time(23, 45)):
            if tz == "Pacific/Apia" and day == date(2011, 12, 30):
                continue
            assert at_local(day, clock, tz) == by_walking(day, clock, tz), (tz, day, clock)


def test_a_gap_moves_the_hour_later_and_an_overlap_takes_its_first() -> None:
    assert at_local(date(2026, 3, 29), time(2, 30), "Europe/Berlin") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert at_local(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_date_held_in_a_gap_or_an_overlap_is_followed_a_week_later() -> None:
    """Seven days from the second 02:30 of a night are seven days from that night, not from the first one."""
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert add(second, SEVEN_DAYS, "Europe/Berlin") == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
    assert add_at(second, SEVEN_DAYS, "Europe/Berlin", time(18)) == datetime(2026, 11, 1, 17, tzinfo=UTC)


def test_a_day_the_zone_left_out_counts_as_the_next() -> None:
    """Samoa had no 30 December 2011. Seven days after the 23rd are then the 31st, at the same hour."""
    held = at_local(date(2011, 12, 23), time(20), "Pacific/Apia")
    due = add_at(held, SEVEN_DAYS, "Pacific/Apia", time(18)).astimezone(zone("Pacific/Apia"))
    assert (due.date(), due.time()) == (date(2011, 12, 31), time(18))


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        (date(2028, 1, 31), "P1M", date(2028, 2, 29)),
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2028, 2, 29), "P1Y", date(2029, 2, 28)),
        (date(2028, 2, 29), "P4Y", date(2032, 2, 29)),
        (date(2028, 2, 22), "P7D", date(2028, 2, 29)),
        (date(2026, 12, 28), "P7D", date(2027, 1, 4)),
        (date(2026, 11, 30), "P3M", date(2027, 2, 28)),
        (date(2099, 12, 31), "P1D", date(2100, 1, 1)),
    ],
)
def test_months_leap_days_and_year_ends(day: date, span: str, expected: date) -> None:
    for tz in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert add_at(at_local(day, time(21), tz), Span.parse(span), tz, time(18)) == at_local(expected, time(18), tz)


def test_hours_are_exact_where_days_are_not() -> None:
    before = at_local(date(2026, 3, 28), time(18), "Europe/Berlin")
    assert add(before, Span.parse("PT24H"), "Europe/Berlin") - before == 24 * HOUR
    assert add(before, Span.parse("P1D"), "Europe/Berlin") - before == 23 * HOUR


@pytest.mark.parametrize(
    ("starts", "expected"),
    [("monday", date(2026, 12, 28)), ("saturday", date(2027, 1, 2)), ("sunday", date(2026, 12, 27))],
)
def test_weeks_start_as_the_couple_counts_them_also_over_a_year_end(starts: str, expected: date) -> None:
    saturday = at_local(date(2027, 1, 2), time(0), "Asia/Tokyo")
    assert week_start(saturday, "Asia/Tokyo", starts) == expected


def test_every_instant_lies_in_the_week_it_is_said_to_lie_in() -> None:
    for n, tz in enumerate(ZONES):
        at = datetime(2026, 1, 1, tzinfo=UTC) + n * 37 * HOUR
        for starts, first in (("monday", 0), ("saturday", 5), ("sunday", 6)):
            begins = week_start(at, tz, starts)
            assert begins.weekday() == first
            assert begins <= at.astimezone(zone(tz)).date() < begins + WEEK


def test_quiet_hours_end_when_the_wall_clock_says_so_in_every_zone() -> None:
    """A night in which the clocks change is an hour longer or shorter, and ends at the same hour."""
    quiet = QuietHours()
    for tz in ZONES:
        for change in changes(tz, 2026):
            day = change.astimezone(zone(tz)).date()
            end = quiet_end(quiet, tz, at_local(day, time(5), tz))
            assert end is not None
            assert end == at_local(day, time(7, 30), tz)
            assert quiet_end(quiet, tz, end) is None


def test_windows_open_and_close_by_the_wall_clock() -> None:
    opens = dict(
        openings((Window.parse("sat-sun 12:00-24:00"),), "Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC), 7)
    )
    assert opens == {
        datetime(2026, 3, 28, 11, tzinfo=UTC): datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 10, tzinfo=UTC): datetime(2026, 3, 29, 22, tzinfo=UTC),
    }


@given(st.integers(0, 70 * 365 * 24), st.sampled_from(ZONES), st.integers(0, 400))
def test_going_back_by_days_undoes_going_forward(hours: int, tz: str, days: int) -> None:
    """But for a time of day that a gap moved: there the way back begins at another hour."""
    at, span = datetime(1990, 1, 1, tzinfo=UTC) + hours * HOUR, Span(days=days)
    there = add(at, span, tz)
    if there.astimezone(zone(tz)).time() == at.astimezone(zone(tz)).time():
        assert abs(back(there, span, tz) - at) <= 2 * HOUR
        assert back(there, span, tz).astimezone(zone(tz)).time() == at.astimezone(zone(tz)).time()
