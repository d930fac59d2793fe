"""The calendars service, wired: its consumer, its client, its readers. The only place where its parts meet."""

from dataclasses import dataclass
from datetime import timedelta

from threedates.calendars.handlers import Handlers
from threedates.calendars.polling import Poller
from threedates.calendars.reading import Reader
from threedates.calendars.sweep import Sweeper
from threedates.core.addresses import Rules
from threedates.edge.calendar_client import CalendarClient, Limits
from threedates.edge.clock import Clock, system_clock
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import CALENDARS
from threedates.edge.wire import Wire

BATCH = 16


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service's consumer is handled by, and what has to be closed."""

    handlers: Handlers
    client: CalendarClient


def make(
    settings: Settings, clock: Clock = system_clock, limits: Limits | None = None, reader: Reader | None = None
) -> Service[Parts]:
    """The calendars service, not started yet."""

    async def begin(wire: Wire) -> Parts:
        sweeper = Sweeper(wire)
        await sweeper.keep_sweeping()
        client = CalendarClient(Rules(settings.allow_networks, settings.allow_ports), limits)
        usual = timedelta(seconds=settings.calendar_interval)
        poller = Poller(wire, clock, client, reader or Reader(), usual)
        return Parts(Handlers(wire, clock, poller, sweeper, settings.ack_wait), client)

    async def end(parts: Parts) -> None:
        await parts.client.aclose()

    service = Service("calendars", settings, begin, end)
    service.consume(CALENDARS, BATCH, lambda parts: parts.handlers.on_polls)
    return service
