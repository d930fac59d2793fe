"""Asked before every delivery attempt: does this nudge still hold, and is now a time to send it?"""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.candidates import Candidate
from threedates.core.rules.quiet import quiet_until
from threedates.core.stages import CHECK_IN
from threedates.core.state import CoupleState
from threedates.core.walltime import local
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
    state: CoupleState, kind: Kind | None, cycle: int, stage: str, addressee: str, decided_at: datetime, now: datetime
) -> Send | Drop | Wait:
    """Whether a nudge decided at an instant is still to be sent at another, in the couple's state as it is now."""
    if state.left or state.pause is not None:
        return Drop("paused")
    if kind is None:
        moot = _is_reported(state, addressee, cycle) if stage == CHECK_IN else None
    else:
        moot = _moot(state, kind, cycle, stage, decided_at, now)
    if moot is not None:
        return moot
    until = quiet_until(state, Candidate(kind, cycle, stage, addressee), now)
    return Wait(until) if until is not None else Send()


def _is_reported(state: CoupleState, addressee: str, day: int) -> Drop | None:
    """The day's question is answered by any check-in about that day of the addressee's own."""
    partner = state.settings.partner(addressee)
    if partner is None:
        return Drop("answered")  # nobody of that name any more
    days = {local(report.at, partner.tz).date().toordinal() for report in state.reports if report.partner == addressee}
    return Drop("answered") if day in days else None


def _moot(state: CoupleState, kind: Kind, cycle: int, stage: str, decided_at: datetime, now: datetime) -> Drop | None:
    """Why a nudge about a kind has become pointless, if it has."""
    this = state.kinds[kind]
    if this.snoozed_until is not None and now < this.snoozed_until:
        return Drop("snoozed")
    if this.cycle != cycle or state.is_booked(kind) or (this.answered_at is not None and this.answered_at > decided_at):
        return Drop("answered")
    if stage == "proposed" and state.open_date(kind) is None:
        return Drop("answered")
    return None
