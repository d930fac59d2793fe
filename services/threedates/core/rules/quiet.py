"""Quiet hours: nothing is said to a partner inside them; at their end everything is asked again.

Partners in two zones are spoken to while both are awake, so that they can settle it; where their waking hours never
meet, while the addressee is. The day's question is one's own affair, and comes while the addressee is awake.
"""

from datetime import datetime, timedelta

from threedates.core.candidates import Candidate
from threedates.core.stages import CHECK_IN
from threedates.core.state import CoupleState
from threedates.core.walltime import quiet_end
from threedates.schemas.couple import Partner

HORIZON = timedelta(hours=36)
ENDS_LOOKED_AT = 6


def quiet_until(state: CoupleState, candidate: Candidate, now: datetime) -> datetime | None:
    """When the addressee may be spoken to, in UTC; None if that is now."""
    addressee = state.settings.partner(candidate.addressee)
    if addressee is None:
        return None
    if candidate.stage != CHECK_IN and len({partner.tz for partner in state.settings.partners}) > 1:
        both = _awake_from(state.settings.partners, now)
        if both is not None:
            return both if both > now else None
    return quiet_end(addressee.quiet, addressee.tz, now)


def _awake_from(partners: tuple[Partner, ...], now: datetime) -> datetime | None:
    """The next instant, now included, outside everybody's quiet hours; None where none comes within the horizon."""
    at = now
    for _ in range(ENDS_LOOKED_AT):
        ends = [end for partner in partners if (end := quiet_end(partner.quiet, partner.tz, at)) is not None]
        if not ends:
            return at
        at = max(ends)
        if at - now > HORIZON:
            return None
    return None
