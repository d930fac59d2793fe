"""How a couple stands, as ``GET …/status`` and ``threedates explain`` give it."""

from typing import Literal

from threedates.schemas.base import Instant, Kind, Model
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Because


class KindStatus(Model):
    """One kind: where it stands, and why. Instants in UTC."""

    state: Literal["fresh", "due", "overdue", "lapsed", "paused"]
    last_held: Instant | None
    due_at: Instant
    floor_at: Instant
    planner: str
    date: DateRecord | None
    because: tuple[Because, ...]


class CoupleStatus(Model):
    """All three kinds at one instant, and when the couple is looked at next."""

    as_of: Instant
    next_look: Instant | None
    paused: bool
    paused_until: Instant | None = None
    kinds: dict[Kind, KindStatus]
