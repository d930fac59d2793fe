"""The health of endpoints: since when one brings nothing but failures, who is warned, when it is disabled and is back.

The state stands in the endpoint's record, by compare-and-set. A success writes nothing unless the endpoint was failing;
a failure writes only where it is the first. The course is the broker's: probes on a schedule, each an ``endpoint.test``
that fails, and warns, or succeeds, and ends it. What is told is told before it is written down: once at least, under
one id.
"""

import logging
from collections import OrderedDict
from datetime import datetime

from threedates.core.health import LEVELS, next_level, next_probe
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.wire import Wire
from threedates.nudges.news import EndpointNews
from threedates.nudges.probing import is_probe, owning_couple, probe, probe_id
from threedates.schemas.log import encode
from threedates.schemas.webhook import Delivery

logger = logging.getLogger("threedates")
_REMEMBERED = 10_000


class Health:
    """Keeps it. Raises Unavailable only where a step of the course would be lost otherwise."""

    def __init__(self, wire: Wire, endpoints: Endpoints, couples: Couples, broker_clock: BrokerClock) -> None:
        self._wire = wire
        self._broker_clock = broker_clock
        self._endpoints = endpoints
        self._news = EndpointNews(wire, endpoints, couples)
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
        if gone is not None:
            await self._news.gone(gone, task.couple_id, now)

    async def _further(self, endpoint: KeptEndpoint, now: datetime) -> None:
        since = endpoint.failing_since
        if since is None:
            return
        level = next_level(since, endpoint.warned, now)
        if level is not None:
            await self._news.failing(endpoint, level, since, now)
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

    async def _see_to_probe(self, endpoint: KeptEndpoint) -> None:
        """Have the next probe on its schedule; done twice, it is there once."""
        since, names = endpoint.failing_since, self._wire.names
        if since is None:
            return
        at = next_probe(since, endpoint.warned, endpoint.warned_at)
        if at is not None:
            subject, target = self._probe_subject(endpoint, since), names.deliver(owning_couple(endpoint), endpoint.id)
            await self._wire.schedule(subject, target, self._broker_clock(at), encode(probe(endpoint, since)))
        self._seen[endpoint.id] = since
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _probe_subject(self, endpoint: KeptEndpoint, since: datetime) -> str:
        """Where the next probe waits."""
        return self._wire.names.retry(owning_couple(endpoint), endpoint.id, probe_id(endpoint, since))


def _failing(old: KeptEndpoint, now: datetime) -> KeptEndpoint:
    if old.failing_since is not None or old.disabled is not None:
        return old
    return old.model_copy(update={"failing_since": now, "warned": 0, "warned_at": None})


def _well(old: KeptEndpoint) -> KeptEndpoint:
    disabled = old.disabled if old.disabled == "by_hand" else None
    return old.model_copy(update={"failing_since": None, "warned": 0, "warned_at": None, "disabled": disabled})
