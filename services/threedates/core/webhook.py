"""Webhooks as data: a decision's outcome becomes the body receivers get, and an endpoint's filters pick what it hears.

In: the decision with its place in the log, one outcome, the action links. Out: a :class:`Webhook` and its exact bytes.
"""

from typing import Any

from threedates.core.ids import change_id
from threedates.core.walltime import local
from threedates.core.wording import en
from threedates.schemas.base import Kind
from threedates.schemas.dates import DateChange, DateRecord
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome
from threedates.schemas.webhook import Actions, Endpoint, Webhook, WebhookData, WebhookDate, WebhookType

# A format may wrap it, and what is sent stays below 20 kB.
MAX_BODY_BYTES = 19_500
_NUDGES: dict[str, WebhookType] = {
    "proposed": "nudge.proposed",
    "due": "nudge.due",
    "overdue": "nudge.overdue",
    "floor": "nudge.floor",
    "check_in": "nudge.check_in",
    "time_apart": "nudge.time_apart",
}
# A proposal is spoken of by its nudge, and a skipped date is nobody's news.
_CHANGES: dict[DateChange, tuple[WebhookType, str]] = {
    "scheduled": ("date.scheduled", "Your {kind} is set"),
    "moved": ("date.moved", "Your {kind} has moved"),
    "cancelled": ("date.cancelled", "Your {kind} is off"),
    "held": ("date.held", "You had your {kind}"),
}


def addressee_index(nudge_id: str) -> int:
    """Which partner a nudge is addressed to, 0 or 1 in the order they joined; its id ends in ``a`` or ``b``."""
    return "ab".index(nudge_id[-1])


def nudge_type(stage: str) -> WebhookType:
    """The webhook type of a stage; ``overdue-1``, ``overdue-2`` … are all ``nudge.overdue``. Raises KeyError."""
    return _NUDGES[stage.partition("-")[0]]


def nudge_webhook(decision: Decision, sequence: int, nudge: NudgeOutcome, actions: Actions | None) -> Webhook:
    """The webhook of a nudge. ``sequence`` is the decision's place in the log."""
    data = WebhookData(
        nudge_id=nudge.nudge_id,
        couple_id=decision.couple_id,
        external_id=decision.external_id,
        sequence=sequence,
        kind=nudge.kind,
        state=nudge.state,
        for_=nudge.addressee,
        title=nudge.title,
        message=nudge.message,
        date=webhook_date(nudge.date) if nudge.date is not None else None,
        actions=actions,
        because=nudge.because,
    )
    return Webhook(type=nudge_type(nudge.stage), timestamp=decision.at, data=data)


def date_webhook(decision: Decision, sequence: int, outcome: DateOutcome) -> Webhook | None:
    """The webhook of a date's change, or None where the change is nobody's news."""
    found = _CHANGES.get(outcome.change)
    if found is None:
        return None
    date = outcome.date
    data = WebhookData(
        event_id=change_id(decision.couple_id, date.kind, date.n, date.sequence),
        couple_id=decision.couple_id,
        external_id=decision.external_id,
        sequence=sequence,
        kind=date.kind,
        title=found[1].format(kind=en.KIND_NAMES[date.kind]),
        message=_when(date),
        date=webhook_date(date),
        because=outcome.because,
    )
    return Webhook(type=found[0], timestamp=decision.at, data=data)


def webhook_date(date: DateRecord) -> WebhookDate:
    """A date as webhooks show it."""
    return WebhookDate(uid=date.uid, start=date.start, end=date.end, tz=date.tz, status=date.status)


def body_of(webhook: Webhook) -> str:
    """The body, as JSON under 20 kB: where the reasons are too many the last ones are left out.

    Of ``nudge_id`` and ``event_id`` only the one that applies is there; ``kind`` and the rest are null where empty.
    """
    text = _dump(webhook)
    while len(text.encode()) > MAX_BODY_BYTES and webhook.data.because:
        data = webhook.data.model_copy(update={"because": webhook.data.because[:-1]})
        webhook = webhook.model_copy(update={"data": data})
        text = _dump(webhook)
    return text


def matches(endpoint: Endpoint, webhook_type: str, kind: Kind | None, partner: str | None) -> bool:
    """Whether an endpoint wants that. What has no kind or no addressee passes the filter on it."""
    if endpoint.disabled is not None or not any(_covers(pattern, webhook_type) for pattern in endpoint.types):
        return False
    if endpoint.kinds is not None and kind is not None and kind not in endpoint.kinds:
        return False
    if endpoint.partners is None or partner is None:
        return True
    return partner.casefold() in (name.casefold() for name in endpoint.partners)


def _covers(pattern: str, webhook_type: str) -> bool:
    if pattern.endswith("*"):
        return webhook_type.startswith(pattern[:-1])
    return webhook_type == pattern


def _dump(webhook: Webhook) -> str:
    data = webhook.data
    unused = "nudge_id" if data.nudge_id is None else "event_id"
    no_link = {name for name, link in data.actions or () if link is None}
    left_out: dict[str, Any] = {unused: True, "actions": no_link}
    left_out |= {name: True for name in ("endpoint", "calendar") if getattr(data, name) is None}
    return webhook.model_dump_json(by_alias=True, exclude={"data": left_out})


def _when(date: DateRecord) -> str:
    """The date's own wall-clock time, for people."""
    start, end = local(date.start, date.tz), local(date.end, date.tz)
    day = f"{start:%A}, {start.day} {start:%B}"
    return f"{day}, {start:%H:%M} to {end:%H:%M} ({date.tz})."
