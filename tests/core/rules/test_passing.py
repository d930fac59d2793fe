"""What becomes of a date that time has passed by?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, at, booked, couple, looked, seen
from threedates.core.rules.passing import pass_date
from threedates.core.state import CoupleState
from threedates.schemas.log import Paused

SATURDAY = at("2026-11-21 18:00")
# On Sunday there is the business date, and one date a day is enough.
FRIDAY = at("2026-11-27 18:00")


def proposed() -> CoupleState:
    """A couple with a fun date proposed for Saturday, 18:00."""
    return looked(couple(), JOINED)


def test_a_scheduled_date_that_ended_was_held() -> None:
    state = after(proposed(), answer(proposed(), "fun", "accept", JOINED))
    state = looked(state, JOINED)
    assert pass_date(state, SATURDAY + 2 * HOUR) is None
    found = pass_date(state, SATURDAY + 3 * HOUR)
    assert found is not None
    assert (found.change, found.date.kind, found.date.start) == ("held", "fun", SATURDAY)


def test_a_proposal_nobody_answered_was_not_held() -> None:
    found = pass_date(proposed(), SATURDAY)
    assert found is not None
    assert (found.change, found.date.status, found.date.start) == ("proposed", "proposed", FRIDAY)


def test_the_next_time_has_the_same_uid_and_a_higher_sequence() -> None:
    """Calendars tell a moved date from a new one by these two."""
    before = proposed().open_date("fun")
    found = pass_date(proposed(), SATURDAY)
    assert before is not None
    assert found is not None
    assert (found.date.uid, found.date.sequence) == (before.record.uid, before.record.sequence + 1)


def test_a_declined_time_gives_way_to_the_next_best() -> None:
    state = after(proposed(), answer(proposed(), "fun", "decline", JOINED + HOUR))
    found = pass_date(state, JOINED + HOUR)
    assert found is not None
    assert found.because[0].rule == "declined"
    assert found.date.start == FRIDAY


def test_a_proposal_makes_way_for_what_comes_into_a_calendar() -> None:
    state = after(proposed(), seen(SATURDAY, uid="parents"))
    found = pass_date(state, JOINED + HOUR)
    assert found is not None
    assert found.because[0].rule == "busy"
    assert found.date.start == FRIDAY


def test_where_nothing_is_free_the_proposal_stays() -> None:
    """Moving it from one taken time to another would only tire them."""
    state = after(proposed(), seen(JOINED, uid="tour", end=JOINED + 120 * DAY))
    assert pass_date(state, JOINED + HOUR) is None


def test_an_agreed_date_stays_though_something_comes_in_the_way() -> None:
    state = after(proposed(), answer(proposed(), "fun", "accept", JOINED), seen(SATURDAY, uid="parents"))
    assert pass_date(state, JOINED + HOUR) is None


def test_a_pause_does_not_keep_an_agreed_date_from_being_held() -> None:
    start = JOINED + 2 * DAY
    state = after(couple(), booked("fun", start), Paused(id="p", at=JOINED + DAY, by="sam"))
    found = pass_date(state, start + HOUR)
    assert found is not None
    assert found.change == "held"
