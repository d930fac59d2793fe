"""A date: one occasion of a kind, as it stands in the log, the feed, the webhooks and the HTTP answers."""

from typing import Literal

from pydantic import Field

from threedates.schemas.base import Instant, Kind, Model, ZoneName

DateStatus = Literal["proposed", "scheduled", "held", "skipped", "cancelled"]
DateChange = Literal["proposed", "scheduled", "moved", "held", "skipped", "cancelled", "idea"]
DateOrigin = Literal["proposal", "booked", "calendar"]


class DateRecord(Model):
    """One date. ``start`` and ``end`` are UTC instants; ``tz`` is the zone its wall-clock time is shown in.

    ``n`` counts the couple's dates of the kind from 1; ``sequence`` is RFC 5545's SEQUENCE and grows with every
    visible change; ``uid`` never changes and is never used again.
    """

    uid: str = Field(max_length=255)
    kind: Kind
    n: int = Field(ge=1)
    start: Instant
    end: Instant
    tz: ZoneName
    status: DateStatus
    sequence: int = Field(default=0, ge=0)
    origin: DateOrigin = "proposal"
    planner: str
    idea: str = ""
    idea_id: str = ""
