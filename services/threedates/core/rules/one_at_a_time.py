"""One at a time: while another kind's nudge stands unanswered, the next kind waits a gap.

Either partner's answer closes a nudge for both; then nobody needs to wait for it.
"""

from datetime import datetime, timedelta

from threedates.core.candidates import Candidate
from threedates.core.records import NudgeMark
from threedates.core.stages import CHECK_IN
from threedates.core.state import CoupleState


def may_speak_from(state: CoupleState, candidate: Candidate, now: datetime) -> datetime:
    """From when on a candidate may speak, as far as other kinds are concerned."""
    if candidate.stage == CHECK_IN:
        return now
    gap = timedelta(seconds=state.settings.budget.min_gap.length)
    waits = [mark.at + gap for mark in state.nudges if mark.kind != candidate.kind and is_unanswered(state, mark)]
    return max(waits, default=now)


def is_unanswered(state: CoupleState, mark: NudgeMark) -> bool:
    """Whether nobody has answered a nudge since it was decided. What asks for nothing is never unanswered."""
    if mark.kind is None:
        return False
    kind = state.kinds[mark.kind]
    if kind.cycle != mark.cycle or (kind.answered_at is not None and kind.answered_at >= mark.at):
        return False
    return not state.is_booked(mark.kind)
