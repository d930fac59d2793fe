"""The intake service, wired: one consumer on the inbox. The only place where its parts meet."""

from threedates.edge.clock import Clock, system_clock
from threedates.edge.couples import Couples
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import INTAKE
from threedates.edge.wire import Wire
from threedates.intake.handlers import Handlers
from threedates.intake.known import Known

BATCH = 256


def make(settings: Settings, clock: Clock = system_clock) -> Service[Handlers]:
    """The intake service, not started yet."""

    async def begin(wire: Wire) -> Handlers:
        return Handlers(wire, clock, Known(Couples(wire), clock))

    service = Service("intake", settings, begin)
    service.consume(INTAKE, BATCH, lambda handlers: handlers.on_batch)
    return service
