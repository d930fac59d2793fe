"""Replies to invites: whatever order they come in, and however often, they end in the same state."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide.life import BERLIN_AND_NEW_YORK, Life
from threedates.core.decide import decide
from threedates.core.fold import apply_event
from threedates.core.state import CoupleState, DateState
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Answered, Booked, Paused

PROPOSED = {**BERLIN_AND_NEW_YORK, "budget": {"per_week": None, "min_gap": "PT0S"}}
ANSWERS = ("accept", "decline", "tentative", "move")


def begun(*, booked: bool, paused: bool = False) -> Life:
    """A couple with a date that is proposed, or one they booked."""
    told = Life(PROPOSED)
    told.live_until(told.now + timedelta(hours=1))
    if booked:
        start = told.now + timedelta(days=5)
        hours = timedelta(hours=3)
        told.happens(
            Booked(id="b", at=told.now, by="sam", kind="fun", start=start, end=start + hours, status="scheduled")
        )
    if paused:
        told.happens(Paused(id="p", at=told.now, by="sam"))
    return told


def open_uid(state: CoupleState) -> str:
    date = state.open_date("fun")
    assert date is not None
    return date.record.uid


def reply(told: Life, n: int, by: str, answer: Any, sequence: int, minute: int | None, day: int) -> Answered:
    """A reply made at that minute, which proposes that day where it is a counter-proposal."""
    start = told.now + timedelta(days=day) if answer == "move" else None
    end = start + timedelta(hours=2) if start is not None else None
    dtstamp = None if minute is None else told.now + timedelta(minutes=minute)
    return Answered(
        id=f"r{n}", at=told.now, by=by, uid=open_uid(told.state), answer=answer,
        sequence=sequence, dtstamp=dtstamp, start=start, end=end,
    )  # fmt: skip


def visible(state: CoupleState, now: datetime) -> tuple[object, ...]:
    """All that replies decide: the date, who said what, which times do not suit, and where the next look puts it.

    SEQUENCE only counts on the way there.
    """
    looked = apply_event(state, state.seq + 1, decide(state, now))
    this = state.kinds["fun"]
    dates = [(_unnumbered(one), one.wants_slot, one.replies) for one in state.dates.values()]
    return dates, sorted(this.declined), this.answered_at, [_unnumbered(one) for one in looked.dates.values()]


def _unnumbered(date: DateState) -> DateRecord:
    return date.record.model_copy(update={"sequence": 0})


words = st.tuples(
    st.sampled_from(("sam", "alex")),
    st.sampled_from(ANSWERS),
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(0, 3)),
    st.integers(3, 4),
)


@given(st.data(), st.lists(words, min_size=1, max_size=6), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_order_and_any_repetition_end_in_the_same_state(
    data: st.DataObject, said: list[tuple[str, Any, int, int | None, int]], booked: bool, paused: bool
) -> None:
    told = begun(booked=booked, paused=booked and paused)
    facts = [reply(told, n, *word) for n, word in enumerate(said)]
    again = [fact.model_copy(update={"id": f"{fact.id}-again"}) for fact in facts]  # in a mail of its own
    shuffled = data.draw(st.permutations(facts + data.draw(st.lists(st.sampled_from(facts + again), max_size=6))))
    ends = []
    for order in (facts, shuffled):
        state = told.state
        for fact in order:
            state = apply_event(state, state.seq + 1, fact)
        ends.append(visible(state, told.now))
    assert ends[0] == ends[1]


@given(st.data(), st.lists(words, min_size=1, max_size=6), st.booleans())
@settings(max_examples=80, deadline=None)
def test_a_reply_that_comes_again_changes_nothing_though_it_was_looked_at_meanwhile(
    data: st.DataObject, said: list[tuple[str, Any, int, int | None, int]], booked: bool
) -> None:
    """A date that has moved on since takes no answer about its old time."""
    told = begun(booked=booked)
    for n, word in enumerate(said):
        if told.state.open_date("fun") is None:
            break
        fact = reply(told, n, *word)
        told.happens(fact)
        before = told.state
        repeated = fact.model_copy(update={"id": f"{fact.id}-again"})
        told.happens(repeated)
        assert told.state.dates == before.dates


@pytest.mark.parametrize("first", ["sam", "alex"])
def test_a_no_stands_whoever_is_heard_first_and_whether_or_not_it_was_looked_at_between(first: str) -> None:
    """One agrees, the other declines: another time is proposed, and the same one."""
    ends = []
    for is_looked_at in (True, False):
        told = begun(booked=False)
        uid = open_uid(told.state)
        replies = [reply(told, 0, "sam", "accept", 0, 1, 3), reply(told, 1, "alex", "decline", 0, 2, 3)]
        for fact in replies if first == "sam" else replies[::-1]:
            if is_looked_at:
                told.happens(fact)
            else:
                told._append(fact)
        told.look(told.now)
        record = told.state.dates[uid].record
        ends.append((record.status, record.start))
    assert ends[0] == ends[1]
    assert ends[0][0] == "proposed"


def test_of_one_partner_the_latest_word_counts() -> None:
    """By SEQUENCE, then by DTSTAMP; an older one that comes late is no step back."""
    told = begun(booked=False)
    uid = open_uid(told.state)
    told.happens(reply(told, 0, "sam", "accept", 0, 2, 3))
    assert told.state.dates[uid].record.status == "scheduled"
    scheduled = told.state.dates[uid]
    for n, minute in enumerate((1, None), 4):
        told.happens(reply(told, n, "sam", "decline", 0, minute, 3))
        assert told.state.dates[uid] == scheduled
    told.happens(reply(told, 2, "sam", "tentative", 0, 3, 3))
    assert told.state.dates[uid].record.status == "proposed"
    told.happens(reply(told, 3, "sam", "accept", 1, 0, 3))
    assert told.state.dates[uid].record.status == "scheduled"


def test_whoever_declines_the_invite_as_it_first_came_is_heard_though_the_other_has_accepted_since() -> None:
    """The accept raised SEQUENCE, and left the time as it was."""
    told = begun(booked=False)
    uid = open_uid(told.state)
    start = told.state.dates[uid].record.start
    told.happens(reply(told, 0, "sam", "accept", 0, 1, 3))
    told.happens(reply(told, 1, "alex", "decline", 0, 2, 3))
    assert told.state.dates[uid].record.start != start


def test_a_reply_to_a_time_the_date_no_longer_has_changes_nothing() -> None:
    """A lower SEQUENCE than the one the time came with."""
    told = begun(booked=False)
    uid = open_uid(told.state)
    told.happens(reply(told, 0, "sam", "decline", 0, 1, 3))
    moved = told.state.dates[uid]
    assert moved.record.sequence == moved.timed == 1
    told.happens(reply(told, 1, "alex", "accept", 0, 2, 3))
    assert told.state.dates[uid] == moved
    told.happens(reply(told, 2, "alex", "accept", 1, 2, 3))
    assert told.state.dates[uid].record.status == "scheduled"


def test_a_counter_proposal_moves_the_date_and_the_other_may_decline() -> None:
    """As whoever names another time on the page has accepted it."""
    told = begun(booked=False)
    uid = open_uid(told.state)
    told.happens(reply(told, 0, "sam", "move", 0, 1, 4))
    moved = told.state.dates[uid].record
    assert (moved.status, moved.start, moved.sequence) == ("scheduled", told.now + timedelta(days=4), 1)
    told.happens(reply(told, 1, "alex", "decline", 1, 2, 4))
    assert told.state.dates[uid].record.status == "proposed"
    assert told.state.dates[uid].record.start != moved.start


def test_what_a_partner_said_on_the_page_is_not_taken_back_by_an_older_mail() -> None:
    """Mail may be hours on its way."""
    told = begun(booked=False)
    uid = open_uid(told.state)
    told.now += timedelta(minutes=10)
    told.happens(Answered(id="a", at=told.now, by="sam", uid=uid, answer="accept"))
    scheduled = told.state.dates[uid]
    told.happens(reply(told, 0, "sam", "decline", 0, -5, 3))
    assert told.state.dates[uid] == scheduled
    told.happens(reply(told, 1, "sam", "decline", 0, 5, 3))
    assert told.state.dates[uid].record.start != scheduled.record.start
