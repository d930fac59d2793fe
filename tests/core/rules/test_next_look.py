"""Is the next look the earliest instant at which there could be something new to say?"""

from datetime import datetime
from typing import Any

from tests.core.rules.kit import DAY, HOUR, JOINED, after, at, booked, couple, held, looked
from threedates.core.decide import decide
from threedates.core.next_look import next_look
from threedates.core.state import CoupleState
from threedates.schemas.log import Left, Paused, Snoozed
from threedates.schemas.outcomes import HoldOutcome

FAR = {"target": "P300D", "floor": "P365D"}


def only_fun(**settings: Any) -> CoupleState:
    """A couple whose other kinds lie far ahead, after a first fun date on Saturday evening."""
    free = {"per_week": None, "min_gap": "PT0S"}
    state = looked(couple(cadence={"business": FAR, "emotional": FAR}, budget=free, **settings), JOINED)
    state = after(state, booked("business", JOINED + 200 * DAY), booked("emotional", JOINED + 200 * DAY))
    return looked(after(state, held("fun", at("2026-11-21 21:00"))), at("2026-11-21 21:00"))


def look(state: CoupleState, now: str) -> datetime | None:
    return next_look(looked(state, at(now)), at(now))


def test_the_proposal_then_its_start_then_due_then_overdue() -> None:
    state = only_fun()
    assert look(state, "2026-11-22 09:00") == at("2026-11-25 18:00")
    state = looked(state, at("2026-11-25 18:00"))
    assert look(state, "2026-11-25 18:00") == at("2026-11-27 18:00")
    state = looked(state, at("2026-11-27 18:00"))
    assert look(state, "2026-11-27 18:00") == at("2026-11-28 18:00")


def test_the_end_of_a_scheduled_date() -> None:
    state = after(only_fun(), booked("fun", at("2026-11-24 19:00"), at("2026-11-22 12:00")))
    assert look(state, "2026-11-22 12:00") == at("2026-11-24 20:00")


def test_the_end_of_a_pause_and_never_without_one() -> None:
    until = at("2026-12-24 09:00")
    assert look(after(only_fun(), Paused(id="p", at=JOINED, by="sam", until=until)), "2026-11-22 12:00") == until
    paused = after(only_fun(), Paused(id="p", at=JOINED, by="sam"))
    assert look(paused, "2026-11-22 12:00") == JOINED + 200 * DAY + HOUR


def test_the_end_of_a_snooze() -> None:
    until = at("2026-11-23 09:00")
    state = after(only_fun(), Snoozed(id="s", at=JOINED, by="sam", kind="fun", until=until))
    assert look(state, "2026-11-22 12:00") == until


def test_the_end_of_quiet_hours_where_something_waits() -> None:
    state = looked(only_fun(planning_hour="23:00"), at("2026-11-25 23:00"))
    assert look(state, "2026-11-25 23:00") == at("2026-11-26 07:30")


def test_the_end_of_a_gap_where_something_waits() -> None:
    state = looked(couple(), JOINED)
    assert next_look(state, JOINED) == JOINED + 20 * HOUR


def test_the_time_of_the_days_question() -> None:
    assert look(only_fun(check_in="21:00"), "2026-11-22 12:00") == at("2026-11-22 21:00")


def test_who_left_is_never_looked_at_again() -> None:
    assert decide(after(only_fun(), Left(id="l", at=JOINED)), JOINED + DAY).next_look is None


def test_looking_earlier_finds_nothing_to_say() -> None:
    """No rule was forgotten: between now and the next look at most another reason to wait comes up."""
    state, now = looked(couple(), JOINED), JOINED
    for _ in range(30):
        then = next_look(state, now)
        assert then is not None
        for n in range(1, 4):
            outcomes = decide(state, now + (then - now) * n / 4).outcomes
            assert all(isinstance(outcome, HoldOutcome) for outcome in outcomes)
        state, now = looked(state, then), then
