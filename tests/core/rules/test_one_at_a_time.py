"""Does the next kind wait while another's nudge stands unanswered?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, booked, couple, held, looked, nudged
from threedates.core.candidates import Candidate
from threedates.core.rules.one_at_a_time import is_unanswered, may_speak_from

BUSINESS = Candidate("business", 0, "due", "alex")


def test_another_kind_waits_a_gap_for_an_answer() -> None:
    state = nudged(couple(), JOINED)
    assert may_speak_from(state, BUSINESS, JOINED + HOUR) == JOINED + 20 * HOUR


def test_the_same_kind_need_not_wait_for_itself() -> None:
    state = nudged(couple(), JOINED, kind="business")
    assert may_speak_from(state, BUSINESS, JOINED + HOUR) == JOINED + HOUR


def test_an_answer_a_booking_and_a_held_date_end_the_wait() -> None:
    state = nudged(looked(couple(), JOINED), JOINED)
    for fact in (
        answer(state, "fun", "decline", JOINED + HOUR, by="alex"),
        booked("fun", JOINED + 2 * DAY, JOINED + HOUR),
        held("fun", JOINED + HOUR),
    ):
        assert not is_unanswered(after(state, fact), state.nudges[-1])


def test_the_days_question_waits_for_nobody() -> None:
    question = Candidate(None, 1, "check_in", "alex")
    assert may_speak_from(nudged(couple(), JOINED), question, JOINED + HOUR) == JOINED + HOUR


def test_nobody_waits_for_an_evening_apart_to_be_answered() -> None:
    state = nudged(couple(), JOINED, kind=None)
    assert may_speak_from(state, BUSINESS, JOINED + HOUR) == JOINED + HOUR
