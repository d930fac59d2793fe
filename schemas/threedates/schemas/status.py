"""How a couple stands, as ``GET …/status`` and ``threedates explain`` give it."""

from typing import Literal

from threedates.schemas.base import Instant, Kind, Model
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Because
from threedates.schemas.webhook import Disabled


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


class CoupleStatus(Model):
    """All three kinds at one instant, when the couple is looked at next, and which endpoints are in trouble.

    ``endpoints`` are the couple's own and its API key's, where failing or disabled; empty where all is well.
    """

    as_of: Instant
    next_look: Instant | None
    paused: bool
    paused_until: Instant | None = None
    kinds: dict[Kind, KindStatus]
    endpoints: tuple[EndpointTrouble, ...] = ()
