"""Calendars that are read from their addresses: made and shown."""

from pydantic import Field

from threedates.schemas.base import CoupleId, Instant, Model, PartnerName
from threedates.schemas.http.common import examples
from threedates.schemas.webhook import PollError


class CalendarBody(Model):
    """A partner's calendar to read from its address, for the times it takes."""

    model_config = examples(
        {"partner": "sam", "url": "webcal://calendar.example/private-3f9c/basic.ics"},
        {"partner": "alex", "url": "https://calendar.example/together.ics", "shared": True},
    )

    partner: PartnerName = Field(description="Whose calendar it is.")
    url: str = Field(min_length=1, max_length=2048, description="https:, http: or webcal:. It is never shown again.")
    shared: bool = Field(
        default=False,
        description="Whether its titles may be known to both: an event whose title looks like a date is asked about.",
    )


class CalendarView(Model):
    """A partner's calendar that is read from its address, and how that goes. Of the address only the host is shown."""

    id: str
    couple_id: CoupleId
    partner: str
    url: str = Field(description="The address, cut after its host.")
    shared: bool
    busy: int = Field(description="How many times it takes, from now to two months ahead; 200 at most are known.")
    last_fetch: Instant | None = Field(description="When its server last answered with it, or that it is unchanged.")
    last_change: Instant | None = Field(description="When its times last changed.")
    next_poll: Instant | None = Field(description="When it is fetched next; null: not any more (410).")
    failing_since: Instant | None
    error: PollError | None = Field(description="Why it cannot be read, while that is so.")
    detail: str | None = Field(description="The same, for people.")
    created_at: Instant


class CalendarList(Model):
    """A couple's calendars that are read from their addresses, the oldest first."""

    items: tuple[CalendarView, ...]
