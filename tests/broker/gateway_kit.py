"""What the tests of the gateway's feeds and pages share: a topology of their own, a couple, and an HTTP client."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import nats
from fastapi import FastAPI
from nats.aio.client import Client
from pydantic import SecretStr
from starlette.routing import Route

from threedates.cadence import app as cadence
from threedates.core.calendar.block import block_of
from threedates.core.calendar.event import tzid_of
from threedates.core.ids import date_uid
from threedates.core.links import Action, ActionLink, action_token, feed_token, page_token
from threedates.core.state import CoupleState
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.errors import Unavailable
from threedates.edge.feedrecords import FeedRecord, FeedRecords
from threedates.edge.feedstore import keep_block
from threedates.edge.settings import Settings
from threedates.edge.topology import apply
from threedates.edge.tzfooter import timezone_block
from threedates.edge.wire import Wire
from threedates.gateway import actions
from threedates.gateway.deps import Deps
from threedates.gateway.feedcache import SETTLING
from threedates.gateway.feednotes import TASK
from threedates.gateway.feeds import PREFIX, SUFFIX, FeedApp
from threedates.gateway.inbox import Inbox
from threedates.gateway.page import routes as pages
from threedates.intake import app as intake
from threedates.invites import app as invites
from threedates.schemas.base import Kind
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateRecord, DateStatus
from threedates.schemas.log import Changed, Event, Joined, Left

NOW = datetime(2026, 11, 20, 17, 0, 30, tzinfo=UTC)
COUPLE = "c1"
BASE = "https://dates.example"


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass
class Gateway:
    """The gateway's routes over a real broker, with one couple in it."""

    deps: Deps
    http: httpx.AsyncClient
    clock: Clock
    sequence: int = field(default=0)

    @property
    def wire(self) -> Wire:
        """The connection to the broker."""
        return self.deps.wire

    @property
    def records(self) -> FeedRecords:
        """The store of feed records."""
        return FeedRecords(self.wire)

    def path(self, record: FeedRecord | None, generation: int | None = None) -> str:
        """Where a feed is served."""
        assert record is not None
        token = feed_token(self.deps.settings.link_key, record.id, generation or record.generation)
        return f"/feeds/{token}.ics"

    def page(self, partner: int = 0, generation: int = 1) -> str:
        """Where a partner's page is."""
        return f"/c/{page_token(self.deps.settings.link_key, COUPLE, partner, generation)}"

    def action(self, action: Action, uid: str | None, kind: Kind = "fun", partner: int = 0, **good_for: float) -> str:
        """An action link; good for three days unless said otherwise."""
        expires = self.clock.now + timedelta(**(good_for or {"days": 3}))
        link = ActionLink(COUPLE, partner, action, kind, uid, expires)
        return f"/a/{action_token(self.deps.settings.link_key, link)}"

    async def state(self) -> CoupleState:
        """The couple's state now."""
        state = await self.deps.couples.load(COUPLE)
        assert state is not None
        return state

    async def proposed(self, kind: Kind = "fun") -> str:
        """The UID of the date of a kind that is open, once one is proposed."""
        async with asyncio.timeout(60):
            while (date := (await self.state()).open_date(kind)) is None:
                await asyncio.sleep(0.02)
        return date.record.uid

    async def facts(self, sort: type[Event]) -> list[Any]:
        """The facts of one sort in the couple's log."""
        return [event for _, event in await self.deps.couples.events(COUPLE) if isinstance(event, sort)]

    async def settled(self, record: FeedRecord | None) -> httpx.Response:
        """A feed once it is kept finished."""
        await self.http.get(self.path(record))
        await self.noted()
        self.clock.advance(seconds=SETTLING.total_seconds())
        return await self.http.get(self.path(record))

    async def asked_broker(self, record: FeedRecord | None) -> tuple[bool, httpx.Response]:
        """Fetch a feed; whether the broker was asked for it."""
        await self.noted()
        before = self.wire.client.stats["out_msgs"]
        answer = await self.http.get(self.path(record))
        after = self.wire.client.stats["out_msgs"]
        await self.noted()
        return after != before, answer

    async def taken_in(self) -> None:
        """Wait until the log has what was sent: a page waits two seconds for it, a slow machine may need more."""
        info = f"STREAM.INFO.{self.wire.names.inbox}"
        async with asyncio.timeout(30):
            while (await self.wire.api(info))["state"]["messages"]:
                await asyncio.sleep(0.02)

    async def noted(self) -> None:
        """Wait until it is kept who has fetched feeds so far."""
        while tasks := [task for task in asyncio.all_tasks() if task.get_name() == TASK]:
            await asyncio.wait(tasks)

    async def until(self, *, connected: bool) -> None:
        """Wait until the connection to the broker stands, or is known to be lost."""
        while self.wire.is_connected != connected:
            await asyncio.sleep(0.01)

    async def heard(self) -> None:
        """Wait until the gateway has handled everything the broker has sent so far."""
        await self.wire.client.flush()
        await asyncio.sleep(0.05)

    async def join(self, couple_id: str = COUPLE, **settings: Any) -> list[FeedRecord]:
        """Have sam in Berlin and alex in Lisbon join; returns their three feeds."""
        partners = [{"name": "sam", "tz": "Europe/Berlin"}, {"name": "alex", "tz": "Europe/Lisbon"}]
        made = CoupleSettings.model_validate({"partners": partners, **settings})
        fact = Joined(id=f"{couple_id}-joined", at=self.clock.now, settings=made, key_id="0123456789ab")
        await self.deps.couples.append_fact(couple_id, fact)
        await self.records.create_first(couple_id, self.clock.now)
        return await self.records.of_couple(couple_id)

    async def rename(self, name: str, couple_id: str = COUPLE) -> None:
        """Give the first partner another name."""
        patch = {"partners": [{"name": name, "tz": "Europe/Berlin"}, {"name": "alex", "tz": "Europe/Lisbon"}]}
        fact = Changed(id=f"{couple_id}-renamed-{name}", at=self.clock.now, patch=patch)
        await self.deps.couples.append_fact(couple_id, fact)

    async def leave(self, couple_id: str = COUPLE) -> None:
        """Have them leave."""
        await self.deps.couples.append_fact(couple_id, Left(id=f"{couple_id}-left", at=self.clock.now))

    async def date(
        self, kind: Kind = "fun", n: int = 1, status: DateStatus = "scheduled", couple_id: str = COUPLE
    ) -> str:
        """Keep a date's block, each time as a newer change of it; returns its UID."""
        self.sequence += 1
        start = NOW + timedelta(days=7 + n)
        record = DateRecord(
            uid=date_uid(couple_id, kind, n),
            kind=kind,
            n=n,
            start=start,
            end=start + timedelta(hours=3),
            tz="Europe/Berlin",
            status=status,
            sequence=self.sequence,
            planner="sam",
            idea="Dance in the kitchen.",
        )
        tzid = tzid_of(record)
        block = block_of(record, self.clock.now, self.sequence, timezone_block(tzid) if tzid else None)
        assert await keep_block(self.wire, couple_id, record, block)
        return record.uid


@asynccontextmanager
async def whole(nats_url: str, prefix: str, mail: dict[str, Any] | None = None) -> AsyncIterator[Gateway]:
    """The gateway's feeds, pages and action links with all that works behind them; the clock stands still at now."""
    async with gateway(nats_url, prefix, mail) as here, AsyncExitStack() as stack:
        here.clock.now = system_clock()
        for make in (intake.make, cadence.make, invites.make):
            service: Any = make(here.deps.settings, here.clock)  # one of each, with handlers of its own
            await service.start()
            stack.push_async_callback(service.stop)
        yield here


async def closed(client: Client) -> None:
    """Close a connection, also where its broker is away.

    nats-py then cancels the task that reconnects, and with it the very future that closing waits for: what is raised
    here cancels nobody.
    """
    with suppress(asyncio.CancelledError):
        await client.close()


@asynccontextmanager
async def gateway(
    nats_url: str, prefix: str, mail: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[Gateway]:
    """The gateway's feeds, pages and action links on a topology under that prefix; ``mail`` is its settings for it."""
    key = SecretStr("a key for tests, 16 bytes or more")
    settings = Settings(nats_url=nats_url, prefix=prefix, public_url=BASE, secret_key=key, **(mail or {}))
    async with AsyncExitStack() as stack:
        client = await nats.connect(nats_url, **{"max_reconnect_attempts": -1, "reconnect_time_wait": 0.05, **options})
        stack.push_async_callback(closed, client)
        wire = Wire(client, settings.names)
        await apply(wire, settings)
        clock = Clock()
        deps = Deps(settings, wire, Couples(wire), Inbox(wire), clock)

        def deps_of() -> Deps:
            # As the gateway does it: known trouble is told at once.
            if not wire.is_connected:
                raise Unavailable("the connection to the broker is down")
            return deps

        http = httpx.AsyncClient(transport=httpx.ASGITransport(app(deps_of)), base_url=BASE)
        yield Gateway(deps, await stack.enter_async_context(http), clock)


def app(deps_of: Callable[[], Deps]) -> FastAPI:
    """The routes alone."""
    made = FastAPI(openapi_url=None)
    for module in (pages, actions):
        made.include_router(module.router(deps_of))
    made.router.routes.append(Route(f"{PREFIX}{{token}}{SUFFIX}", FeedApp(deps_of)))
    return made
