"""What the tests of the intake share: a topology, the service at work, ways to send and to read log and refusals."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import nats

from tests.broker.waiting import until_done
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.directget import Stored
from threedates.edge.settings import Settings
from threedates.edge.topology import INTAKE, apply
from threedates.edge.wire import Wire
from threedates.intake.app import make
from threedates.schemas.base import rfc3339
from threedates.schemas.inbound import What
from threedates.schemas.log import FACT, Fact

PARTNERS = [{"name": "Sam", "tz": "Europe/Berlin"}, {"name": "Alex"}]


@dataclass
class Inbox:
    """A topology that no other test uses, seen from a producer's side."""

    settings: Settings
    wire: Wire
    couples: Couples

    async def send(self, what: What, couple_id: str, body: Any) -> None:
        """Store a body (JSON unless bytes) in the inbox."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        await self.wire.publish(self.wire.names.inbound(what, couple_id), raw)

    async def join(self, couple_id: str, join_id: str = "j1") -> None:
        body = {"type": "join", "id": join_id, "at": at(), "key_id": "k", "settings": {"partners": PARTNERS}}
        await self.send("command", couple_id, body)

    async def check_in(self, couple_id: str, check_in_id: str, **fields: Any) -> None:
        await self.send("checkin", couple_id, {"id": check_in_id, "partner": "sam", "at": at(), **fields})

    async def settled(self) -> None:
        """Wait until everything sent has been worked on."""
        await until_done(self.wire, self.wire.names.inbox, INTAKE)

    async def facts(self, couple_id: str) -> list[Fact]:
        found = await self.wire.reader.tail(self.wire.names.log, self.wire.names.fact(couple_id), 1)
        return [FACT.validate_json(stored.data) for stored in found]

    async def ids(self, couple_id: str) -> list[str]:
        """The ids of a couple's facts in order, each once: what is worked on past its ack wait is appended again."""
        return list(dict.fromkeys(fact.id for fact in await self.facts(couple_id)))

    async def refused(self) -> list[Stored]:
        return await self.wire.reader.tail(self.wire.names.rejected, f"{self.wire.names.prefix}.rejected.>", 1)

    @asynccontextmanager
    async def serving(self, replicas: int = 1) -> AsyncIterator[None]:
        """The service at work, in so many replicas."""
        async with AsyncExitStack() as running:
            for _ in range(replicas):
                service = make(self.settings)
                await service.start()
                running.push_async_callback(service.stop)
            yield


@asynccontextmanager
async def inbox(nats_url: str, prefix: str, **more: object) -> AsyncIterator[Inbox]:
    """A topology under that prefix."""
    settings = Settings.load(nats_url=nats_url, prefix=prefix, **more)
    client = await nats.connect(nats_url)
    try:
        wire = Wire(client, settings.names)
        await apply(wire, settings)
        yield Inbox(settings, wire, Couples(wire))
    finally:
        await client.close()


def at() -> str:
    return rfc3339(system_clock())
