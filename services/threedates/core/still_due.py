"""Asked before every delivery attempt: does this nudge still hold, and is now a time to send it?"""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.candidates import Candidate
from threedates.core.rules.quiet import quiet_until
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.log import DropReason


@dataclass(frozen=True, slots=True)
class Send:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not send it, ever; for that reason."""

    reason: DropReason


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: it is quiet hours, the addressee's or, in two zones, either's. Ask again then (UTC)."""

    until: datetime


def still_due(
    state: CoupleState, kind: Kind, cycle: int, stage: str, addressee: str, decided_at: datetime, now: datetime
) -> Send | Drop | Wait:
    """Whether a nudge decided at an instant is still to be sent at another, in the couple's state as it is now."""
    this = state.kinds[kind]
    if state.left or state.pause is not None:
        return Drop("paused")
    if this.snoozed_until is not None and now < this.snoozed_until:
        return Drop("snoozed")
    if this.cycle != cycle or state.is_booked(kind) or (this.answered_at is not None and this.answered_at > decided_at):
        return Drop("answered")
    if stage == "proposed" and state.open_date(kind) is None:
        return Drop("answered")
    until = quiet_until(state, Candidate(kind, cycle, stage, addressee), now)
    return Wait(until) if until is not None else Send()
