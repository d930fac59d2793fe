"""The nudges service, wired: fan-out of decisions, delivery of tasks. The only place where its parts meet."""

import asyncio
from dataclasses import dataclass

from threedates.core.addresses import Rules
from threedates.core.outbound import LinkMaker
from threedates.core.retry import plan
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.clock import Clock, system_clock
from threedates.edge.endpoints import Endpoints
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import NUDGES_DELIVER, NUDGES_FANOUT
from threedates.edge.webhook_client import WebhookClient
from threedates.edge.wire import Wire
from threedates.nudges.deliver import Deliverer, Planner, batch_size
from threedates.nudges.fanout import FanOut

BATCH = 256
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the service's consumers are handled by, and what has to be closed."""

    fan_out: FanOut
    deliverer: Deliverer
    client: WebhookClient
    keeping: tuple[asyncio.Task[None], ...]


class Nudges(Service[Handlers]):
    """A service that lets deliveries under way end before its connection goes."""

    async def stop(self) -> None:
        """Take no new tasks, finish those in hand within a few seconds, then close."""
        if self._handlers is not None:
            await self._handlers.deliverer.finish(GRACE_SECONDS)
        await super().stop()


def make(settings: Settings, clock: Clock = system_clock, how_next: Planner = plan) -> Nudges:
    """The nudges service, not started yet. Raises Misconfigured where the key for links is missing."""
    links = LinkMaker(settings.link_key, settings.base_url)

    async def begin(wire: Wire) -> Handlers:
        client = WebhookClient(Rules(settings.allow_networks, settings.allow_ports))
        broker_clock = BrokerClock(wire, wire.names.deliveries, clock)
        await broker_clock.ask()
        deliverer = Deliverer(wire, settings, clock, client, broker_clock, how_next)
        keeping = (asyncio.create_task(deliverer.keep_alive()), asyncio.create_task(broker_clock.keep()))
        return Handlers(FanOut(wire, clock, Endpoints(wire), links), deliverer, client, keeping)

    async def end(handlers: Handlers) -> None:
        for task in handlers.keeping:
            task.cancel()
        await handlers.client.aclose()

    service = Nudges("nudges", settings, begin, end)
    service.consume(NUDGES_FANOUT, BATCH, lambda handlers: handlers.fan_out.on_decisions)
    service.consume(NUDGES_DELIVER, batch_size(settings), lambda handlers: handlers.deliverer.on_tasks)
    return service
