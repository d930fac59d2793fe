"""What receivers get: the body of a webhook, and the record of a delivery on its way.

Bodies are signed as Standard Webhooks; ``webhook-id`` is the nudge's or event's id on every attempt.
"""

from typing import Any, Literal

from pydantic import Field

from threedates.schemas.base import Instant, Kind, Model
from threedates.schemas.dates import DateRecord, DateStatus
from threedates.schemas.outcomes import Because

WebhookType = Literal[
    "nudge.proposed",
    "nudge.due",
    "nudge.overdue",
    "nudge.floor",
    "nudge.check_in",
    "nudge.time_apart",
    "date.scheduled",
    "date.moved",
    "date.cancelled",
    "date.held",
    "endpoint.test",
    "endpoint.failing",
    "endpoint.disabled",
    "calendar.failing",
]


class WebhookDate(Model):
    """The date a webhook speaks of; instants in UTC, ``tz`` the zone to show them in."""

    uid: str
    start: Instant
    end: Instant
    tz: str
    status: DateStatus


class Actions(Model):
    """Links that answer the nudge: a GET asks, a POST acts. Each is a capability: keep it to the addressee."""

    accept: str | None = None
    move: str | None = None
    held: str | None = None
    snooze: str | None = None
    skip: str | None = None


Disabled = Literal["gone", "by_hand", "failing"]
"""Why an endpoint gets nothing: it answered 410, somebody said so, or it failed for five days."""


class WebhookEndpoint(Model):
    """The endpoint that ``endpoint.failing`` and ``endpoint.disabled`` speak of."""

    id: str
    failing_since: Instant | None = None
    disabled: Disabled | None = None


PollError = Literal[
    "not_found",
    "gone",
    "forbidden",
    "http_error",
    "not_reachable",
    "address_refused",
    "too_large",
    "too_slow",
    "not_a_calendar",
    "too_costly",
]
"""Why a partner's calendar cannot be read from its address."""


class WebhookCalendar(Model):
    """A partner's calendar that cannot be read, as ``calendar.failing`` tells it; tried again at ``next_poll``.

    Null means never.
    """

    id: str
    error: PollError
    failing_since: Instant
    next_poll: Instant | None


class WebhookData(Model):
    """The data of a webhook. Nudges carry ``nudge_id``, all others ``event_id``; ``sequence`` orders a couple's."""

    nudge_id: str | None = None
    event_id: str | None = None
    couple_id: str | None = None
    external_id: str | None = None
    sequence: int | None = None
    kind: Kind | None = None
    state: str | None = None
    for_: str | None = Field(default=None, alias="for")
    title: str
    message: str
    date: WebhookDate | None = None
    actions: Actions | None = None
    endpoint: WebhookEndpoint | None = None
    calendar: WebhookCalendar | None = None
    because: tuple[Because, ...] = ()


class Webhook(Model):
    """The whole body."""

    type: WebhookType
    timestamp: Instant
    data: WebhookData


class Endpoint(Model):
    """A webhook receiver. ``owner`` is a couple's id, or ``key-…`` where it hears all couples of an API key."""

    id: str
    owner: str
    url: str
    secret: str = Field(repr=False)
    format: str = "standard"
    headers: dict[str, str] = Field(default_factory=dict, repr=False)
    per_minute: int | None = None
    types: tuple[str, ...] = ("nudge.*", "date.*", "endpoint.*", "calendar.*")
    kinds: tuple[Kind, ...] | None = None
    partners: tuple[str, ...] | None = None
    disabled: Disabled | None = None
    created_at: Instant


InviteNews = Literal["set", "moved", "asked", "idea", "off", "by_mail", "by_feed"]
"""What an invite by mail says of its date: it is set, it moved, another time is asked about, it has another idea, it is
off; or that its invites come by mail from now on, or no longer do."""


class Delivery(Model):
    """One task: this body to that endpoint. ``attempt`` counts from 1; ``stage`` names what must still hold.

    ``slot`` is set where the endpoint's rate has given it a time, which is its own. A task for mail names no address:
    that is looked up when it is sent. It has the ``body`` of a nudge, or says in ``invite`` what is new of a ``date``.
    """

    v: Literal[1] = 1
    message_id: str
    endpoint_id: str
    couple_id: str
    type: WebhookType
    body: str
    decided_seq: int = 0
    kind: Kind | None = None
    cycle: int = 0
    stage: str = ""
    addressee: str | None = None
    attempt: int = 1
    first_at: Instant
    replayed: bool = False
    slot: Instant | None = None
    invite: InviteNews | None = None
    date: DateRecord | None = None


AttemptOutcome = Literal["delivered", "retrying", "dead", "dropped", "held"]


class Attempt(Model):
    """What became of one attempt. Latency in milliseconds; response bodies are not kept.

    ``sequence`` is the webhook's own, 0 where it has none; with it the message can be made again.
    """

    v: Literal[1] = 1
    message_id: str
    endpoint_id: str
    couple_id: str
    type: WebhookType
    attempt: int
    at: Instant
    outcome: AttemptOutcome
    status: int | None = None
    error: str | None = None
    latency_ms: int | None = None
    next_at: Instant | None = None
    sequence: int = 0


class DeadLetter(Model):
    """A delivery that was given up, or a message no handler could take, with all it needs to go again."""

    v: Literal[1] = 1
    at: Instant
    reason: str
    subject: str
    delivery: Delivery | None = None
    body: str | None = None
    headers: dict[str, Any] | None = None
