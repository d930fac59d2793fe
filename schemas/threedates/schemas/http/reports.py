"""What is told over HTTP rather than through the inbox: check-ins and calendars."""

from pydantic import Field

from threedates.schemas.base import EventId, Instant
from threedates.schemas.http.common import AT, ID, ONCE, examples
from threedates.schemas.inbound import CalendarEvent, CalendarIcs, CheckInReport


class CheckInBody(CheckInReport):
    """What one partner reports about a day. The note stays private to its author."""

    model_config = examples(
        {"partner": "sam", "mood": 3, "connection": 2, "talk": "surface", "stress": ["money"], "together_minutes": 40}
    )

    id: EventId | None = ID
    at: Instant | None = AT


class CalendarEventBody(CalendarEvent):
    """One event of somebody's calendar; ``id`` may be left out."""

    model_config = examples(
        {
            "source": "sam-google",
            "uid": "abc@google.com",
            "start": "2026-11-27T19:00:00",
            "end": "2026-11-27T22:00:00",
            "tz": "Europe/Berlin",
            "summary": "Date night",
            "kind": "fun",
        }
    )

    id: EventId = Field(default_factory=str, description=ONCE)


class CalendarIcsBody(CalendarIcs):
    """Raw iCalendar; ``id`` may be left out."""

    id: EventId = Field(default_factory=str, description=ONCE)
