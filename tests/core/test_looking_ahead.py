"""What comes next, if nothing happens: is it what the service will then do?"""

from datetime import timedelta

import pytest

from tests.core.simulate.kit import lived
from threedates.core.ahead import coming, state_at
from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.simulate import HABITS
from threedates.core.state import CoupleState
from threedates.schemas.log import HoldOutcome, Left, Outcome, Paused


def told(state: CoupleState, count: int) -> list[Outcome]:
    """What the service does from the state on, look by look."""
    found: list[Outcome] = []
    at = state.as_of
    while at is not None and len(found) < count:
        decision = decide(state, at)
        if decision.outcomes:
            state = apply_event(state, state.seq + 1, decision)
        found += [outcome for outcome in decision.outcomes if not isinstance(outcome, HoldOutcome)]
        at = decision.next_look
    return found[:count]


@pytest.mark.parametrize("habit", HABITS)
def test_what_is_foretold_is_what_happens(habit: str) -> None:
    """In the same order and words."""
    state = lived(habit).state
    assert state.as_of is not None
    found = coming(state, state.as_of)
    assert len(found) == 5
    assert [outcome for _, outcome in found] == told(state, 5)
    assert [at for at, _ in found] == sorted(at for at, _ in found)


def test_nothing_comes_while_a_pause_has_no_end() -> None:
    """Only a fact can change anything then, and after leaving nothing can."""
    state, end = lived("busy").state, lived("busy").end
    paused = apply_event(state, state.seq + 1, Paused(id="p", at=end, by="sam"))
    assert [outcome.type for _, outcome in coming(paused, end + timedelta(days=3))] == []
    gone = apply_event(state, state.seq + 1, Left(id="l", at=end))
    assert coming(gone, end) == []


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
