"""Raw iCalendar (RFC 5545) in, facts out."""

from datetime import datetime

from threedates.core.refusal import Refused
from threedates.core.state import CoupleState
from threedates.schemas.inbound import CalendarIcs
from threedates.schemas.log import Fact


def read_ics(event: CalendarIcs, state: CoupleState, now: datetime) -> list[Fact]:
    """The facts in raw iCalendar. Raises Refused."""
    raise Refused("malformed", "raw iCalendar cannot be read by this version", "ics")
