"""Thousands of deliveries, failures among them, and kill -9 of service and broker while they are under way."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.e2e.cluster import KEY_ID, Cluster, cluster, now, settings_of
from threedates.core.retry import DELAYS
from threedates.edge.endpoints import Endpoints, key_owner
from threedates.schemas.log import Joined, encode
from threedates.schemas.webhook import Attempt, DeadLetter, Delivery

COUNT = 5_000
COUPLES = 50
KILLS = 6
SECONDS = 9


@asynccontextmanager
async def receiving() -> AsyncIterator[tuple[str, Counter[str]]]:
    """A receiver that fails every tenth message once, and those at ``/bad`` for ever; counts what came by id."""
    came: Counter[str] = Counter()

    async def receive(request: web.Request) -> web.Response:
        message_id = request.headers["webhook-id"]
        came[message_id] += 1
        await request.read()
        if request.path == "/bad":
            return web.Response(status=400)
        is_unlucky = int(message_id.split("-")[2]) % 10 == 0 and came[message_id] == 1
        return web.Response(status=422 if is_unlucky else 200)

    app = web.Application()
    app.router.add_post("/{path}", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", came
    finally:
        await runner.cleanup()


async def load(here: Cluster, url: str) -> tuple[set[str], set[str]]:
    """The tasks; the ids of those that can be delivered, and of those that cannot, which are at their last attempt."""
    store, names, settings = Endpoints(here.wire), here.wire.names, settings_of(3_600)
    last = 0
    for n in range(COUPLES):
        joined = Joined(id=f"join-{n}", at=now(), settings=settings, key_id=KEY_ID)
        last = await here.wire.publish(names.fact(f"c{n}"), encode(joined))
    good = [await store.create(key_owner(KEY_ID), f"{url}/good", now()) for _ in range(8)]
    bad = await store.create(key_owner(KEY_ID), f"{url}/bad", now())
    ids: tuple[set[str], set[str]] = (set(), set())
    tasks: list[tuple[str, bytes]] = []
    for n in range(COUNT):
        is_bad = n % 50 == 7
        endpoint = bad if is_bad else good[n % len(good)]
        task = Delivery(
            message_id=f"c{n % COUPLES}-fun-{n}-due-a", endpoint_id=endpoint.id, couple_id=f"c{n % COUPLES}",
            type="date.scheduled", body='{"type":"date.scheduled"}', decided_seq=last + 1, first_at=now(),
            attempt=len(DELAYS) if is_bad else 1,
        )  # fmt: skip
        ids[is_bad].add(task.message_id)
        tasks.append((names.deliver(task.couple_id, endpoint.id), encode(task)))
    for at in range(0, COUNT, 250):
        # Acknowledged, one and all: what the broker has not stored yet would rightly die with it.
        await asyncio.gather(*(here.wire.publish(subject, data) for subject, data in tasks[at : at + 250]))
    return ids


async def ended(here: Cluster) -> tuple[set[str], set[str]]:
    """The ids that were delivered, and of which there is a dead letter."""
    names = here.wire.names
    attempts = await here.wire.reader.tail(names.attempts, f"{names.prefix}.attempt.>", 1)
    letters = await here.wire.reader.tail(names.dead, names.dead_letter("*", "delivery"), 1)
    tried = [Attempt.model_validate_json(stored.data) for stored in attempts]
    dead = [DeadLetter.model_validate_json(stored.data).delivery for stored in letters]
    return {a.message_id for a in tried if a.outcome == "delivered"}, {task.message_id for task in dead if task}


@pytest.mark.timeout(240)
async def test_every_delivery_is_done_or_a_dead_letter(tmp_path: Path) -> None:
    """None is lost, however often it is interrupted; what comes twice has one id."""
    dice = random.Random(11)
    async with receiving() as (url, came), cluster(tmp_path) as here:
        can, cannot = await load(here, url)
        services = ["nudges", "nudges-2"]
        for name in services:
            here.serve(name)
        await asyncio.sleep(2)
        for kill in range(KILLS):
            await asyncio.sleep(SECONDS / KILLS)
            if kill % 3 == 1:
                here.broker.kill()
                await here.broker.start()
                continue
            victim = dice.choice(services)
            here.kill(victim)
            here.serve(victim)
        deadline = asyncio.get_running_loop().time() + 150
        while (await ended(here)) != (can, cannot) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(1)
        delivered, dead = await ended(here)
        assert (can - delivered, dead - cannot, cannot - dead) == (set(), set(), set())
        assert set(came) == can | cannot
