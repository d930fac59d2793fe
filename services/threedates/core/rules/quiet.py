"""Quiet hours: nothing is said to a partner inside them; at their end everything is asked again."""

from datetime import datetime

from threedates.core.candidates import Candidate
from threedates.core.state import CoupleState
from threedates.core.walltime import quiet_end


def quiet_until(state: CoupleState, candidate: Candidate, now: datetime) -> datetime | None:
    """When the addressee's quiet hours end, in their own zone's terms; None outside them."""
    partner = state.settings.partner(candidate.addressee)
    return quiet_end(partner.quiet, partner.tz, now) if partner is not None else None
