"""What comes next, if nothing happens: is it what the service will then do?"""

from datetime import datetime, timedelta

import pytest

from tests.core.simulate.kit import lived
from threedates.core.ahead import Heard, state_at
from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.simulate import HABITS
from threedates.core.state import CoupleState
from threedates.core.status import AHEAD, in_short, status_of
from threedates.schemas.log import Left, Paused
from threedates.schemas.status import Coming, ComingDate, ComingNudge, ComingResume


def told(state: CoupleState, at: datetime, count: int) -> tuple[Coming, ...]:
    """What the service does after a look at that instant, look by look."""
    found: list[Coming] = []
    look_at: datetime | None = at
    while look_at is not None and len(found) < count:
        decision = decide(state, look_at)
        if decision.outcomes:
            state = apply_event(state, state.seq + 1, decision)
        if look_at > at:
            heard = [outcome for outcome in decision.outcomes if isinstance(outcome, Heard)]
            found += [in_short(look_at, outcome) for outcome in heard]
        look_at = decision.next_look
    return tuple(found[:count])


@pytest.mark.parametrize("habit", HABITS)
def test_what_is_foretold_is_what_happens(habit: str) -> None:
    """At the same instants and in the same order; what a look would do at once is no longer to come."""
    couple = lived(habit)
    for at in (couple.end, couple.end + timedelta(days=9)):
        found = status_of(couple.state, at).coming
        assert len(found) == AHEAD
        assert found == told(couple.state, at, AHEAD)
        assert at < found[0].at
        assert [one.at for one in found] == sorted(one.at for one in found)


def test_it_says_what_and_whom_without_words_or_ids() -> None:
    """A date with its time, a nudge with its addressee. An id of something that does not exist could only mislead."""
    couple = lived("busy")
    until = couple.end + timedelta(days=3)
    paused = apply_event(couple.state, couple.state.seq + 1, Paused(id="p", at=couple.end, by="sam", until=until))
    over, *others = status_of(paused, couple.end, ahead=12).coming
    assert over == ComingResume(at=until)
    date = next(one for one in others if isinstance(one, ComingDate))
    nudge = next(one for one in others if isinstance(one, ComingNudge))
    assert (date.change, date.end > date.start > date.at) == ("proposed", True)
    assert nudge.addressee in couple.state.settings.names
    assert nudge.stage in ("proposed", "due")


def test_nothing_comes_while_a_pause_has_no_end() -> None:
    """Only a fact can change anything then, and after leaving nothing can."""
    state, end = lived("busy").state, lived("busy").end
    paused = apply_event(state, state.seq + 1, Paused(id="p", at=end, by="sam"))
    assert status_of(paused, end + timedelta(days=3)).coming == ()
    gone = apply_event(state, state.seq + 1, Left(id="l", at=end))
    assert status_of(gone, end).coming == ()


def test_a_state_to_come_is_the_one_the_service_will_have() -> None:
    """Look by look, not in one leap: weeks of nudges are not caught up on by a single one."""
    couple = lived("one_sided", 1)
    later = couple.end + timedelta(weeks=3)
    state = fold(couple.couple_id, couple.log)
    assert state is not None
    ahead = state_at(state, later)
    looks, at = 0, decide(state, state.as_of or couple.end).next_look
    while at is not None and at < later:
        decision = decide(state, at)
        if decision.outcomes:
            state = apply_event(state, state.seq + 1, decision)
        at, looks = decision.next_look, looks + 1
    assert looks > 5
    assert ahead == state
