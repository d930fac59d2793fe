"""Where does a date go?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, at, booked, couple, looked, seen
from threedates.core.slots import next_slot
from threedates.core.state import CoupleState
from threedates.core.walltime import local
from threedates.schemas.base import Kind

FAR = {
    "partners": [{"name": "sam", "tz": "Europe/Berlin"}, {"name": "alex", "tz": "Asia/Tokyo"}],
    "cadence": {"fun": {"windows": ["daily 08:00-23:00"]}},
}


def start(state: CoupleState, kind: Kind = "fun", now: str = "2026-11-20 18:00") -> str:
    """The local time of the next slot."""
    return f"{local(next_slot(state, kind, at(now))[0], 'Europe/Berlin'):%a %d %H:%M}"


def test_it_is_the_first_time_in_the_windows_after_the_notice() -> None:
    assert start(couple()) == "Sat 21 18:00"
    assert start(couple(), "business") == "Sun 22 10:00"
    assert start(couple(), "emotional") == "Sat 21 18:00"


def test_it_is_as_long_as_the_kind_is() -> None:
    begin, end = next_slot(couple(), "business", JOINED)
    assert end - begin == 0.75 * HOUR


def test_it_lies_whole_inside_a_window() -> None:
    assert start(couple(), now="2026-11-20 20:30") == "Sun 22 12:00"


def test_it_begins_on_the_half_hour_of_its_window() -> None:
    assert start(couple(), now="2026-11-20 18:01") == "Sat 21 18:30"


def test_a_window_shorter_than_the_date_counts_by_its_opening() -> None:
    assert start(couple(cadence={"fun": {"windows": ["wed 19:00-20:00"]}})) == "Wed 25 19:00"


def test_neither_partners_calendar_has_anything_then() -> None:
    taken = seen(at("2026-11-21 20:00"), uid="a", partners=("alex",))
    assert start(after(couple(), taken)) == "Sun 22 12:00"


def test_no_two_dates_on_one_day() -> None:
    assert start(after(couple(), booked("emotional", at("2026-11-21 13:00")))) == "Sun 22 12:00"


def test_both_are_awake_from_beginning_to_end() -> None:
    """At 11:30 in Berlin it is 19:30 in Tokyo, and three hours later past ten: too late."""
    assert start(couple(**FAR), now="2026-11-20 06:00") == "Sat 21 08:00"
    assert start(couple(**FAR), now="2026-11-20 09:30") == "Sat 21 09:30"
    assert start(couple(**FAR), now="2026-11-20 11:30") == "Sun 22 08:00"


def test_a_free_day_is_given_up_before_sleep_and_sleep_before_appointments() -> None:
    windows = {"cadence": {"fun": {"windows": ["sat 18:00-23:00"]}}}
    saturdays = [booked("emotional", at("2026-11-21 13:00") + 7 * n * DAY) for n in range(9)]
    assert start(after(couple(**windows), *saturdays)) == "Sat 21 18:00"
    late = {"cadence": {"fun": {"windows": ["sat 21:00-24:00"]}}}
    assert start(couple(**late)) == "Sat 21 21:00"


def test_what_was_declined_is_never_proposed_again_nor_what_is_close_to_it() -> None:
    state = looked(couple(cadence={"fun": {"windows": ["sat 18:00-23:00"]}}), JOINED)
    state = after(state, answer(state, "fun", "decline", JOINED + HOUR))
    assert start(state) == "Sat 28 18:00"


def test_where_every_time_was_declined_or_taken_there_still_is_one() -> None:
    state = after(couple(), seen(JOINED, uid="tour", end=JOINED + 200 * DAY))
    assert start(state) == "Sat 21 18:00"


def test_a_target_under_a_day_goes_to_its_due_time() -> None:
    state = couple(cadence={"fun": {"target": "PT70M", "floor": "P1D", "length": "PT1H"}})
    begin, end = next_slot(state, "fun", JOINED + HOUR)
    assert (begin - JOINED, end - begin) == (70 * HOUR / 60, 10 * HOUR / 60)
