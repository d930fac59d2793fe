"""Just before it is sent: does a nudge still hold, and is now the time?"""

from datetime import datetime

import pytest

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, at, booked, couple, held, looked
from threedates.core.state import CoupleState
from threedates.core.still_due import Drop, Send, Wait, still_due
from threedates.schemas.log import CheckedIn, Left, LogEvent, Paused, Snoozed

LATER = JOINED + HOUR


def verdict(state: CoupleState, now: datetime = LATER, stage: str = "due") -> Send | Drop | Wait:
    """The verdict on a nudge about fun that was decided for sam when they joined."""
    return still_due(state, "fun", 0, stage, "sam", JOINED, now)


def test_what_nobody_reacted_to_is_sent() -> None:
    assert verdict(looked(couple(), JOINED)) == Send()


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Paused(id="p", at=LATER, by="alex"), "paused"),
        (Left(id="l", at=LATER), "paused"),
        (Snoozed(id="s", at=LATER, by="alex", kind="all", until=LATER + DAY), "snoozed"),
        (booked("fun", JOINED + 2 * DAY, LATER), "answered"),
        (held("fun", LATER), "answered"),
    ],
)
def test_what_was_settled_meanwhile_is_dropped(fact: LogEvent, reason: str) -> None:
    assert verdict(after(looked(couple(), JOINED), fact)) == Drop(reason)  # type: ignore[arg-type]


def test_an_answer_by_either_is_an_answer() -> None:
    state = looked(couple(), JOINED)
    assert verdict(after(state, answer(state, "fun", "decline", LATER, by="alex"))) == Drop("answered")


def test_an_answer_about_another_kind_is_none() -> None:
    state = looked(couple(), JOINED)
    assert verdict(after(state, answer(state, "business", "accept", LATER))) == Send()


def test_a_proposal_that_is_gone_is_not_spoken_of() -> None:
    assert verdict(couple(), stage="proposed") == Drop("answered")


def test_in_quiet_hours_it_waits_for_their_end() -> None:
    assert verdict(looked(couple(), JOINED), at("2026-11-20 23:00")) == Wait(at("2026-11-21 07:30"))


def test_in_two_zones_it_waits_until_both_are_awake() -> None:
    """A retry keeps the rule by which the nudge was decided."""
    state = looked(couple(partners=[{"name": "sam"}, {"name": "alex", "tz": "America/Los_Angeles"}]), JOINED)
    assert verdict(state, at("2026-11-21 09:00")) == Wait(at("2026-11-21 16:30"))


def test_what_was_said_before_the_decision_does_not_undo_it() -> None:
    state = looked(couple(), JOINED)
    state = after(state, answer(state, "fun", "decline", JOINED - HOUR))
    assert verdict(state) == Send()


def test_the_days_question_is_dropped_once_that_day_is_reported() -> None:
    """Asking for what was sent a minute ago is a nuisance."""
    day = at("2026-11-20 20:00")
    state = after(couple(), CheckedIn(id="r", at=day, partner="sam", mood=4))
    today, tomorrow = day.date().toordinal(), day.date().toordinal() + 1
    assert still_due(state, None, today, "check_in", "sam", day - HOUR, day) == Drop("answered")
    assert still_due(state, None, tomorrow, "check_in", "sam", day - HOUR, day) == Send()
    assert still_due(state, None, today, "check_in", "alex", day - HOUR, day) == Send()


def test_what_is_about_no_kind_keeps_pauses_and_quiet_hours_too() -> None:
    state = couple()
    night, day = at("2026-11-20 23:00"), at("2026-11-20 20:00")
    assert still_due(state, None, 1, "time_apart", "sam", day, night) == Wait(at("2026-11-21 07:30"))
    paused = after(state, Paused(id="p", at=day, by="alex"))
    assert still_due(paused, None, 1, "time_apart", "sam", day, day) == Drop("paused")
