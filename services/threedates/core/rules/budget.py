"""The attention budget: so many nudges to one partner in any seven days, and a gap between two.

A nudge unanswered for 48 hours doubles that partner's gap, the next one again, up to seven days. The floor ignores the
weekly count and the doubling, and keeps the gap. A dropped nudge is not counted; questions about the day never are.
"""

from datetime import UTC, datetime, timedelta

from threedates.core.candidates import Candidate
from threedates.core.records import NudgeMark
from threedates.core.rules.one_at_a_time import is_unanswered
from threedates.core.stages import CHECK_IN, FLOOR
from threedates.core.state import CoupleState

WEEK = timedelta(days=7)
IGNORED_AFTER = timedelta(hours=48)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def budget_opens(state: CoupleState, candidate: Candidate, now: datetime) -> datetime:
    """From when on the addressee may be nudged; an instant gone by where they may be now."""
    budget = state.settings.budget
    sent = sorted((m for m in state.nudges if m.addressee == candidate.addressee), key=lambda mark: mark.at)
    if not sent or candidate.stage == CHECK_IN:
        return LONG_AGO
    opens = sent[-1].at + _gap(state, sent, candidate, now)
    if budget.per_week is not None and candidate.stage != FLOOR and len(sent) >= budget.per_week:
        opens = max(opens, sent[-budget.per_week].at + WEEK)
    return opens


def _gap(state: CoupleState, sent: list[NudgeMark], candidate: Candidate, now: datetime) -> timedelta:
    gap = timedelta(seconds=state.settings.budget.min_gap.length)
    if candidate.stage == FLOOR or not gap:
        return gap
    for mark in reversed(sent):
        if mark.kind is None:
            continue  # what asks for nothing is neither answered nor ignored
        if not is_unanswered(state, mark):
            break
        if now - mark.at >= IGNORED_AFTER:
            gap *= 2
    return min(gap, max(WEEK, timedelta(seconds=state.settings.budget.min_gap.length)))
