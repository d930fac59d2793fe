"""What in a check-in is a sign, and for which kind?"""

from datetime import timedelta
from typing import Any

import pytest

from tests.core.rules.kit import DAY, JOINED, couple, report
from threedates.core.due import due_at
from threedates.core.fold import apply_event
from threedates.core.records import Report
from threedates.core.signs import signs_in
from threedates.core.state import CoupleState

NOW = JOINED + 10 * DAY


def reported(**fields: Any) -> Report:
    """A check-in of sam's, now."""
    return Report(id="r", partner="sam", at=NOW, **fields)


def rules(now: Report, *before: Report) -> set[tuple[str, str]]:
    """The kinds with the rules that fired."""
    return {(kind, sign.rule) for kind, sign in signs_in(now, before)}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"connection": 2}, {("emotional", "little_connection")}),
        ({"connection": 3}, set()),
        ({"loneliness": 3}, {("emotional", "loneliness")}),
        ({"loneliness": 2}, set()),
        ({"talk": "surface"}, {("emotional", "surface_talk")}),
        ({"talk": "everyday"}, set()),
        ({"conflict": True}, {("emotional", "conflict")}),
        ({"mood": 2}, {("fun", "flat_mood")}),
        ({"mood": 3}, set()),
        ({"stress": ("money", "chores")}, {("business", "stress_money"), ("business", "stress_chores")}),
        ({"stress": ("family", "plans")}, {("business", "stress_family"), ("business", "stress_plans")}),
        ({"stress": ("work",)}, set()),
        ({"mood": 5, "connection": 5, "loneliness": 0, "talk": "deep", "affection": 5, "did": ("play",)}, set()),
        ({}, set()),
    ],
)
def test_each_report_has_its_signs(fields: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert rules(reported(**fields)) == expected


def test_less_affection_is_less_than_ones_own_usual() -> None:
    """What is little for one is much for another, so each is measured by themselves."""
    own = [Report(id=f"o{n}", partner="sam", at=NOW - n * DAY, affection=4) for n in (1, 2, 3)]
    others = [Report(id=f"a{n}", partner="alex", at=NOW - n * DAY, affection=5) for n in (1, 2, 3)]
    assert rules(reported(affection=3), *own) == {("emotional", "less_affection")}
    assert rules(reported(affection=4), *own, *others) == set()
    assert rules(reported(affection=1), *others) == set()


def test_two_reports_say_too_little_about_what_is_usual() -> None:
    own = [Report(id=f"o{n}", partner="sam", at=NOW - n * DAY, desire=4) for n in (1, 2)]
    assert rules(reported(desire=1), *own) == set()


def test_what_was_usual_five_weeks_ago_no_longer_counts() -> None:
    long_ago = [Report(id=f"o{n}", partner="sam", at=NOW - timedelta(days=29 + n), desire=5) for n in range(5)]
    assert rules(reported(desire=2), *long_ago) == set()


def test_play_is_missing_after_a_week_without_any() -> None:
    week = [Report(id=f"o{n}", partner="alex", at=NOW - n * DAY, did=("walk",)) for n in (1, 2)]
    assert rules(reported(did=("asked",)), *week) == {("fun", "play_missing")}
    assert rules(reported(did=("play",)), *week) == set()
    assert rules(reported(did=("asked",)), week[0]) == set()
    assert rules(reported(), *week) == set()


def with_check_in(state: CoupleState, n: int) -> CoupleState:
    return apply_event(state, state.seq + 1, report(JOINED + n * DAY, conflict=True))


def test_signs_are_kept_for_the_window_the_rules_need() -> None:
    """A year of quarrels must not make a couple's state grow without end."""
    state = couple()
    for n in range(365):
        state = with_check_in(state, n)
    assert len(state.kinds["emotional"].signs) == 40
    assert len(state.reports) <= 36


def test_trouble_every_day_never_puts_off_what_was_due() -> None:
    """Of a hundred signs those are kept that made it due when it was."""
    state, dues = couple(), []
    for n in range(100):
        state = with_check_in(state, n)
        dues.append(due_at(state, "emotional"))
    assert dues == sorted(dues, reverse=True)
