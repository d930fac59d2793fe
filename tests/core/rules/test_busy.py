"""When is a time taken, going by the calendars?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, couple, seen
from threedates.core.busy import is_taken
from threedates.core.state import CoupleState

TEN = JOINED + 2 * DAY


def taken(state: CoupleState, hours_from: float, hours_to: float) -> bool:
    """Whether anything overlaps, counted in hours from ten o'clock."""
    return is_taken(state, TEN + hours_from * HOUR, TEN + hours_to * HOUR)


def test_what_overlaps_is_taken_and_what_touches_is_not() -> None:
    state = after(couple(), seen(TEN))
    assert taken(state, -1, 0.5)
    assert taken(state, 1, 5)
    assert not taken(state, -1, 0)
    assert not taken(state, 2, 3)


def test_free_tentative_and_cancelled_events_take_no_time() -> None:
    assert not taken(after(couple(), seen(TEN, busy=False)), 0, 1)
    assert not taken(after(couple(), seen(TEN, status="tentative")), 0, 1)
    assert not taken(after(couple(), seen(TEN), seen(TEN, sequence=1, status="cancelled")), 0, 1)


def test_a_later_version_counts_and_an_earlier_that_comes_late_does_not() -> None:
    moved = after(couple(), seen(TEN, sequence=1), seen(TEN + 5 * HOUR, sequence=2))
    assert (taken(moved, 0, 2), taken(moved, 5, 7)) == (False, True)
    late = after(moved, seen(TEN, sequence=0))
    assert (taken(late, 0, 2), taken(late, 5, 7)) == (False, True)


def test_what_was_cancelled_does_not_come_back_by_an_earlier_version() -> None:
    """Two intakes, or a producer's retry, put them in the wrong order; a date of that kind would count as held."""
    cancelled = after(couple(), seen(TEN, sequence=2, status="cancelled"))
    assert not taken(after(cancelled, seen(TEN, sequence=1)), 0, 1)
    assert not after(cancelled, seen(TEN, sequence=1, kind="fun")).dates
    assert taken(after(cancelled, seen(TEN, sequence=3)), 0, 1)
    assert after(cancelled, seen(TEN, sequence=3, kind="fun")).is_booked("fun")


def test_events_of_one_calendar_do_not_replace_each_other() -> None:
    state = after(couple(), seen(TEN, uid="a"), seen(TEN + 5 * HOUR, uid="b"))
    assert taken(state, 0, 1)
    assert taken(state, 5, 6)


def test_what_is_over_is_forgotten_and_no_calendar_fills_a_state() -> None:
    off = (seen(JOINED + n * HOUR, uid=f"off{n}", sequence=1, status="cancelled") for n in range(9))
    state = after(couple(), *off, *(seen(JOINED + n * HOUR / 4, uid=f"u{n}") for n in range(2_010)))
    assert len(state.busy) == 2_000
    assert not any(busy.is_cancelled for busy in state.busy)
    state = after(state, seen(JOINED + 60 * DAY, JOINED + 50 * DAY, uid="last"))
    assert [busy.key for busy in state.busy] == ["s/last"]
