"""What calendars rely on, whatever happens: a change that shows raises SEQUENCE and DTSTAMP, and no UID comes back."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide.life import Life, Step, steps
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Answered, Decision
from threedates.schemas.outcomes import DateOutcome

REPLIES = ("accept", "decline", "tentative", "move")
replies = st.tuples(
    st.sampled_from(("sam", "alex")), st.sampled_from(REPLIES), st.sampled_from(KINDS), st.integers(-3, 0)
)


def reply(told: Life, n: int, said: tuple[str, Any, Any, int]) -> None:
    """A reply to the invite of a kind's open date as it was some changes ago, if there is one."""
    by, answer, kind, behind = said
    date = told.state.open_date(kind)
    if date is None:
        return
    start = told.now + timedelta(days=3) if answer == "move" else None
    told.happens(
        Answered(
            id=f"reply{n}", at=told.now, by=by, uid=date.record.uid, answer=answer, start=start,
            sequence=max(0, date.record.sequence + behind), dtstamp=told.now,
        )
    )  # fmt: skip


def announced(told: Life) -> dict[str, list[tuple[datetime, DateRecord]]]:
    """Every date as decisions announced it, with when, which is its DTSTAMP and LAST-MODIFIED."""
    found: dict[str, list[tuple[datetime, DateRecord]]] = {}
    for event in told.log:
        for outcome in event.outcomes if isinstance(event, Decision) else ():
            if isinstance(outcome, DateOutcome):
                found.setdefault(outcome.date.uid, []).append((event.at, outcome.date))
    return found


def shown(record: DateRecord) -> tuple[object, ...]:
    """What a calendar shows of it."""
    return record.start, record.end, record.tz, record.status, record.idea


@given(steps, st.lists(replies, max_size=20))
@settings(max_examples=25, deadline=None)
def test_a_change_that_shows_raises_sequence_and_stamp(life: list[Step], said: list[tuple[str, Any, Any, int]]) -> None:
    """Google ignores an edit that does not; what is off stays off, for a UID is never used again."""
    told = Life()
    for n, step in enumerate(life[:12]):
        told.step(n, step)
        for m, one in enumerate(said[2 * n : 2 * n + 2]):
            reply(told, 2 * n + m, one)
    for changes in announced(told).values():
        for (at, old), (later, new) in pairwise(changes):
            assert later >= at
            assert new.sequence >= old.sequence
            assert new.sequence > old.sequence or shown(new) == shown(old)
            assert old.status != "cancelled"
