"""What went to an endpoint, and sending it again."""

from pydantic import Field

from threedates.schemas.base import Instant, Model
from threedates.schemas.http.common import examples
from threedates.schemas.webhook import Attempt


class AttemptList(Model):
    """Delivery attempts, the newest first; they are kept for 30 days.

    ``next`` is the ``before`` of the page that follows, null on the last. A page may be short though others follow.
    """

    items: tuple[Attempt, ...]
    next: int | None


class ReplayBody(Model):
    """What to send again: one message, all that was sent from one instant to another, or what was given up."""

    model_config = examples(
        {"message_id": "c1-fun-3-due-a"},
        {"dead": True},
        {"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z"},
    )

    message_id: str | None = Field(default=None, max_length=256, description="One message, by its webhook-id.")
    since: Instant | None = Field(default=None, description="Whatever was attempted from then on, whatever came of it.")
    until: Instant | None = Field(default=None, description="Up to and including then. Default: now.")
    dead: bool = Field(default=False, description="Dead letters alone; all of them without since and until.")


class Replayed(Model):
    """How many messages go again. Where one call does not take them all, ``next`` is the ``since`` of the next call."""

    count: int
    next: Instant | None
