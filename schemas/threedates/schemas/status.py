"""How a couple stands, as ``GET …/status`` and ``threedates explain`` give it."""

from typing import Annotated, Literal

from pydantic import Field

from threedates.schemas.base import Instant, Kind, Model
from threedates.schemas.dates import DateChange, DateRecord
from threedates.schemas.outcomes import Because
from threedates.schemas.webhook import Disabled, WebhookCalendar


class KindStatus(Model):
    """One kind: where it stands, and why. Instants in UTC."""

    state: Literal["fresh", "due", "overdue", "lapsed", "paused"]
    last_held: Instant | None
    due_at: Instant
    floor_at: Instant
    planner: str
    date: DateRecord | None
    because: tuple[Because, ...]


class EndpointTrouble(Model):
    """An endpoint that nothing gets through to, since when, and why it is disabled if it is."""

    id: str
    failing_since: Instant | None
    disabled: Disabled | None


class CalendarTrouble(WebhookCalendar):
    """A partner's own calendar that cannot be read from its address, and why."""

    partner: str


class ComingDate(Model):
    """A date would come into being or change then."""

    type: Literal["date"] = "date"
    at: Instant
    kind: Kind
    change: DateChange
    start: Instant
    end: Instant


class ComingNudge(Model):
    """Somebody would be nudged then; the stage is the log's: proposed, due, overdue-1 … or floor."""

    type: Literal["nudge"] = "nudge"
    at: Instant
    kind: Kind | None
    stage: str
    addressee: str


class ComingResume(Model):
    """The pause would be over then."""

    type: Literal["resume"] = "resume"
    at: Instant


Coming = Annotated[ComingDate | ComingNudge | ComingResume, Field(discriminator="type")]
"""What would come if nothing happened any more. It has no id: nothing of it exists yet, and any answer changes it."""


class CoupleStatus(Model):
    """All three kinds at one instant, what comes next, and which endpoints and calendars are in trouble.

    ``next_look`` is when the couple is looked at next, ``coming`` the next five things that would come of looks if
    nothing happened, in order. ``endpoints`` are the couple's own and its API key's, where failing or disabled, and
    ``calendars`` the partners' own that cannot be read; empty where all is well.
    """

    as_of: Instant
    next_look: Instant | None
    paused: bool
    paused_until: Instant | None = None
    kinds: dict[Kind, KindStatus]
    coming: tuple[Coming, ...] = ()
    endpoints: tuple[EndpointTrouble, ...] = ()
    calendars: tuple[CalendarTrouble, ...] = ()
