"""How late can the floor be told? Never later than the floor plus one quiet period plus one gap per other lapsed kind.

"One quiet period" is the longest time for which the addressee cannot be spoken to. In two zones that is not their own
night but the longest time in which the two are not awake together: 18.5 hours for Berlin and Los Angeles. Where they
never are, it is the addressee's own night again.

The law is exact where a gap is at most what a day leaves beside quiet hours, as with the default of 20 hours: the floor
is first told a day or more before it passes, which pays for a nudge that has just gone out. With any gap, each wait may
also end in a quiet period, so the general law has one for each.
"""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide.life import START, Life, Step, steps
from threedates.core.candidates import Candidate, is_silenced
from threedates.core.due import floor_at
from threedates.core.rules.quiet import quiet_until
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS

OTHER_KINDS = 2
HOUR = timedelta(hours=1)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"]
)
CLOCKS = st.integers(min_value=0, max_value=23).map(lambda hour: f"{hour:02}:00")


def long_night(hours: int) -> st.SearchStrategy[dict[str, Any]]:
    """A partner, in some zone, with quiet hours of at most that length."""
    return st.builds(_partner, ZONES, st.integers(min_value=0, max_value=23), st.integers(min_value=0, max_value=hours))


def _partner(tz: str, begin: int, length: int) -> dict[str, Any]:
    return {"tz": tz, "quiet": {"from": f"{begin:02}:00", "to": f"{(begin + length) % 24:02}:00"}}


def couples(night: int, gaps: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
    """Settings with floors of one to six weeks, and any planning hour."""
    return st.builds(_settings, long_night(night), long_night(night), st.integers(7, 42), gaps, CLOCKS)


def _settings(sam: dict[str, Any], alex: dict[str, Any], floor: int, gap: int, clock: str) -> dict[str, Any]:
    pace = {"target": "P7D", "floor": f"P{floor}D"}
    return {
        "partners": [{"name": "sam", **sam}, {"name": "alex", **alex}],
        "cadence": dict.fromkeys(KINDS, pace),
        "budget": {"per_week": 3, "min_gap": f"PT{gap}H"},
        "planning_hour": clock,
    }


def longest_quiet(state: CoupleState) -> timedelta:
    """The longest time within three days for which one of them cannot be spoken to."""
    longest = timedelta(0)
    for name in state.settings.names:
        for n in range(72):
            at = START + n * HOUR
            until = quiet_until(state, Candidate("fun", 0, "floor", name), at)
            longest = max(longest, until - at if until is not None else longest)
    return longest + HOUR


def assert_both_told(told: Life, at: datetime, bound: timedelta, *, undisturbed: bool) -> None:
    """Fail if a kind has lapsed, nothing silences it, and somebody has not heard of it within the bound."""
    for kind in KINDS:
        since = told.free_since[kind]
        if undisturbed and since > START:
            continue
        if told.state.pause is None and not is_silenced(told.state, kind, at):
            latest = max(floor_at(told.state, kind), since) + bound
            assert at <= latest or set(told.state.kinds[kind].floor_told) == set(told.settings.names), (kind, latest)


@given(couples(10, st.sampled_from([0, 12, 20])))
@settings(max_examples=12, deadline=None)
def test_where_nobody_answers_the_floor_is_told_in_time(given_settings: dict[str, Any]) -> None:
    told = Life(given_settings)
    gap = timedelta(seconds=told.settings.budget.min_gap.length)
    bound = longest_quiet(told.state) + OTHER_KINDS * gap
    for hours in range(6, 50 * 24, 24):
        told.live_until(START + timedelta(hours=hours))
        assert_both_told(told, told.now, bound, undisturbed=True)


@given(couples(14, st.integers(0, 72)), steps)
@settings(max_examples=12, deadline=None)
def test_whatever_happens_the_floor_is_told_within_the_waits(given_settings: dict[str, Any], life: list[Step]) -> None:
    """After anything that happened, each of the three kinds may take one gap and the quiet period it ends in."""
    told = Life(given_settings)
    gap = timedelta(seconds=told.settings.budget.min_gap.length)
    bound = (OTHER_KINDS + 1) * (gap + longest_quiet(told.state))
    for n, step in enumerate(life):
        told.live_until(told.now + timedelta(hours=step.hours - 1))
        assert_both_told(told, told.now, bound, undisturbed=False)
        told.step(n, step._replace(hours=1))
    told.live_until(told.now + timedelta(days=50))
    assert_both_told(told, told.now, bound, undisturbed=False)
