"""What several calls share: who says so and when, that it was taken in, and what went wrong.

Over HTTP ``id`` and ``at`` may be left out: the id comes from ``Idempotency-Key``, or is fresh, and the time is now.
"""

from typing import Any

from pydantic import ConfigDict, Field

from threedates.schemas.base import EventId, Instant, Model, PartnerName
from threedates.schemas.status import CoupleStatus

ONCE = "Sent twice, it counts once. Default: from Idempotency-Key, else a fresh one."
ID = Field(default=None, description=ONCE)
AT = Field(default=None, description="When it was so. Default: now.")
BY = Field(description="The name of the partner who says so.")


def examples(*shown: dict[str, Any]) -> ConfigDict:
    """The configuration of a model that shows these bodies in the reference."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})


class ByBody(Model):
    """Who says so."""

    model_config = examples({"by": "sam"})

    by: PartnerName = BY
    id: EventId | None = ID
    at: Instant | None = AT


class Accepted(Model):
    """Taken in. Sent again with the same id it changes nothing."""

    id: EventId


class Looked(Accepted):
    """Taken in, and how the couple stands after the wait."""

    status: CoupleStatus


class ProblemDetail(Model):
    """What went wrong (RFC 9457). ``code`` never changes its meaning; ``field`` is the JSON path of what was wrong."""

    model_config = examples(
        {
            "type": "https://threedates.example.org/docs#invalid",
            "title": "The input does not fit",
            "status": 422,
            "detail": "mood should be less than or equal to 5",
            "code": "invalid",
            "field": "mood",
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
