"""What does a pause stop, and what happens when it is over?"""

from tests.core.rules.kit import DAY, JOINED, after, at, booked, couple, looked, report
from threedates.core.due import due_at
from threedates.core.rules.pausing import end_pause
from threedates.schemas.log import Paused, Resumed
from threedates.schemas.outcomes import ResumeOutcome

MONDAY = at("2026-11-23 09:00")
PAUSE = Paused(id="p", at=MONDAY, by="alex", until=MONDAY + 14 * DAY)
ENDLESS = Paused(id="p", at=MONDAY, by="alex")


def test_a_pause_is_over_at_its_end_and_not_before() -> None:
    state = after(couple(), PAUSE)
    assert end_pause(state, MONDAY + 13 * DAY) is None
    assert end_pause(state, MONDAY + 14 * DAY) == ResumeOutcome(until=MONDAY + 14 * DAY)
    assert looked(state, MONDAY + 20 * DAY).pause is None


def test_a_pause_without_end_lasts_until_somebody_resumes() -> None:
    state = after(couple(), ENDLESS)
    assert end_pause(state, MONDAY + 900 * DAY) is None
    assert after(state, Resumed(id="r", at=MONDAY + DAY, by="sam")).pause is None


def test_what_counts_from_before_the_pause_counts_from_that_much_later() -> None:
    state = after(couple(), ENDLESS, Resumed(id="r", at=MONDAY + 14 * DAY, by="sam"))
    assert due_at(state, "fun") == due_at(couple(), "fun") + 14 * DAY


def test_a_pause_found_late_ends_when_it_was_to_end() -> None:
    """After an outage the couple must not have paused for longer than they said."""
    late = looked(after(couple(), PAUSE), MONDAY + 20 * DAY)
    assert due_at(late, "fun") == due_at(couple(), "fun") + 14 * DAY


def test_proposals_are_dropped_and_scheduled_dates_stay() -> None:
    state = looked(couple(), JOINED)
    state = after(state, booked("fun", MONDAY + DAY), ENDLESS)
    assert state.is_booked("fun")
    assert state.open_date("business") is None
    assert state.open_date("emotional") is None


def test_a_second_pause_goes_on_from_the_first() -> None:
    longer = Paused(id="p2", at=MONDAY + DAY, by="sam", until=MONDAY + 30 * DAY)
    state = after(couple(), PAUSE, longer)
    assert state.pause is not None
    assert (state.pause.since, state.pause.until) == (MONDAY, MONDAY + 30 * DAY)


def test_resuming_without_a_pause_changes_nothing() -> None:
    state = couple()
    assert after(state, Resumed(id="r", at=MONDAY, by="sam")).kinds == state.kinds


def test_reports_are_taken_during_a_pause() -> None:
    assert after(couple(), ENDLESS, report(MONDAY + DAY, mood=3)).reports
