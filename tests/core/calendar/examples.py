"""Dates with fixed ids and a fixed clock, for the calendar tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Component

from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord

STAMP = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
START = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
ORGANIZER = "Three Dates <dates@example.org>"
PARTNERS = (
    Partner(name="sam", tz="Europe/Berlin", email="sam@example.org"),
    Partner(name="alex", tz="Europe/Lisbon", email="alex@example.org"),
)


def read(data: bytes) -> Any:
    """A component as icalendar reads it; untyped, for a test knows which sort each value is of."""
    return Component.from_ical(data)


def date_record(**changes: Any) -> DateRecord:
    """A fun date of three hours, proposed for a Friday evening in Berlin."""
    return DateRecord(
        **{
            "uid": "c1-fun-1@threedates",
            "kind": "fun",
            "n": 1,
            "start": START,
            "end": START + timedelta(hours=3),
            "tz": "Europe/Berlin",
            "status": "proposed",
            "planner": "sam",
            "idea": "Cook something neither of you has cooked before; the loser of a coin toss washes up.",
            **changes,
        }
    )
