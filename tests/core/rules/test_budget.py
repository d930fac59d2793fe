"""How often may one partner be nudged?"""

from datetime import datetime

import pytest

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, couple, looked, nudged
from threedates.core.candidates import Candidate
from threedates.core.rules.budget import budget_opens
from threedates.core.state import CoupleState
from threedates.schemas.log import NudgeDropped


def opens(state: CoupleState, now: datetime, stage: str = "due", to: str = "sam") -> datetime:
    """From when on a partner may be nudged about business."""
    return budget_opens(state, Candidate("business", 0, stage, to), now)


def ignored(days: list[int]) -> CoupleState:
    """A couple in which sam had a nudge on each of these days, and nobody answered."""
    state = couple(budget={"per_week": None})
    for day in days:
        state = nudged(state, JOINED + day * DAY)
    return state


def test_twenty_hours_lie_between_two() -> None:
    state = nudged(couple(), JOINED)
    assert opens(state, JOINED + HOUR) == JOINED + 20 * HOUR
    assert opens(state, JOINED + HOUR, to="alex") < JOINED


def test_three_in_any_seven_days() -> None:
    state = nudged(nudged(nudged(couple(), JOINED), JOINED + DAY), JOINED + 2 * DAY)
    assert opens(state, JOINED + 3 * DAY) == JOINED + 7 * DAY


def test_null_lifts_the_count_and_a_gap_of_nothing_the_wait() -> None:
    state = couple(budget={"per_week": None, "min_gap": "PT0S"})
    for minute in range(9):
        state = nudged(state, JOINED + minute * HOUR / 60)
    assert opens(state, JOINED + HOUR) < JOINED + HOUR


@pytest.mark.parametrize(
    ("days", "hours"), [([0], 40), ([0, 3], 80), ([0, 3, 6], 160), ([0, 3, 6, 9], 168), ([0, 3, 6, 9, 12], 168)]
)
def test_each_ignored_for_two_days_doubles_the_gap_up_to_a_week(days: list[int], hours: int) -> None:
    last = JOINED + days[-1] * DAY
    assert opens(ignored(days), last + 2 * DAY) == last + hours * HOUR


def test_before_two_days_are_over_nobody_has_ignored_it() -> None:
    assert opens(ignored([0]), JOINED + 47 * HOUR) == JOINED + 20 * HOUR


def test_an_answer_by_either_narrows_the_gap_again() -> None:
    state = looked(ignored([0, 3]), JOINED + 5 * DAY)
    state = after(state, answer(state, "fun", "decline", JOINED + 6 * DAY, by="alex"))
    assert opens(state, JOINED + 6 * DAY) < JOINED + 6 * DAY


def test_an_evening_apart_in_between_does_not_narrow_it() -> None:
    state = nudged(ignored([0, 3]), JOINED + 6 * DAY, kind=None)
    assert opens(state, JOINED + 9 * DAY) == JOINED + 6 * DAY + 80 * HOUR


def test_the_floor_keeps_the_gap_and_nothing_else() -> None:
    state = nudged(nudged(nudged(couple(), JOINED), JOINED + DAY), JOINED + 2 * DAY)
    assert opens(state, JOINED + 4 * DAY, stage="floor") == JOINED + 2 * DAY + 20 * HOUR


def test_the_days_question_is_free() -> None:
    assert opens(nudged(couple(), JOINED), JOINED, stage="check_in") < JOINED


def test_a_dropped_nudge_gives_its_budget_back() -> None:
    state = nudged(couple(), JOINED)
    state = after(state, NudgeDropped(id="d", at=JOINED, nudge_id="n0", reason="no_endpoint"))
    assert opens(state, JOINED) < JOINED


def test_a_gap_of_more_than_a_week_stays_as_it_was_asked_for() -> None:
    state = couple(budget={"per_week": None, "min_gap": "P10D"})
    assert opens(nudged(state, JOINED), JOINED + 5 * DAY) == JOINED + 10 * DAY
