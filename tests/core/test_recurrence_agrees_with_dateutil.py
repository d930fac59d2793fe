"""Are the days a rule recurs on the ones that dateutil, walking from the first, comes to?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vRecur

from threedates.core.recurrence import Budget, Rule

SINCE, UNTIL = date(2026, 11, 1), date(2027, 2, 1)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that come true soon: dateutil would walk the others to the year 9999."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}"]
    days = (
        draw(st.sampled_from(["", "BYDAY", "BYMONTHDAY"])) if freq != "WEEKLY" else draw(st.sampled_from(["", "BYDAY"]))
    )
    if days == "BYDAY":
        ordinal = draw(st.sampled_from(["", "1", "3", "-1"])) if freq in ("MONTHLY", "YEARLY") else ""
        names = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
        parts.append("BYDAY=" + ",".join(ordinal + name for name in names))
    if days == "BYMONTHDAY":
        parts.append(f"BYMONTHDAY={draw(st.sampled_from(['1', '15,28', '-1']))}")
    if days and freq != "DAILY" and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1']))}")
    # With an interval, what a rule is limited to may never come up.
    if not days and draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    elif freq != "WEEKLY" and draw(st.booleans()):
        parts.append("BYMONTH=1,11,12")
    parts.append(draw(st.sampled_from(["WKST=MO", "WKST=SU", "COUNT=12", "UNTIL=20270105T120000Z"])))
    return ";".join(parts)


@settings(max_examples=150, deadline=None)
@given(rules(), st.integers(0, 1000))
def test_the_same_days(text: str, offset: int) -> None:
    """The library is the oracle where its walk is short."""
    start = datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=offset)
    begin, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 2, 1, 23, tzinfo=UTC)
    wanted = [found.date() for found in rrulestr(f"RRULE:{text}", dtstart=start).between(begin, end, inc=True)]
    assert Rule.read(vRecur.from_ical(text), start).days(SINCE, UNTIL, Budget(10**6)) == wanted


def test_the_29th_of_february_comes_every_fourth_year() -> None:
    """What the first day leaves open the rule takes from it, leap days included."""
    rule = Rule.read(vRecur.from_ical("FREQ=YEARLY"), date(2024, 2, 29))
    assert rule.days(date(2025, 1, 1), date(2033, 1, 1), Budget(10**6)) == [date(2028, 2, 29), date(2032, 2, 29)]


def test_a_budget_bounds_all_rules_together() -> None:
    """One calendar with many long rules costs no more than one rule may."""
    rule, budget = Rule.read(vRecur.from_ical("FREQ=DAILY;COUNT=9999"), date(2024, 1, 1)), Budget(2_000)
    rule.days(SINCE, UNTIL, budget)
    with pytest.raises(ValueError, match="too long"):
        rule.days(SINCE, UNTIL, budget)
