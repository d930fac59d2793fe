"""Handing a delivery task on to the nudges service, from whoever has something to tell an endpoint."""

from threedates.edge.wire import Wire
from threedates.schemas.log import encode
from threedates.schemas.webhook import Delivery

_MESSAGE_ID = "Nats-Msg-Id"


async def hand_on(wire: Wire, task: Delivery) -> None:
    """Store the task, once within the broker's window for duplicates. Raises Unavailable."""
    headers = {_MESSAGE_ID: f"{task.message_id}/{task.endpoint_id}"}
    await wire.publish(wire.names.deliver(task.couple_id, task.endpoint_id), encode(task), headers)
