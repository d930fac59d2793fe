"""The probes of a failing endpoint: each an ``endpoint.test`` by schedule, which asks it if it is back."""

from datetime import datetime

from threedates.core.webhook import body_of
from threedates.edge.endpoints import KeptEndpoint
from threedates.schemas.base import rfc3339
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import Delivery, Webhook, WebhookData

PROBE = "probe"


def is_probe(task: Delivery) -> bool:
    """Whether a task asks an endpoint, by schedule, if it is back."""
    return task.type == "endpoint.test" and task.stage == PROBE


def may_go(task: Delivery, endpoint: KeptEndpoint) -> bool:
    """Whether the endpoint's state lets a task go to it: tests always, probes while their course lasts."""
    if is_probe(task):
        return task.first_at == endpoint.failing_since and endpoint.disabled in (None, "failing")
    return task.type == "endpoint.test" or endpoint.disabled is None


def owning_couple(endpoint: KeptEndpoint) -> str:
    """The couple that an endpoint belongs to; nobody where it is a key's."""
    return NOBODY if endpoint.owner.startswith("key-") else endpoint.owner


def probe_id(endpoint: KeptEndpoint, since: datetime) -> str:
    """The id of the next probe. It holds the step: it is never that of a schedule that has just fired."""
    spoken_at = int((endpoint.warned_at or since).timestamp())
    return f"{endpoint.id}-probe-{int(since.timestamp())}-{endpoint.warned}-{spoken_at}"


def probe(endpoint: KeptEndpoint, since: datetime) -> Delivery:
    """The next probe of an endpoint that fails since then."""
    couple_id = owning_couple(endpoint)
    message_id = probe_id(endpoint, since)
    data = WebhookData(
        event_id=message_id,
        couple_id=None if couple_id == NOBODY else couple_id,
        title="Are you there?",
        message=f"Nothing has got through to this endpoint since {rfc3339(since)}. Any 2xx says that it is back.",
    )
    return Delivery(
        message_id=message_id,
        endpoint_id=endpoint.id,
        couple_id=couple_id,
        type="endpoint.test",
        stage=PROBE,
        body=body_of(Webhook(type="endpoint.test", timestamp=since, data=data)),
        first_at=since,
    )
