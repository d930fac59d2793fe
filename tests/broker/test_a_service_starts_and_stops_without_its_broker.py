"""Services wait for a broker that is absent, come back to one that was, and stop though it is gone."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.broker.edge_kit import COUPLE, START, clock, edge
from threedates.cadence.app import make
from threedates.edge.connection import close, connect, make_broker
from threedates.edge.couples import Couples
from threedates.edge.eager import PAUSE_SECONDS
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.errors import Unavailable
from threedates.edge.settings import Settings
from threedates.edge.topology import CADENCE_FACTS, apply
from threedates.schemas.log import Decision, Joined


async def decided(couples: Couples, couple_id: str) -> datetime:
    """Wait for the couple's first decision."""
    async with asyncio.timeout(60):
        while True:
            for _, event in await couples.events(couple_id):
                if isinstance(event, Decision):
                    return event.at
            await asyncio.sleep(0.1)


async def joined_once_it_is_back(couples: Couples, couple_id: str) -> None:
    """Append a couple as soon as the broker takes it; the same id again changes nothing."""
    async with asyncio.timeout(60):
        while True:
            with suppress(Unavailable):
                await couples.append_fact(couple_id, Joined(id=couple_id, at=START, settings=COUPLE, key_id="k"))
                return
            await asyncio.sleep(0.1)


async def test_it_waits_works_and_comes_back_by_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Containers start in any order, and brokers are restarted; nobody should have to restart the services."""
    nats = EmbeddedNats(tmp_path)
    await nats.start()
    settings = Settings.load(nats_url=nats.url, ack_wait=2)
    await nats.stop()
    service = make(settings, clock)
    starting = asyncio.create_task(service.start())
    async with asyncio.timeout(60):
        while "waiting for NATS at" not in caplog.text:
            await asyncio.sleep(0.1)
    assert not starting.done()
    await nats.start()
    broker = make_broker(settings, "test")
    wire = await connect(broker, settings)
    await apply(wire, settings)
    await starting
    couples = Couples(wire)
    await couples.append_fact("c1", Joined(id="j1", at=START, settings=COUPLE, key_id="k"))
    assert await decided(couples, "c1") >= datetime(2026, 11, 20, tzinfo=UTC)
    nats.kill()
    await nats.start()
    await joined_once_it_is_back(couples, "c2")
    assert await decided(couples, "c2") >= datetime(2026, 11, 20, tzinfo=UTC)
    nats.kill()
    await asyncio.sleep(0.5)
    await service.stop()
    await close(broker.stop, wire.client)
    await nats.stop()


async def test_a_consumer_that_is_gone_is_told_once_and_read_again_when_it_is_back(
    nats_url: str, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator deleted it, or a restore left it out: silence would look like having nothing to do."""
    async with edge(nats_url, prefix) as e:
        service = make(e.settings, clock)
        await service.start()
        await e.wire.api(f"CONSUMER.DELETE.{e.wire.names.log}.{CADENCE_FACTS}")
        async with asyncio.timeout(60):
            while "nothing can be fetched" not in caplog.text:
                await asyncio.sleep(0.05)
        await asyncio.sleep(3 * PAUSE_SECONDS)
        warned = [record for record in caplog.records if "nothing can be fetched" in record.message]
        assert [record.levelname for record in warned if record.levelno >= logging.WARNING] == ["WARNING"]
        await apply(e.wire, e.settings)
        await e.join("c1")
        assert await decided(e.couples, "c1") >= START
        await service.stop()
