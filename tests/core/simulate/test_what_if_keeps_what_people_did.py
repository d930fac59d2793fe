"""Run again under other settings: do facts stay, and do decisions follow the settings?"""

import pytest

from tests.core.simulate.kit import lived
from threedates.core.overrides import overridden
from threedates.core.replay import check
from threedates.core.simulate import HABITS, Lived, figures, rerun, timeline
from threedates.core.simulate.life import START
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Answered, Booked, Changed, CheckedIn, Joined, LogEvent


def two_weeks(settings: CoupleSettings) -> CoupleSettings:
    return overridden(settings, {"cadence.fun.target": "P14D"})


def of_type(log: tuple[tuple[int, LogEvent], ...], *types: type) -> list[LogEvent]:
    return [event for _, event in log if isinstance(event, types)]


@pytest.mark.parametrize("habit", HABITS)
def test_under_the_same_settings_nothing_changes(habit: str) -> None:
    """Whatever a comparison shows is then due to the settings.

    A change of settings is written out whole, and so left aside.
    """
    couple = lived(habit)
    again = rerun(couple.couple_id, couple.log, lambda settings: settings, couple.end)
    assert [e for _, e in again.log if not isinstance(e, Changed)] == [
        e for _, e in couple.log if not isinstance(e, Changed)
    ]


@pytest.fixture
def couple() -> Lived:
    return lived("one_sided")


def test_what_was_reported_stays(couple: Lived) -> None:
    """Every check-in, in its place."""
    again = rerun(couple.couple_id, couple.log, two_weeks, couple.end)
    assert of_type(again.log, CheckedIn) == of_type(couple.log, CheckedIn)
    assert not check(couple.couple_id, again.log).differing


def test_a_longer_target_brings_fewer_nudges(couple: Lived) -> None:
    """The question a couple asks."""
    again = rerun(couple.couple_id, couple.log, two_weeks, couple.end)
    was, would = (timeline(log) for log in (couple.log, again.log))
    fun_before, fun_after = ([n for n in line.nudges if n.kind == "fun"] for line in (was, would))
    assert len(fun_after) < len(fun_before)
    assert figures(would, START, couple.end).held["fun"] <= figures(was, START, couple.end).held["fun"] + 1


def test_an_answer_about_a_date_that_is_not_there_becomes_one_they_arranged(couple: Lived) -> None:
    """They went out that evening, whatever would have been proposed."""
    again = rerun(couple.couple_id, couple.log, two_weeks, couple.end)
    booked = [event for event in of_type(again.log, Booked) if isinstance(event, Booked)]
    accepted = {e.id: e for e in of_type(couple.log, Answered) if isinstance(e, Answered) and e.answer == "accept"}
    assert booked
    assert any(event.id in accepted and event.by == accepted[event.id].by for event in booked)


def test_the_override_outlives_a_change_of_settings() -> None:
    """A couple that moved is still asked what two weeks would have been like."""
    couple = lived("moving_house")
    again = rerun(couple.couple_id, couple.log, two_weeks, couple.end)
    changes = [event for event in of_type(again.log, Changed) if isinstance(event, Changed)]
    assert [change.patch["cadence"]["fun"]["target"] for change in changes] == ["P14D"]
    assert changes[0].patch["tz"] == "Europe/Helsinki"


def test_a_log_without_its_beginning_is_refused(couple: Lived) -> None:
    """Nothing can be said of a couple that never joined."""
    rest = [one for one in couple.log if not isinstance(one[1], Joined)]
    with pytest.raises(ValueError, match="nobody joins in the log of one-sided-1"):
        rerun(couple.couple_id, rest, two_weeks)
