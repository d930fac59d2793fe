"""When is a kind due, and when does it lapse?"""

from datetime import datetime

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, at, couple, held, looked, report
from threedates.core.due import due_at, floor_at
from threedates.core.stages import standing
from threedates.core.state import CoupleState
from threedates.schemas.log import CheckedIn

ENDED = at("2026-11-21 19:00")


def talked(**settings: object) -> CoupleState:
    """A couple that had a heart-to-heart until Saturday, 19:00."""
    return after(couple(**settings), held("emotional", ENDED))


def due(state: CoupleState, *reports: CheckedIn) -> datetime:
    """When the next heart-to-heart is due."""
    return due_at(after(state, *reports), "emotional")


def test_a_target_after_joining_then_after_the_last_date() -> None:
    assert due_at(couple(), "emotional") == at("2026-11-27 18:00")
    assert due(talked()) == at("2026-11-28 18:00")
    assert floor_at(talked(), "emotional") == at("2026-12-21 18:00")


def test_the_planning_hour_is_the_couples_own() -> None:
    state = couple(tz="America/New_York", planning_hour="09:00")
    assert due_at(state, "fun") == at("2026-11-27 09:00", "America/New_York")


def test_each_sign_brings_it_a_day_sooner_and_four_days_are_the_most() -> None:
    reports = [report(at("2026-11-21 20:00") + n * HOUR, connection=1) for n in range(6)]
    found = [due(talked(), *reports[:n]) for n in range(7)]
    assert found == [at(f"2026-11-{day} 18:00") for day in (28, 27, 26, 25, 24, 24, 24)]


def test_signs_more_than_a_week_apart_do_not_add_up() -> None:
    state = talked(cadence={"emotional": {"target": "P28D"}})
    first, second = (report(at(f"2026-11-{day} 20:00"), connection=1) for day in (22, 30))
    assert due(state) == at("2026-12-19 18:00")
    assert due(state, first) == due(state, first, second) == at("2026-12-15 18:00")


def test_a_sign_never_makes_it_due_before_the_report() -> None:
    late = report(at("2026-11-28 10:00"), connection=1)
    assert due(talked(), late) == late.at


def test_a_conflict_asks_for_the_next_day() -> None:
    assert due(talked(), report(at("2026-11-24 23:30"), conflict=True)) == at("2026-11-25 18:00")


def test_nothing_brings_it_nearer_to_the_last_one_than_two_days() -> None:
    assert due(talked(), report(at("2026-11-21 22:00"), conflict=True)) == ENDED + 2 * DAY


def test_a_report_about_the_time_before_the_last_date_is_settled_by_it() -> None:
    assert due(talked(), report(at("2026-11-21 12:00"), conflict=True)) == at("2026-11-28 18:00")


def test_it_is_never_due_after_the_floor() -> None:
    state = talked(cadence={"emotional": {"target": "P7D", "floor": "P7D"}})
    assert due(state) == floor_at(state, "emotional")
    skipped = looked(state, at("2026-11-26 18:00"))
    skipped = after(skipped, answer(skipped, "emotional", "skip", at("2026-11-26 19:00")))
    assert due(skipped) == floor_at(skipped, "emotional") == at("2026-11-28 18:00")


def test_a_date_held_before_a_skip_does_not_undo_it() -> None:
    """One date more never makes the next one due sooner, not even one that is reported late."""
    state = looked(couple(), at("2026-11-24 18:00"))
    state = after(state, answer(state, "emotional", "skip", at("2026-11-25 09:00")))
    before = due_at(state, "emotional")
    assert due(after(state, held("emotional", at("2026-11-23 19:00"), at("2026-11-26 09:00")))) == before


def test_a_short_target_scales_the_rest() -> None:
    state = couple(cadence={"emotional": {"target": "PT70M", "floor": "P1D"}})
    assert due(state) == JOINED + 70 * HOUR / 60
    signs = [report(JOINED + n * HOUR / 60, conflict=True) for n in (1, 2, 3)]
    assert due(state, *signs) == JOINED + 20 * HOUR / 60


def test_states_follow_one_another() -> None:
    state = talked()
    days = {27: "fresh", 28: "due", 29: "due", 30: "overdue"}
    assert {day: standing(state, "emotional", at(f"2026-11-{day} 18:00")).state for day in days} == days
    assert standing(state, "emotional", at("2026-12-21 18:00")).state == "lapsed"


def test_a_skip_that_was_said_long_before_makes_nothing_due_sooner() -> None:
    """An app that was offline sends it late, with the time it was said."""
    state = looked(couple(), JOINED)
    state = looked(after(state, held("emotional", JOINED + DAY)), JOINED + DAY)
    state = looked(state, JOINED + 6 * DAY)
    before = due_at(state, "emotional")
    assert due_at(after(state, answer(state, "emotional", "skip", JOINED)), "emotional") == before
