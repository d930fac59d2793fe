"""A couple's dates: moved, booked and listed."""

from typing import Literal

from pydantic import Field

from threedates.schemas.base import EventId, Instant, Kind, Model, PartnerName
from threedates.schemas.dates import DateRecord
from threedates.schemas.http.common import AT, ID, ByBody, examples


class MoveBody(ByBody):
    """Another time for a date; without ``end`` it keeps its length."""

    model_config = examples({"by": "sam", "start": "2026-11-28T19:00:00+01:00"})

    start: Instant
    end: Instant | None = None


class BookBody(Model):
    """A date arranged, or already held, outside our proposals."""

    model_config = examples(
        {"by": "sam", "kind": "fun", "start": "2026-11-28T19:00:00+01:00", "end": "2026-11-28T22:00:00+01:00"}
    )

    by: PartnerName | None = Field(
        default=None, description="Who says so. Default: whose turn it is to plan that kind."
    )
    kind: Kind
    start: Instant
    end: Instant
    status: Literal["scheduled", "held"] = "scheduled"
    id: EventId | None = ID
    at: Instant | None = AT


class DateList(Model):
    """A couple's dates: those to come, and those of the last two months; by start."""

    items: tuple[DateRecord, ...]
