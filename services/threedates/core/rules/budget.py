"""The attention budget: so many nudges to one partner in any seven days, and a gap between two.

The floor ignores the weekly count and keeps the gap. A dropped nudge is no longer counted.
"""

from datetime import UTC, datetime, timedelta

from threedates.core.candidates import Candidate
from threedates.core.stages import FLOOR
from threedates.core.state import CoupleState

WEEK = timedelta(days=7)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def budget_opens(state: CoupleState, candidate: Candidate) -> datetime:
    """From when on the addressee may be nudged; an instant gone by where they may be now."""
    budget = state.settings.budget
    sent = sorted(mark.at for mark in state.nudges if mark.addressee == candidate.addressee)
    opens = LONG_AGO
    if sent:
        opens = sent[-1] + timedelta(seconds=budget.min_gap.length)
    if budget.per_week is not None and candidate.stage != FLOOR and len(sent) >= budget.per_week:
        opens = max(opens, sent[-budget.per_week] + WEEK)
    return opens
