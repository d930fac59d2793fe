"""Of all that is due, what is said first, to whom, and what waits?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, at, booked, couple, held, looked, report
from threedates.core.candidates import candidates
from threedates.core.evolve import evolve
from threedates.core.rules.speaking import speak
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.log import Paused, Snoozed
from threedates.schemas.outcomes import HoldOutcome, NudgeOutcome


def waiting(state: CoupleState, now: str) -> list[tuple[Kind | None, str, str]]:
    """Kind, stage and addressee of all there is to say, in order."""
    return [(one.kind, one.stage, one.addressee) for one in candidates(state, at(now))]


def nobody_answers() -> CoupleState:
    """A couple of three proposals that nobody was told of."""
    return evolve(looked(couple(), JOINED), nudges=(), kinds=couple().kinds)


def test_due_goes_to_the_planner_and_overdue_to_the_other() -> None:
    state = nobody_answers()
    assert waiting(state, "2026-11-27 18:00")[0] == ("fun", "due", "sam")
    assert waiting(state, "2026-11-29 18:00")[0] == ("fun", "overdue-1", "alex")


def test_the_floor_is_told_to_each() -> None:
    said = waiting(nobody_answers(), "2026-12-16 18:00")
    assert [one for one in said if one[0] == "fun"] == [("fun", "floor", "sam"), ("fun", "floor", "alex")]


def test_of_stages_that_passed_unsaid_only_the_latest_is_said() -> None:
    """After an outage one nudge comes, not four."""
    assert [stage for kind, stage, _ in waiting(nobody_answers(), "2026-12-04 12:00") if kind == "fun"] == ["overdue-2"]


def test_the_largest_deficit_speaks_first() -> None:
    state = after(nobody_answers(), held("fun", JOINED + DAY), held("business", JOINED + 2 * DAY))
    kinds = [kind for kind, _, _ in waiting(state, "2026-12-01 18:00")]
    assert kinds == ["emotional", "fun", "business"]


def test_a_lapsed_kind_comes_before_a_larger_deficit() -> None:
    cadence = {"fun": {"target": "P2D", "floor": "P60D"}, "business": {"target": "P20D", "floor": "P20D"}}
    state = couple(cadence=cadence)
    assert waiting(state, "2026-12-12 12:00")[0][:2] == ("business", "floor")


def test_a_scheduled_date_a_snooze_and_a_pause_silence() -> None:
    state = after(nobody_answers(), booked("fun", JOINED + 30 * DAY))
    state = after(state, Snoozed(id="s", at=JOINED, by="sam", kind="business", until=at("2026-12-05 09:00")))
    assert {kind for kind, _, _ in waiting(state, "2026-12-04 12:00")} == {"emotional"}
    assert {kind for kind, _, _ in waiting(state, "2026-12-05 12:00")} == {"business", "emotional"}
    assert waiting(after(state, Paused(id="p", at=JOINED, by="sam")), "2026-12-05 12:00") == []


def test_a_snooze_lasts_though_a_date_was_held_meanwhile() -> None:
    state = after(couple(), Snoozed(id="s", at=JOINED, by="sam", kind="all", until=JOINED + 30 * DAY))
    state = after(state, held("fun", JOINED + 5 * DAY))
    assert waiting(state, "2026-12-10 12:00") == []


def test_one_outcome_at_a_time_with_its_reasons_and_its_date() -> None:
    state = after(nobody_answers(), report(JOINED + HOUR, mood=1))
    found = speak(state, at("2026-11-27 18:00"))
    assert isinstance(found, NudgeOutcome)
    assert [reason.rule for reason in found.because] == ["due", "reported"]
    assert found.date == state.dates["c1-fun-1@threedates"].record
    assert found.nudge_id == "c1-fun-0-due-a"


def test_a_hold_is_recorded_once() -> None:
    """Whoever looks ten times in a night writes one line into the log."""
    state = looked(couple(planning_hour="23:00", budget={"min_gap": "PT0S"}), JOINED)
    first = speak(state, at("2026-11-27 23:00"))
    assert isinstance(first, HoldOutcome)
    assert (first.kind, first.until) == ("fun", at("2026-11-28 07:30"))
    state = looked(state, at("2026-11-27 23:00"))
    assert speak(state, at("2026-11-28 02:00")) is None


def test_an_answer_closes_it_for_both() -> None:
    state = looked(couple(), JOINED)
    state = after(state, answer(state, "fun", "accept", JOINED + HOUR, by="alex"))
    assert "fun" not in {kind for kind, _, _ in waiting(state, "2026-11-20 20:00")}
