"""The nudges service, wired: fan-out of decisions, delivery of tasks. The only place where its parts meet."""

import asyncio
from dataclasses import dataclass
from ssl import SSLContext

from threedates.core.addresses import Rules
from threedates.core.mail.addresses import sender
from threedates.core.outbound import LinkMaker
from threedates.core.retry import plan
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.clock import Clock, system_clock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints
from threedates.edge.mail_client import MailClient
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import NUDGES_DELIVER, NUDGES_FANOUT
from threedates.edge.webhook_client import WebhookClient
from threedates.edge.wire import Wire
from threedates.nudges.concluding import Planner
from threedates.nudges.deliver import Deliverer, batch_size
from threedates.nudges.fanout import FanOut
from threedates.nudges.mailing import Mailing
from threedates.nudges.trying import Trying

BATCH = 256
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the service's consumers are handled by, and what has to be closed."""

    fan_out: FanOut
    deliverer: Deliverer
    client: WebhookClient
    mailing: Mailing | None
    keeping: tuple[asyncio.Task[None], ...]


class Nudges(Service[Handlers]):
    """A service that lets deliveries under way end before its connection goes."""

    async def stop(self) -> None:
        """Take no new tasks, finish those in hand within a few seconds, then close."""
        if self._handlers is not None:
            await self._handlers.deliverer.finish(GRACE_SECONDS)
        await super().stop()


def make(
    settings: Settings, clock: Clock = system_clock, how_next: Planner = plan, tls: SSLContext | None = None
) -> Nudges:
    """The nudges service, not started yet. Raises Misconfigured where the key for links is missing.

    ``tls`` is what the mail server's certificate is checked with; the system's authorities by default.
    """
    links = LinkMaker(settings.link_key, settings.base_url)

    async def begin(wire: Wire) -> Handlers:
        client = WebhookClient(Rules(settings.allow_networks, settings.allow_ports))
        broker_clock = BrokerClock(wire, wire.names.deliveries, clock)
        await broker_clock.ask()
        mailing = _mailing(settings, links, clock, tls)
        trying = Trying(wire, settings, clock, client, broker_clock, how_next, mailing)
        deliverer = Deliverer(wire, settings, clock, trying)
        fan_out = FanOut(wire, clock, Endpoints(wire), links, Couples(wire) if mailing is not None else None)
        keeping = (asyncio.create_task(deliverer.keep_alive()), asyncio.create_task(broker_clock.keep()))
        return Handlers(fan_out, deliverer, client, mailing, keeping)

    async def end(handlers: Handlers) -> None:
        for task in handlers.keeping:
            task.cancel()
        await handlers.client.aclose()
        if handlers.mailing is not None:
            await handlers.mailing.aclose()

    service = Nudges("nudges", settings, begin, end)
    service.consume(NUDGES_FANOUT, BATCH, lambda handlers: handlers.fan_out.on_decisions)
    service.consume(NUDGES_DELIVER, batch_size(settings), lambda handlers: handlers.deliverer.on_tasks)
    return service


def _mailing(settings: Settings, links: LinkMaker, clock: Clock, tls: SSLContext | None) -> Mailing | None:
    """What sends mail; None where no mail server is set."""
    server = settings.mail_server
    if server is None:
        return None
    hello = sender(settings.mail_from)[1].rpartition("@")[2]
    return Mailing(MailClient(server, hello, settings.webhook_timeout, tls), settings, links, clock)
