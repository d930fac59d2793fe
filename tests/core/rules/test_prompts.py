"""When is an evening apart offered, and when is somebody asked about the day?"""

from datetime import datetime

from tests.core.rules.kit import DAY, HOUR, JOINED, after, at, couple, report
from threedates.core.evolve import evolve
from threedates.core.prompts import next_check_in_times, prompts
from threedates.core.records import Prompt
from threedates.core.state import CoupleState

ASKED = {"check_in": "21:00"}


def together(*minutes: int) -> CoupleState:
    """A couple that reported so many minutes together, day after day from the day they joined."""
    return after(couple(), *(report(JOINED + n * DAY, together_minutes=m) for n, m in enumerate(minutes)))


def said(state: CoupleState, now: datetime) -> list[tuple[str, str]]:
    """Stage and addressee of the prompts at an instant."""
    return [(stage, name) for stage, name, _ in prompts(state, now)]


def test_four_hours_on_five_of_seven_days_is_much() -> None:
    assert said(together(240, 300, 0, 260, 240, 0, 400), JOINED + 6 * DAY) == [
        ("time_apart", "sam"),
        ("time_apart", "alex"),
    ]


def test_four_days_or_a_minute_less_is_not() -> None:
    assert said(together(240, 300, 0, 260, 239, 0, 400), JOINED + 6 * DAY) == []


def test_seven_days_do_not_reach_back_to_the_eighth() -> None:
    assert said(together(300, 300, 300, 0, 0, 0, 300, 300), JOINED + 7 * DAY) == []


def test_two_reports_of_one_day_are_one_day() -> None:
    both = [report(JOINED + n * DAY, by, together_minutes=300) for n in range(4) for by in ("sam", "alex")]
    assert said(after(couple(), *both), JOINED + 4 * DAY) == []


def test_it_is_offered_once_in_seven_days() -> None:
    state = together(300, 300, 300, 300, 300, 300, 300, 300, 300, 300, 300, 300, 300)
    now = JOINED + 12 * DAY
    day = now.date().toordinal()
    told = (Prompt("time_apart", "sam", day - 6), Prompt("time_apart", "alex", day - 7))
    assert said(evolve(state, prompts=told), now) == [("time_apart", "alex")]


def test_nobody_is_asked_about_the_day_unless_they_want_it() -> None:
    assert said(couple(), at("2026-11-21 21:30")) == []


def test_each_is_asked_at_that_time_of_their_own_day() -> None:
    state = couple(partners=[{"name": "sam"}, {"name": "alex", "tz": "America/New_York"}], **ASKED)
    assert said(state, at("2026-11-21 20:59")) == []
    assert said(state, at("2026-11-21 21:00")) == [("check_in", "sam")]
    assert said(state, at("2026-11-21 21:00", "America/New_York")) == [("check_in", "alex")]
    assert min(next_check_in_times(state, at("2026-11-21 21:00"))) == at("2026-11-21 21:00", "America/New_York")


def test_who_has_reported_today_is_not_asked() -> None:
    state = after(couple(**ASKED), report(at("2026-11-21 08:00")))
    assert said(state, at("2026-11-21 21:00")) == [("check_in", "alex")]


def test_nobody_is_asked_twice_a_day_nor_in_quiet_hours() -> None:
    state = couple(**ASKED)
    now = at("2026-11-21 21:00")
    told = evolve(state, prompts=(Prompt("check_in", "sam", now.date().toordinal()),))
    assert said(told, now) == [("check_in", "alex")]
    assert said(state, now + HOUR) == []
