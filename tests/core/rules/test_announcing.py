"""Is every change of a date announced, once, as it stands?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, booked, couple, looked
from threedates.core.rules.announcing import announce_change


def test_what_a_fact_changed_is_announced_with_the_whole_record() -> None:
    state = looked(couple(), JOINED)
    fact = answer(state, "fun", "accept", JOINED + HOUR)
    found = announce_change(after(state, fact), JOINED + HOUR)
    assert found is not None
    assert (found.change, found.date.status, found.date.sequence) == ("scheduled", "scheduled", 1)
    assert found.because[0].events == (fact.id,)


def test_it_is_announced_once() -> None:
    state = looked(couple(), JOINED)
    state = looked(after(state, answer(state, "fun", "accept", JOINED + HOUR)), JOINED + HOUR)
    assert announce_change(state, JOINED + 2 * HOUR) is None


def test_a_declined_date_waits_for_its_new_time() -> None:
    """Announced at once it would show a time that has just been turned down."""
    state = looked(couple(), JOINED)
    state = after(state, answer(state, "fun", "decline", JOINED + HOUR))
    assert announce_change(state, JOINED + HOUR) is None


def test_a_booking_and_the_proposal_it_replaces_are_both_announced() -> None:
    state = after(looked(couple(), JOINED), booked("fun", JOINED + 3 * DAY, JOINED + HOUR))
    first = announce_change(state, JOINED + HOUR)
    assert first is not None
    assert first.change == "cancelled"
    state = looked(state, JOINED + HOUR)
    assert {date.change for date in state.dates.values() if date.record.kind == "fun"} == {"cancelled", "scheduled"}
    assert announce_change(state, JOINED + HOUR) is None


def test_a_calendar_full_of_dates_is_announced_whole() -> None:
    """Imported in one go, and looked at once; a look that failed would fail for ever."""
    state = after(looked(couple(), JOINED), *(booked("fun", JOINED + n * DAY, JOINED + HOUR) for n in range(1, 201)))
    state = looked(state, JOINED + HOUR)
    assert announce_change(state, JOINED + HOUR) is None
    state = looked(state, JOINED + 300 * DAY)
    assert {date.record.status for date in state.dates.values()} <= {"held", "cancelled", "proposed"}
