"""Which answers a date takes in which status: the one table for the intake's refusals and the fold."""

from threedates.schemas.dates import DateStatus
from threedates.schemas.log import AnyAnswer

_TAKES: dict[AnyAnswer, frozenset[DateStatus]] = {
    "accept": frozenset({"proposed"}),
    "decline": frozenset({"proposed", "scheduled"}),
    "held": frozenset({"proposed", "scheduled", "skipped"}),
    "skip": frozenset({"proposed", "scheduled", "held"}),
    "cancel": frozenset({"proposed", "scheduled"}),
    "move": frozenset({"proposed", "scheduled"}),
    "tentative": frozenset({"proposed", "scheduled"}),
}


def takes(status: DateStatus, answer: AnyAnswer) -> bool:
    """Whether a date in that status can be answered so."""
    return status in _TAKES[answer]
