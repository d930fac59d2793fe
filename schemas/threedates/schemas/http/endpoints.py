"""Webhook receivers: made, changed and shown."""

from typing import Annotated

from pydantic import Field, StringConstraints

from threedates.schemas.base import CoupleId, Instant, Kind, Model, PartnerName
from threedates.schemas.http.common import examples
from threedates.schemas.webhook import Disabled

WebhookFilter = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\*|nudge\.(\*|proposed|due|overdue|floor|check_in|time_apart)"
        r"|date\.(\*|scheduled|moved|cancelled|held)|endpoint\.(\*|test|failing|disabled)|calendar\.(\*|failing))$"
    ),
]
"""A webhook type, or all that begin alike: ``nudge.due``, ``nudge.*``, ``*``."""
_TYPES = ("nudge.*", "date.*", "endpoint.*", "calendar.*")
_FORMAT = "standard, cloudevents, cloudevents-binary, slack, discord, ntfy or home-assistant."
_HEADERS = "Sent with every webhook: Authorization, Api-Key, Apikey or X-… Values are never shown again."
_PER_MINUTE = "At most so many deliveries a minute; what is more waits. Default: what the format's receivers take."


class _Wanted(Model):
    """What may be asked of an endpoint, made or changed."""

    url: str = Field(min_length=1, max_length=2048)
    format: str = Field(default="standard", max_length=32, description=_FORMAT)
    headers: dict[str, str] = Field(default_factory=dict, max_length=10, description=_HEADERS, repr=False)
    per_minute: int | None = Field(default=None, ge=1, le=60_000, description=_PER_MINUTE)
    types: tuple[WebhookFilter, ...] = Field(default=_TYPES, min_length=1, max_length=16)
    kinds: tuple[Kind, ...] | None = Field(default=None, min_length=1, max_length=3)
    partners: tuple[PartnerName, ...] | None = Field(default=None, min_length=1, max_length=2)


class EndpointBody(_Wanted):
    """A webhook receiver. ``kinds`` and ``partners`` of null let everything through."""

    model_config = examples({"url": "https://example.org/hook", "types": ["nudge.*"], "kinds": ["fun", "emotional"]})

    secret: str | None = Field(default=None, description="whsec_ and base64 of 24 to 64 bytes. Default: a fresh one.")


class EndpointPatch(_Wanted):
    """What to change of an endpoint; what is left out stays. ``disabled: false`` enables one that was disabled."""

    model_config = examples({"url": "https://example.org/new-hook"}, {"disabled": False})

    url: str = Field(default="", min_length=1, max_length=2048)
    disabled: bool = False


class EndpointView(Model):
    """An endpoint, without its secret; ``couple_id`` is null where it hears all couples of the API key."""

    id: str
    couple_id: CoupleId | None
    url: str
    format: str
    headers: tuple[str, ...] = Field(description="The names of its own headers; their values are not shown.")
    per_minute: int | None
    types: tuple[str, ...]
    kinds: tuple[Kind, ...] | None
    partners: tuple[str, ...] | None
    disabled: Disabled | None = Field(description="Why it gets nothing: a 410, by hand, or five days of failures.")
    failing_since: Instant | None = Field(description="Since when nothing got through to it.")
    warned: int = Field(description="Percent of the way to being disabled at which its failing was last announced.")
    created_at: Instant


class EndpointMade(EndpointView):
    """A new endpoint with its secret, which is shown this once."""

    secret: str = Field(repr=False)


class RotateBody(Model):
    """A new secret for an endpoint."""

    secret: str | None = Field(default=None, description="whsec_ and base64 of 24 to 64 bytes. Default: a fresh one.")


class EndpointRotated(EndpointMade):
    """An endpoint with its new secret, shown this once; until then the one before signs as well."""

    previous_until: Instant


class EndpointList(Model):
    """Endpoints, the oldest first."""

    items: tuple[EndpointView, ...]
