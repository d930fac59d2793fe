"""Is a change told, and no time taken for ever, wherever the service is broken off?"""

from contextlib import suppress
from datetime import timedelta

from tests.broker.calendars_kit import COUPLE, HereReader, World, at, holding, hosting, world
from threedates.calendars.polling import Poller
from threedates.core.addresses import Rules
from threedates.edge.calendar_client import CalendarClient
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.wire import Wire
from threedates.schemas.webhook import Delivery


class BrokenWire(Wire):
    """Breaks off at its n-th publish: before the broker has it, or after."""

    def __init__(self, wire: Wire, at: int, *, stored: bool) -> None:
        super().__init__(wire.client, wire.names)
        self.left = at
        self.stored = stored

    async def publish(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> int:
        self.left -= 1
        if self.left == 0 and not self.stored:
            raise Unavailable("broken off before it was stored")
        seq = await super().publish(subject, data, headers)
        if self.left == 0:
            raise Unavailable("broken off after it was stored")
        return seq


async def poll(here: World, wire: Wire, calendar_id: str) -> None:
    """One run of the service's own code over that wire."""
    client = CalendarClient(Rules(here.settings.allow_networks))
    poller = Poller(wire, here.clock, client, HereReader(), timedelta(hours=1))
    try:
        await poller.poll(calendar_id, here.now)
    finally:
        await client.aclose()


async def taken_by(here: World) -> set[object]:
    """What is taken after all that is in the inbox: of each event the latest version counts."""
    latest = {}
    for event in sorted(await here.sent(), key=lambda event: event.sequence):
        latest[event.uid] = event
    return {event.start for event in latest.values() if event.status == "confirmed"}


async def test_wherever_it_breaks_off_the_next_run_sets_it_right(nats_url: str, prefix: str) -> None:
    """At every write of a fetch that has something to tell; meanwhile the calendar changes once more."""
    async with world(nats_url, prefix) as here, hosting(holding(2, 3)) as host:
        broken, days = 0, 10
        calendar_id = await here.add(host)
        await poll(here, here.wire, calendar_id)
        for stored in (False, True):
            for n in range(1, 8):
                days += 2
                here.later(hours=2)
                host.data = holding(2, days)
                try:
                    await poll(here, BrokenWire(here.wire, n, stored=stored), calendar_id)
                except (Unavailable, Conflict):
                    broken += 1
                host.data = holding(2, days + 1)
                here.later(hours=2)
                await poll(here, here.wire, calendar_id)
                assert await taken_by(here) == {at(2), at(days + 1)}
                assert (await here.calendars.told(calendar_id))[0].pending == ()
        assert broken >= 10


async def test_wherever_deleting_breaks_off_the_times_are_free_in_the_end(nats_url: str, prefix: str) -> None:
    """And nothing of the calendar is left."""
    async with world(nats_url, prefix) as here, hosting(holding(2, 3)) as host:
        for n in range(1, 7):
            calendar_id = await here.add(host, f"x{n}")
            await poll(here, here.wire, calendar_id)
            await here.calendars.delete(calendar_id)
            with suppress(Unavailable):
                await poll(here, BrokenWire(here.wire, n, stored=n % 2 == 0), calendar_id)
            await poll(here, here.wire, calendar_id)
            mine = [event for event in await here.sent() if event.source == calendar_id]
            assert {event.uid for event in mine if event.status == "cancelled"} == {event.uid for event in mine}
            assert await here.calendars.get(calendar_id) is None
            assert (await here.calendars.told(calendar_id))[1] == 0
        assert not [timer for timer in await here.timers() if f".{COUPLE}." in timer]


async def test_that_one_cannot_be_read_is_told_under_one_id(nats_url: str, prefix: str) -> None:
    """Where its record was lost after the telling, the next run tells it again; another bout is another message."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host:
        await Endpoints(here.wire).create(COUPLE, "http://127.0.0.1:9/", system_clock())
        calendar_id = await here.add(host)
        for bout in range(1, 3):
            host.answer = None
            await poll(here, here.wire, calendar_id)
            host.fails(404)
            here.later(hours=25)
            with suppress(Unavailable):
                await poll(here, BrokenWire(here.wire, 2, stored=False), calendar_id)
            here.later(minutes=1)
            await poll(here, here.wire, calendar_id)
            here.later(hours=27)
            names = here.wire.names
            sent = await here.wire.reader.tail(names.deliveries, f"{names.prefix}.deliver.>", 1)
            assert len({Delivery.model_validate_json(stored.data).message_id for stored in sent}) == bout
