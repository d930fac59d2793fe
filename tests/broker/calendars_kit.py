"""What the tests of the calendars service share: a topology with a couple, a host of calendars, a clock to move."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import nats
from aiohttp import web

from tests.core.polled_kit import calendar, event
from threedates.calendars.app import make
from threedates.calendars.reading import Reader
from threedates.core.ics_polled import Asked, Reading, read_polled
from threedates.core.poll_plan import Trouble
from threedates.edge.calendar_client import Limits
from threedates.edge.calendars import CalendarRecord, Calendars, new_record
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.settings import Settings
from threedates.edge.topology import apply
from threedates.edge.wire import Wire
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.inbound import CalendarEvent
from threedates.schemas.log import Joined

PATIENCE = 40
COUPLE = "ada"
START = system_clock().replace(microsecond=0)


def at(day: float) -> datetime:
    """An instant so many days from now."""
    return START + timedelta(days=day)


def holding(*days: float) -> bytes:
    """A calendar with an hour taken so many days from now; each event is named by its number."""
    return calendar(*(event(f"u{n}", at(day), 1, "SUMMARY:Quite private") for n, day in enumerate(days)))


@dataclass
class Host:
    """A host of one calendar. ``answer`` makes the response; without one it is ``data``, or 304 if that is known."""

    data: bytes = b""
    answer: Callable[[web.Request], web.StreamResponse] | None = None
    url: str = ""
    requests: list[web.Request] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        if self.answer is not None:
            return self.answer(request)
        etag = f'"{hash(self.data)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=self.data, headers={"ETag": etag})

    def fails(self, status: int) -> None:
        """Answer with that from now on."""
        self.answer = lambda _: web.Response(status=status)


@asynccontextmanager
async def hosting(data: bytes = b"") -> AsyncIterator[Host]:
    """A host on this machine."""
    host = Host(data)
    app = web.Application()
    app.router.add_get("/{path:.*}", host.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}/private-3f9c/basic.ics"
    try:
        yield host
    finally:
        await runner.cleanup()


class HereReader(Reader):
    """Reads without a process of its own: what that is for is asked elsewhere, and it takes half a second."""

    async def read(self, data: bytes, asked: Asked) -> Reading | Trouble:
        reading = read_polled(data, asked)
        return Trouble("not_a_calendar", reading.refused) if reading.refused is not None else reading


@dataclass
class World:
    """A topology no other test uses, a couple in it, and the clock its calendars are fetched by."""

    settings: Settings
    wire: Wire
    calendars: Calendars
    couples: Couples
    now: datetime = field(default_factory=system_clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    async def join(self, couple_id: str = COUPLE) -> None:
        partners = [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}]
        settings = CoupleSettings.model_validate({"tz": "Europe/Berlin", "partners": partners})
        await self.couples.append_fact(
            couple_id, Joined(id=f"{couple_id}-join", at=system_clock(), settings=settings, key_id="k1")
        )

    async def add(self, host: Host, rest: str = "x1", couple_id: str = COUPLE, *, shared: bool = False) -> str:
        """Add sam's calendar; returns its id."""
        record = new_record(couple_id, 0, host.url, self.now, shared=shared, rest=rest)
        return (await self.calendars.create(record)).id

    async def record(self, calendar_id: str) -> CalendarRecord:
        found = await self.calendars.get(calendar_id)
        assert found is not None
        return found[0]

    async def becomes(self, calendar_id: str, is_so: Callable[[CalendarRecord], bool]) -> CalendarRecord:
        """The record, once it is so."""
        async with asyncio.timeout(PATIENCE):
            while not is_so(record := await self.record(calendar_id)):
                await asyncio.sleep(0.02)
        return record

    async def polled(self, calendar_id: str) -> CalendarRecord:
        """Fetch a calendar that is due by now; returns its record then."""
        before = await self.record(calendar_id)
        await self.calendars.poll_now(before)
        record = await self.becomes(calendar_id, lambda record: record.next_at != before.next_at)
        await self.idle()
        return record

    async def idle(self) -> None:
        """Wait until nothing is left of what woke the service; timers aside."""
        async with asyncio.timeout(PATIENCE):
            while [s async for s in self.wire.subjects(self.wire.names.polls, f"{self.wire.names.prefix}.poll.>")]:
                await asyncio.sleep(0.02)

    async def sent(self, couple_id: str = COUPLE) -> list[CalendarEvent]:
        """What is in the inbox: nobody takes it out there."""
        subject = self.wire.names.inbound("calendar", couple_id)
        found = await self.wire.reader.tail(self.wire.names.inbox, subject, 1)
        return [CalendarEvent.model_validate_json(stored.data) for stored in found]

    async def timers(self) -> set[str]:
        """The subjects of all schedules of calendars."""
        names = self.wire.names
        return {s async for s in self.wire.subjects(names.polls, f"{names.prefix}.polltimer.>")}

    @asynccontextmanager
    async def serving(self, limits: Limits | None = None) -> AsyncIterator[None]:
        """The service, at work."""
        service = make(self.settings, self.clock, limits, HereReader())
        await service.start()
        try:
            yield
        finally:
            await service.stop()


@asynccontextmanager
async def world(nats_url: str, prefix: str, **settings: Any) -> AsyncIterator[World]:
    """A topology under that prefix, with the couple; calendars on this machine may be fetched."""
    given: dict[str, Any] = {"secret_key": "k" * 32, "allow_networks": (ip_network("127.0.0.1/32"),)}
    made = Settings(nats_url=nats_url, prefix=prefix, **(given | settings))
    client = await nats.connect(nats_url)
    try:
        wire = Wire(client, made.names)
        await apply(wire, made)
        here = World(made, wire, Calendars(wire), Couples(wire))
        await here.join()
        yield here
    finally:
        await client.close()
