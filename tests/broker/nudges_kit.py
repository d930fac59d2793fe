"""What the tests of the nudges service share: a topology, couples and decisions, receivers that misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import nats
from aiohttp import web

from threedates.core.retry import Plan, QuietEnd, Result, Retry, plan
from threedates.core.signing import verify
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.settings import Settings
from threedates.edge.topology import NUDGES_FANOUT, apply
from threedates.edge.wire import Wire
from threedates.nudges.app import Nudges, make
from threedates.nudges.concluding import Planner
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import FACT, Decision, Fact, Joined, encode
from threedates.schemas.outcomes import NudgeOutcome, Outcome
from threedates.schemas.webhook import Attempt, DeadLetter

SOON = timedelta(seconds=0.6)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
Answer = Callable[[int], web.Response]


def soon(result: Result, message_id: str, attempt: int, now: datetime, quiet: QuietEnd) -> Plan:
    """The real plan, with every wait cut short."""
    after = plan(result, message_id, attempt, now, quiet)
    return Retry(now + SOON) if isinstance(after, Retry) else after


@dataclass
class Receiver:
    """A receiver of webhooks: keeps what came, answers as told by how many came before."""

    answer: Answer
    url: str = ""
    hold: asyncio.Event | None = None
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The webhook-id of each request, in order."""
        return [headers["webhook-id"] for headers, _ in self.requests]

    async def got(self, count: int) -> None:
        """Wait until that many requests have come."""
        async with asyncio.timeout(30):
            while len(self.requests) < count:
                await asyncio.sleep(0.02)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        number = len(self.requests)
        if self.hold is not None:
            await self.hold.wait()
        return self.answer(number)


@asynccontextmanager
async def receiving(
    *statuses: int, hold: asyncio.Event | None = None, retry_after: str = ""
) -> AsyncIterator[Receiver]:
    """A receiver that answers with these statuses in turn, the last one for ever."""

    def answer(number: int) -> web.Response:
        status = statuses[min(number, len(statuses)) - 1] if statuses else 200
        return web.Response(status=status, headers={"Retry-After": retry_after} if retry_after else None)

    receiver = Receiver(answer, hold=hold)
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@dataclass
class World:
    """A topology that no other test uses."""

    settings: Settings
    wire: Wire
    endpoints: Endpoints
    last_decision: int = 0

    async def couple(self, couple_id: str, quiet: object = None) -> None:
        """Have a couple join; without quiet hours unless told."""
        couple = CoupleSettings.model_validate(
            {"tz": "Europe/Berlin", "partners": [{"name": "sam", "quiet": quiet}, {"name": "alex", "quiet": quiet}]}
        )
        await self.fact(couple_id, Joined(id=f"{couple_id}-join", at=LONG_AGO, settings=couple, key_id="k1"))

    async def fact(self, couple_id: str, fact: Fact) -> None:
        await self.wire.publish(self.wire.names.fact(couple_id), encode(fact))

    async def decide(self, couple_id: str, *outcomes: Outcome, at: datetime | None = None) -> None:
        """Append a decision."""
        made = Decision(
            id=f"{couple_id}-look-1", at=at or system_clock(), couple_id=couple_id, key_id="k1", folded_to=1,
            week=date(2026, 11, 16), tz="Europe/Berlin", outcomes=outcomes, next_look=None,
        )  # fmt: skip
        self.last_decision = await self.wire.publish(self.wire.names.decision(couple_id), encode(made))

    async def endpoint(self, owner: str, receiver: Receiver, **fields: Any) -> KeptEndpoint:
        return await self.endpoints.create(owner, receiver.url, system_clock(), **fields)

    @asynccontextmanager
    async def serving(self, how_next: Planner = soon) -> AsyncIterator[Nudges]:
        """The service, at work."""
        service = make(self.settings, how_next=how_next)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()

    async def settled(self) -> None:
        """Wait until every decision made here is fanned out and every task is acknowledged; schedules aside."""
        names = self.wire.names
        async with asyncio.timeout(30):
            # Counts of what is pending lag behind a publish for a moment; acknowledged sequences do not.
            while await self._fanned_out_to() < self.last_decision:
                await asyncio.sleep(0.02)
            while [task async for task in self.wire.subjects(names.deliveries, f"{names.prefix}.deliver.>")]:
                await asyncio.sleep(0.02)

    async def _fanned_out_to(self) -> int:
        info = await self.wire.api(f"CONSUMER.INFO.{self.wire.names.log}.{NUDGES_FANOUT}")
        return int(info["ack_floor"]["stream_seq"])

    async def waiting(self) -> int:
        """How many tasks are on a schedule."""
        return len(
            [s async for s in self.wire.subjects(self.wire.names.deliveries, f"{self.wire.names.prefix}.retry.>")]
        )

    async def attempts(self, endpoint: KeptEndpoint) -> list[Attempt]:
        subject = self.wire.names.attempt("*", endpoint.id)
        return [
            Attempt.model_validate_json(s.data)
            for s in await self.wire.reader.tail(self.wire.names.attempts, subject, 1)
        ]

    async def attempted(self, endpoint: KeptEndpoint, count: int) -> list[Attempt]:
        """The attempts of an endpoint, once there are so many."""
        async with asyncio.timeout(30):
            while len(found := await self.attempts(endpoint)) < count:
                await asyncio.sleep(0.02)
        return found

    async def dead(self) -> list[DeadLetter]:
        prefix = self.wire.names.prefix
        found = await self.wire.reader.tail(self.wire.names.dead, f"{prefix}.dead.>", 1)
        return [DeadLetter.model_validate_json(stored.data) for stored in found]

    async def dropped(self, couple_id: str) -> list[tuple[str, str]]:
        """The dropped nudges in a couple's log, with why."""
        found = await self.wire.reader.tail(self.wire.names.log, self.wire.names.fact(couple_id), 1)
        facts = [FACT.validate_json(stored.data) for stored in found]
        return [(fact.nudge_id, fact.reason) for fact in facts if fact.type == "nudge.dropped"]


@asynccontextmanager
async def world(nats_url: str, prefix: str, **settings: Any) -> AsyncIterator[World]:
    """A topology under that prefix, for receivers on this machine."""
    given: dict[str, Any] = {
        "secret_key": "k" * 32,
        "allow_networks": (ip_network("127.0.0.0/8"),),
        "webhook_timeout": 5,
        "public_url": "https://t.example",
    }
    made = Settings(nats_url=nats_url, prefix=prefix, **(given | settings))
    client = await nats.connect(nats_url)
    try:
        wire = Wire(client, made.names)
        await apply(wire, made)
        yield World(made, wire, Endpoints(wire))
    finally:
        await client.close()


def nudge(couple_id: str, n: int = 0, stage: str = "due", addressee: str = "sam") -> NudgeOutcome:
    """A nudge about a fun date, in the couple's n-th cycle."""
    side = "a" if addressee == "sam" else "b"
    return NudgeOutcome(
        nudge_id=f"{couple_id}-fun-{n}-{stage}-{side}", kind="fun", cycle=n, stage=stage, state="due",
        addressee=addressee, title="Time for a fun date", message="Sam, …",
    )  # fmt: skip


def checked(endpoint: KeptEndpoint, request: tuple[dict[str, str], bytes]) -> dict[str, Any]:
    """The body of a request, its signature verified."""
    headers, body = request
    verify(endpoint.secret, headers, body, system_clock())
    made: dict[str, Any] = json.loads(body)
    return made
