"""A test webhook, sent because somebody asked for one by hand."""

import secrets
from datetime import datetime

from threedates.core.webhook import body_of
from threedates.edge.endpoints import KeptEndpoint
from threedates.edge.wire import Wire
from threedates.schemas.log import encode
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import Delivery, Webhook, WebhookData


async def send_test(wire: Wire, endpoint: KeptEndpoint, couple_id: str | None, now: datetime) -> str:
    """Send an ``endpoint.test``; returns its ``webhook-id``. No couple for an endpoint of a key. Raises Unavailable."""
    message_id = f"{endpoint.owner}-test-{secrets.token_hex(6)}"
    data = WebhookData(
        event_id=message_id,
        couple_id=couple_id,
        title="A test",
        message="This is what a webhook looks like. Somebody asked for it by hand; nothing has happened.",
    )
    task = Delivery(
        message_id=message_id,
        endpoint_id=endpoint.id,
        couple_id=couple_id or NOBODY,
        type="endpoint.test",
        body=body_of(Webhook(type="endpoint.test", timestamp=now, data=data)),
        first_at=now,
    )
    await wire.publish(wire.names.deliver(task.couple_id, endpoint.id), encode(task))
    return message_id
