"""News of an endpoint: that it fails, or is disabled, told to the other endpoints that hear its owner.

Once at least, under one id: the course of an endpoint goes on only after it has been told.
"""

import logging
from datetime import datetime

from threedates.core.health import LEVELS, at_level
from threedates.core.webhook import body_of, matches
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.edge.handing_on import hand_on
from threedates.edge.wire import Wire
from threedates.nudges.probing import owning_couple
from threedates.schemas.base import rfc3339
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import Delivery, Webhook, WebhookData, WebhookEndpoint, WebhookType

logger = logging.getLogger("threedates")


class EndpointNews:
    """Tells it. Raises Unavailable."""

    def __init__(self, wire: Wire, endpoints: Endpoints, couples: Couples) -> None:
        self._wire = wire
        self._endpoints = endpoints
        self._couples = couples

    async def gone(self, gone: KeptEndpoint, couple_id: str, now: datetime) -> None:
        """It answered 410 to something of that couple's, whose own endpoints hear of it as well."""
        logger.warning("endpoint %s answered 410 Gone and is disabled", gone.id)
        message = f"The endpoint {gone.id} answered 410 Gone and gets nothing more until it is enabled again."
        await self._tell(gone, f"disabled-{int(now.timestamp())}", message, now, {couple_id})

    async def failing(self, endpoint: KeptEndpoint, level: int, since: datetime, now: datetime) -> None:
        """It has been failing since then, for so many percent of the time after which it is disabled."""
        begun = int(since.timestamp())
        if level >= LEVELS[-1]:
            logger.warning("endpoint %s has failed for five days and is disabled", endpoint.id)
            message = f"Nothing has got through to the endpoint {endpoint.id} since {rfc3339(since)}; it is disabled."
            over = endpoint.model_copy(update={"disabled": "failing"})
            await self._tell(over, f"disabled-{begun}", message, now)
            return
        logger.warning("endpoint %s has been failing for %d %% of five days", endpoint.id, level)
        message = (
            f"Nothing has got through to the endpoint {endpoint.id} since {rfc3339(since)}. "
            f"Unless something does, it will be disabled from {rfc3339(at_level(since, LEVELS[-1]))} on."
        )
        await self._tell(endpoint, f"failing-{level}-{begun}", message, now)

    async def _tell(
        self, about: KeptEndpoint, event: str, message: str, now: datetime, couples: set[str] | None = None
    ) -> None:
        """Tell whoever else hears the owner, and those couples."""
        heard_by = {about.owner, *(couples or ())} - {NOBODY}
        for couple_id in [owner for owner in heard_by if not owner.startswith("key-")]:
            state = await self._couples.load(couple_id)
            if state is not None:
                heard_by.add(key_owner(state.key_id))
        webhook_type: WebhookType = "endpoint.failing" if about.disabled is None else "endpoint.disabled"
        for others in (await self._endpoints.of_owners(heard_by)).values():
            for other in others:
                if other.id != about.id and matches(other, webhook_type, None, None):
                    await self._hand_on(about, other, webhook_type, f"{about.id}-{event}", message, now)

    async def _hand_on(
        self, about: KeptEndpoint, other: KeptEndpoint, kind: WebhookType, event_id: str, message: str, now: datetime
    ) -> None:
        couple_id = owning_couple(other) if owning_couple(about) == NOBODY else owning_couple(about)
        data = WebhookData(
            event_id=event_id,
            couple_id=None if couple_id == NOBODY else couple_id,
            state=about.disabled or "failing",
            title="A webhook endpoint is failing" if kind == "endpoint.failing" else "A webhook endpoint was disabled",
            message=message,
            endpoint=WebhookEndpoint(id=about.id, failing_since=about.failing_since, disabled=about.disabled),
        )
        news = Delivery(
            message_id=event_id,
            endpoint_id=other.id,
            couple_id=couple_id,
            type=kind,
            body=body_of(Webhook(type=kind, timestamp=now, data=data)),
            first_at=now,
        )
        await hand_on(self._wire, news)
