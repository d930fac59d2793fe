"""Do the habits ask the rules the questions they are made for?"""

from tests.core.simulate.kit import lived
from threedates.core.simulate import Figures, figures, timeline
from threedates.core.simulate.life import START
from threedates.schemas.base import KINDS
from threedates.schemas.log import Answered, Changed, CheckedIn, Snoozed


def numbers(habit: str) -> Figures:
    couple = lived(habit)
    return figures(timeline(couple.log), START, couple.end)


def test_attentive_couples_hold_about_one_date_a_week_of_each_kind() -> None:
    """What the whole product is for; they come to it with few nudges and no silence."""
    found = numbers("attentive")
    assert all(12 <= found.held[kind] <= 24 for kind in KINDS)
    assert found.weeks_without == 0
    assert (found.answered_share or 0) > 0.8


def test_busy_couples_hold_fewer_and_answer_less() -> None:
    """They move, decline, ask for silence and call things off."""
    busy, attentive = numbers("busy"), numbers("attentive")
    assert sum(busy.held.values()) < sum(attentive.held.values())
    assert (busy.answered_share or 0) < (attentive.answered_share or 0)
    answers = {event.answer for _, event in lived("busy", 26).log if isinstance(event, Answered)}
    assert answers >= {"accept", "decline", "move", "cancel"}
    assert any(isinstance(event, Snoozed) for number in (1, 2, 3) for _, event in lived("busy", 16, number).log)


def test_in_a_one_sided_couple_one_does_nearly_all_the_answering() -> None:
    """Turns alternate, so half of the proposals go to somebody who does not answer."""
    answers = [event.by for _, event in lived("one_sided").log if isinstance(event, Answered)]
    assert answers.count("sam") > 5 * answers.count("alex")


def test_nobody_hears_anything_during_a_break() -> None:
    """And afterwards it goes on."""
    couple = lived("on_a_break")
    line = timeline(couple.log)
    rest = line.pauses[0]
    assert rest.until is not None
    assert not [nudge for nudge in line.nudges if rest.since <= nudge.at < rest.until]
    assert [nudge for nudge in line.nudges if nudge.at >= rest.until]


def test_long_distance_couples_live_in_two_zones_and_visit() -> None:
    """In the second week of a visit both partners' zones are one."""
    zones = [{p["tz"] for p in e.patch["partners"]} for _, e in lived("long_distance").log if isinstance(e, Changed)]
    assert zones == [{"Europe/Berlin"}, {"Europe/Berlin", "America/New_York"}]


def test_moving_house_changes_the_couples_zone_and_brings_hard_days() -> None:
    """Every check-in of those weeks names stress."""
    couple = lived("moving_house")
    assert couple.state.settings.tz == "Europe/Helsinki"
    strained = [e for _, e in couple.log if isinstance(e, CheckedIn) and 9 <= (e.at - START).days // 7 < 14]
    assert strained
    assert all(report.stress for report in strained)
