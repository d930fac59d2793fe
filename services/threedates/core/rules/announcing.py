"""What facts changed about a date is announced once, with the whole record, for invites and receivers."""

from datetime import datetime

from threedates.core.state import CoupleState
from threedates.schemas.dates import DateChange
from threedates.schemas.outcomes import Because, DateOutcome

_TEXT: dict[DateChange, str] = {
    "proposed": "A date was proposed.",
    "scheduled": "One of you agreed to this time.",
    "moved": "The date has a new time.",
    "held": "One of you said that you had this date.",
    "skipped": "One of you let this date go.",
    "cancelled": "This date is off.",
    "idea": "One of you asked for another idea.",
}


def announce_change(state: CoupleState, now: datetime) -> DateOutcome | None:
    """The next change that no decision has announced, in the order the dates were made."""
    for date in state.at_hand.untold:
        if not date.wants_slot:
            because = Because(rule=date.change, text=_TEXT[date.change], events=(date.cause,) if date.cause else ())
            return DateOutcome(change=date.change, date=date.record, because=(because,))
    return None
