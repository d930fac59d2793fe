"""Where a date could go: the first time inside the kind's windows when both are free and awake, one date a day.

A target under a day knows no windows: its slot is the due time, or a spacing from now where that has passed. Wishes
that cannot all be met are dropped in a fixed order: free days first, then waking hours, then other calendar events.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from threedates.core.busy import is_taken
from threedates.core.due import due_at
from threedates.core.state import CoupleState
from threedates.core.walltime import add, local, openings, quiet_end
from threedates.schemas.base import Kind

HORIZON_DAYS = 60
STEP = timedelta(minutes=30)
APART = timedelta(hours=3)
"""A time that did not suit rules out what begins this close to it."""

Wish = Callable[[datetime, datetime], bool]


def next_slot(state: CoupleState, kind: Kind, now: datetime, but: str = "") -> tuple[datetime, datetime]:
    """Start and end, in UTC, of the next slot for a kind; ``but`` is a date being moved, which is in nobody's way."""
    pace, tz = state.pace(kind), state.settings.tz
    if pace.is_exact:
        start = _exact(state, kind, now)
        return start, add(start, pace.length, tz)
    earliest = add(now, pace.cadence.notice, tz)
    wishes = _wishes(state, kind, but)
    for dropped in range(len(wishes)):
        for start, end in _starts(state, kind, earliest):
            if all(wish(start, end) for wish in wishes[dropped:]):
                return start, end
    return earliest, add(earliest, pace.length, tz)


def _exact(state: CoupleState, kind: Kind, now: datetime) -> datetime:
    due, pace = due_at(state, kind), state.pace(kind)
    if due > now and due not in state.kinds[kind].declined:
        return due
    return add(max(now, due), pace.spacing, state.settings.tz).replace(microsecond=0)


def _starts(state: CoupleState, kind: Kind, earliest: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Starts and ends inside the windows, in order; a window shorter than the date counts by its opening."""
    pace, tz = state.pace(kind), state.settings.tz
    for opens, closes in openings(pace.cadence.windows, tz, earliest, HORIZON_DAYS):
        start = opens
        while start == opens or add(start, pace.length, tz) <= closes:
            if start >= earliest:
                yield start, add(start, pace.length, tz)
            start += STEP


def _wishes(state: CoupleState, kind: Kind, but: str) -> tuple[Wish, ...]:
    """What a slot should have, the first to be dropped first; that it suits is never dropped."""
    tz = state.settings.tz
    declined = state.kinds[kind].declined
    taken_days = {local(date.record.start, tz).date() for date in state.at_hand.open if date.record.uid != but}
    return (
        lambda start, _: local(start, tz).date() not in taken_days,
        lambda start, end: _are_awake(state, start, end),
        lambda start, end: not is_taken(state, start, end),
        lambda start, _: all(abs(start - no) >= APART for no in declined),
    )


def _are_awake(state: CoupleState, start: datetime, end: datetime) -> bool:
    """Whether neither partner's quiet hours touch it; looked at its start, its end and between."""
    instants = [start, start + (end - start) / 2, end - timedelta(seconds=1)]
    return not any(quiet_end(p.quiet, p.tz, at) for p in state.settings.partners for at in instants)
