"""A pause with an end is over when the end is reached; anchors shift by its length."""

from datetime import datetime

from threedates.core.state import CoupleState
from threedates.schemas.outcomes import ResumeOutcome


def end_pause(state: CoupleState, now: datetime) -> ResumeOutcome | None:
    """The end of a pause whose time has come."""
    pause = state.pause
    if pause is None or pause.until is None or now < pause.until:
        return None
    return ResumeOutcome(until=pause.until)
