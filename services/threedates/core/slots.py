"""Where a date could go: the first free time inside the kind's windows, far enough away, one date a day.

A target under a day knows no windows: its slot is the due time, or a spacing from now where that has passed.
"""

from datetime import datetime

from threedates.core.due import due_at
from threedates.core.state import OPEN, CoupleState
from threedates.core.walltime import add, local, openings
from threedates.schemas.base import Kind

HORIZON_DAYS = 90


def next_slot(state: CoupleState, kind: Kind, now: datetime, but: str = "") -> tuple[datetime, datetime]:
    """Start and end, in UTC, of the next slot for a kind; ``but`` is a date being moved, which is in nobody's way."""
    pace, tz = state.pace(kind), state.settings.tz
    start = _exact(state, kind, now) if pace.is_exact else _in_windows(state, kind, now, but)
    return start, add(start, pace.length, tz)


def _exact(state: CoupleState, kind: Kind, now: datetime) -> datetime:
    due, pace = due_at(state, kind), state.pace(kind)
    if due > now and due not in state.kinds[kind].declined:
        return due
    return add(max(now, due), pace.spacing, state.settings.tz).replace(microsecond=0)


def _in_windows(state: CoupleState, kind: Kind, now: datetime, but: str) -> datetime:
    cadence, tz = state.settings.cadence.of(kind), state.settings.tz
    earliest = add(now, cadence.notice, tz)
    declined = state.kinds[kind].declined
    taken = {
        local(date.record.start, tz).date()
        for date in state.dates.values()
        if date.record.uid != but and date.record.status in OPEN
    }
    fallback: datetime | None = None
    for opens, _closes in openings(cadence.windows, tz, earliest, HORIZON_DAYS):
        if opens < earliest or opens in declined:
            continue
        if local(opens, tz).date() not in taken:
            return opens
        fallback = fallback or opens
    # Every day taken or every opening declined for three months: better a second date on one day than none.
    return fallback or earliest
