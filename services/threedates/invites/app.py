"""The invites service, wired: decisions in, rendered dates in their bucket. The only place where its parts meet."""

from threedates.edge.clock import Clock, system_clock
from threedates.edge.couples import Couples
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import INVITES
from threedates.edge.wire import Wire
from threedates.invites.handlers import Handlers

BATCH = 128


def make(settings: Settings, clock: Clock = system_clock) -> Service[Handlers]:
    """The invites service, not started yet."""

    async def begin(wire: Wire) -> Handlers:
        return Handlers(wire, clock, Couples(wire), settings.mail_from or None)

    service = Service("invites", settings, begin)
    service.consume(INVITES, BATCH, lambda handlers: handlers.on_decisions)
    return service
