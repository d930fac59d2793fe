"""The health of endpoints: since when one brings nothing but failures, who is warned, when it is disabled and is back.

The state stands in the endpoint's record, by compare-and-set. A success writes nothing unless the endpoint was failing;
a failure writes only where it is the first. The course is the broker's: probes on a schedule, each an ``endpoint.test``
that fails, and warns, or succeeds, and ends it. What is told is told before it is written down: once at least, under
one id.
"""

import logging
from collections import OrderedDict
from datetime import datetime

from threedates.core.health import LEVELS, at_level, next_level, next_probe
from threedates.core.webhook import body_of, matches
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.handing_on import hand_on
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339
from threedates.schemas.log import encode
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import Delivery, Webhook, WebhookData, WebhookEndpoint, WebhookType

logger = logging.getLogger("threedates")
PROBE = "probe"
_REMEMBERED = 10_000


def is_probe(task: Delivery) -> bool:
    """Whether a task asks an endpoint, by schedule, if it is back."""
    return task.type == "endpoint.test" and task.stage == PROBE


def may_go(task: Delivery, endpoint: KeptEndpoint) -> bool:
    """Whether the endpoint's state lets a task go to it: tests always, probes while their course lasts."""
    if is_probe(task):
        return task.first_at == endpoint.failing_since and endpoint.disabled in (None, "failing")
    return task.type == "endpoint.test" or endpoint.disabled is None


class Health:
    """Keeps it. Raises Unavailable only where a step of the course would be lost otherwise."""

    def __init__(self, wire: Wire, endpoints: Endpoints, couples: Couples, broker_clock: BrokerClock) -> None:
        self._wire = wire
        self._broker_clock = broker_clock
        self._endpoints = endpoints
        self._couples = couples
        # Endpoints known to fail whose probe this process has seen to: a restart sees to it once more.
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    async def succeeded(self, endpoint: KeptEndpoint) -> None:
        """An attempt succeeded: the course ends, and a disabled endpoint is enabled unless that was by hand."""
        if endpoint.failing_since is None and endpoint.id not in self._seen and endpoint.disabled in (None, "by_hand"):
            return
        before: list[KeptEndpoint] = []

        def well(old: KeptEndpoint) -> KeptEndpoint:
            before[:] = [old]
            return _well(old)

        try:
            await self._endpoints.change(endpoint.id, well)
            for old in before:
                if old.failing_since is not None:
                    await self._wire.purge(self._wire.names.deliveries, self._probe_subject(old, old.failing_since))
        except (Unavailable, Conflict) as error:
            logger.debug("%s is well, which was not written down: %r", endpoint.id, error)
            return
        self._seen.pop(endpoint.id, None)
        if endpoint.disabled in ("gone", "failing"):
            logger.warning("endpoint %s answers again and is enabled", endpoint.id)

    async def failed(self, task: Delivery, endpoint: KeptEndpoint, now: datetime) -> None:
        """An attempt failed: a repeated one begins the course, a probe takes it on."""
        if is_probe(task):
            await self._further(endpoint, now)
            return
        is_known = endpoint.failing_since is not None and self._seen.get(endpoint.id) == endpoint.failing_since
        # What fails once is tried again in seconds; that alone is not worth writing down.
        if is_known or task.attempt < 2 or endpoint.disabled is not None:
            return
        try:
            kept = await self._endpoints.change(endpoint.id, lambda old: _failing(old, now))
            if kept is not None:
                await self._see_to_probe(kept)
        except (Unavailable, Conflict) as error:
            logger.debug("%s fails, which was not written down: %r", endpoint.id, error)

    async def gone(self, task: Delivery, now: datetime) -> None:
        """An endpoint answered 410: disable it, and tell the others that hear the couple. Raises Unavailable."""
        gone = await self._endpoints.disable_gone(task.endpoint_id)
        if gone is None:
            return
        logger.warning("endpoint %s answered 410 Gone and is disabled", gone.id)
        message = f"The endpoint {gone.id} answered 410 Gone and gets nothing more until it is enabled again."
        await self._tell(gone, f"disabled-{int(now.timestamp())}", message, now, {task.couple_id})

    async def _further(self, endpoint: KeptEndpoint, now: datetime) -> None:
        since = endpoint.failing_since
        if since is None:
            return
        level = next_level(since, endpoint.warned, now)
        if level is not None:
            await self._speak(endpoint, level, since, now)
        warned = max(level or 0, endpoint.warned)

        def stepped(old: KeptEndpoint) -> KeptEndpoint:
            if old.failing_since != since:
                return old
            is_over = warned >= LEVELS[-1] and old.disabled is None
            changes = {"warned": warned, "warned_at": now, "disabled": "failing" if is_over else old.disabled}
            return old.model_copy(update=changes)

        kept = await self._endpoints.change(endpoint.id, stepped)
        if kept is not None and kept.failing_since == since:
            await self._see_to_probe(kept)

    async def _speak(self, endpoint: KeptEndpoint, level: int, since: datetime, now: datetime) -> None:
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

    async def _see_to_probe(self, endpoint: KeptEndpoint) -> None:
        """Have the next probe on its schedule; done twice, it is there once."""
        since = endpoint.failing_since
        if since is None:
            return
        at = next_probe(since, endpoint.warned, endpoint.warned_at)
        if at is not None:
            couple_id = _couple_of(endpoint)
            target = self._wire.names.deliver(couple_id, endpoint.id)
            probe = _probe(endpoint, couple_id, since)
            await self._wire.schedule(
                self._probe_subject(endpoint, since), target, self._broker_clock(at), encode(probe)
            )
        self._seen[endpoint.id] = since
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _probe_subject(self, endpoint: KeptEndpoint, since: datetime) -> str:
        """Where the next probe waits. Its id holds the step: it is never that of a schedule that has just fired."""
        return self._wire.names.retry(_couple_of(endpoint), endpoint.id, _probe_id(endpoint, since))

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
        couple_id = _couple_of(other) if _couple_of(about) == NOBODY else _couple_of(about)
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


def _couple_of(endpoint: KeptEndpoint) -> str:
    return NOBODY if endpoint.owner.startswith("key-") else endpoint.owner


def _failing(old: KeptEndpoint, now: datetime) -> KeptEndpoint:
    if old.failing_since is not None or old.disabled is not None:
        return old
    return old.model_copy(update={"failing_since": now, "warned": 0, "warned_at": None})


def _well(old: KeptEndpoint) -> KeptEndpoint:
    disabled = old.disabled if old.disabled == "by_hand" else None
    return old.model_copy(update={"failing_since": None, "warned": 0, "warned_at": None, "disabled": disabled})


def _probe_id(endpoint: KeptEndpoint, since: datetime) -> str:
    spoken_at = int((endpoint.warned_at or since).timestamp())
    return f"{endpoint.id}-probe-{int(since.timestamp())}-{endpoint.warned}-{spoken_at}"


def _probe(endpoint: KeptEndpoint, couple_id: str, since: datetime) -> Delivery:
    message_id = _probe_id(endpoint, since)
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
