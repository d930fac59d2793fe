"""The fold: duplicates change nothing, snapshots may be taken anywhere, and no log makes a state grow for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide.life import Life, Step, calendar, steps, trouble
from threedates.core.decide import decide, look
from threedates.core.fold import apply_event, fold
from threedates.core.refusal import FARTHEST_AHEAD, IDS_REMEMBERED
from threedates.core.snapshot import freeze, thaw
from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.core.trail import NO_TRAIL
from threedates.schemas.base import KINDS
from threedates.schemas.log import Answer, Answered, LogEvent
from threedates.schemas.status import CoupleStatus

YEAR = 365
AT_MOST = 64_000
"""Bytes of a snapshot of a couple that reports, plans and is nudged every day."""


def lived(life: list[Step]) -> Life:
    """A random life, to its end."""
    told = Life()
    told.lives(life)
    return told


def folded(log: list[LogEvent]) -> CoupleState:
    """The state after a log."""
    state = fold("c1", enumerate(log, 1))
    assert state is not None
    return state


@given(steps, st.data())
@settings(max_examples=20, deadline=None)
def test_events_that_come_again_anywhere_later_change_nothing(life: list[Step], data: st.DataObject) -> None:
    """Producers, the broker and our own retries may each store an event twice, and much later."""
    log = lived(life[:12]).log
    again = data.draw(st.lists(st.tuples(st.integers(0, len(log) - 1), st.integers(0, 30)), max_size=6))
    longer = [[event] for event in log]
    for n, distance in again:
        where = min(n + distance, len(log) - 1)
        if log[where].at - log[n].at < timedelta(days=90):
            longer[where].append(log[n])
    once, twice = folded(log), folded([event for group in longer for event in group])
    assert replace(twice, seq=once.seq) == once


def test_an_id_is_known_for_as_long_as_its_event_is_admitted() -> None:
    """A check-in dated a day ahead must not make an old one count twice."""
    now = Life().now + timedelta(days=100)
    log = [*Life().log, trouble("old", now - IDS_REMEMBERED), trouble("ahead", now + FARTHEST_AHEAD)]
    assert {"old", "ahead"} <= folded(log).seen.keys()


@given(steps, st.data())
@settings(max_examples=20, deadline=None)
def test_a_snapshot_anywhere_leads_to_the_same_state(life: list[Step], data: st.DataObject) -> None:
    log = lived(life[:12]).log
    cut = data.draw(st.integers(1, len(log)))
    events = list(enumerate(log, 1))
    snapshot = thaw(freeze(folded(log[:cut]), NO_TRAIL.and_(events[:cut])))
    assert fold("c1", events[cut - 1 :], snapshot.state) == folded(log)


@given(steps)
@settings(max_examples=10, deadline=None)
def test_the_state_as_it_went_on_is_the_state_as_it_is_folded(life: list[Step]) -> None:
    told = lived(life[:12])
    assert folded(told.log) == told.state


@given(steps)
@settings(max_examples=10, deadline=None)
def test_the_state_a_look_leaves_is_the_one_its_decision_is_folded_to(life: list[Step]) -> None:
    told = lived(life[:12])
    at = told.next or told.now
    decision, after = look(told.state, at)
    assert decision == decide(told.state, at)
    assert after == (apply_event(told.state, told.state.seq + 1, decision) if decision.outcomes else told.state)


@given(steps)
@settings(max_examples=10, deadline=None)
def test_the_status_survives_its_way_over_http(life: list[Step]) -> None:
    told = lived(life[:12])
    status = status_of(told.state, told.now)
    assert CoupleStatus.model_validate_json(status.model_dump_json()) == status


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_two_years_of_everything_every_day_do_not_make_the_state_grow(answer: Answer) -> None:
    """A couple that uses it for years must cost no more than one that began this spring."""
    told, sizes = Life(), []
    for day in range(2 * YEAR):
        told.live_until(told.now + timedelta(days=1))
        now = told.now
        told.happens(trouble(f"r{day}", now, by="sam" if day % 2 else "alex"))
        ahead = now + timedelta(days=9)
        told.happens(calendar(f"c{day}", now, ahead, uid=f"u{day}", status="confirmed", summary="Cinema"))
        date = told.state.open_date(KINDS[day % 3])
        if date is not None:
            told.happens(Answered(id=f"a{day}", at=now, by="sam", uid=date.record.uid, answer=answer))
        sizes.append(len(freeze(told.state, NO_TRAIL)))
    assert max(sizes[YEAR:]) <= 1.05 * max(sizes[:YEAR])
    assert max(sizes) < AT_MOST
