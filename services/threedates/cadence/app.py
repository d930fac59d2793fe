"""The cadence service, wired: its consumers, its looker, its sweep. The only place where its parts meet."""

from threedates.cadence.erase import Eraser
from threedates.cadence.handlers import Handlers
from threedates.cadence.look import Looker
from threedates.cadence.sweep import Sweeper
from threedates.edge.clock import Clock, system_clock
from threedates.edge.couples import Couples
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.timers import Timers
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS
from threedates.edge.wire import Wire

BATCH = 128


def make(settings: Settings, clock: Clock = system_clock) -> Service[Handlers]:
    """The cadence service, not started yet."""

    async def begin(wire: Wire) -> Handlers:
        timers, couples = Timers(wire), Couples(wire)
        await timers.keep_sweeping()
        return Handlers(
            wire,
            clock,
            Looker(couples, timers, clock),
            Eraser(wire, settings, couples, timers, clock),
            Sweeper(wire, timers, clock),
        )

    service = Service("cadence", settings, begin)
    service.consume(CADENCE_FACTS, BATCH, lambda handlers: handlers.on_facts)
    service.consume(CADENCE_DUE, BATCH, lambda handlers: handlers.on_due)
    return service
