"""The sweep: couples whose timer was lost to an operator or a disk are looked at again."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from tests.broker.edge_kit import START, Edge, clock, edge
from threedates.cadence.app import make
from threedates.cadence.sweep import SLICES, SWEEP_SECONDS, Sweeper
from threedates.edge.clock import system_clock
from threedates.edge.timers import Timers
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS


class Progress:
    """Counts how often progress was reported."""

    def __init__(self) -> None:
        self.reports = 0

    async def __call__(self) -> None:
        self.reports += 1


async def settle(e: Edge) -> None:
    """Until cadence has nothing left to do."""
    await e.idle(CADENCE_FACTS, e.wire.names.log)
    await e.idle(CADENCE_DUE, e.wire.names.timers)


async def test_a_purged_timer_comes_back(nats_url: str, prefix: str) -> None:
    """An operator purges the wrong subject; nobody may fall asleep for ever."""
    async with edge(nats_url, prefix) as e:
        names = e.wire.names
        cadence = make(e.settings, clock)
        await cadence.start()
        try:
            await e.join("c1")
            await e.join("c2")
            await settle(e)
            await e.wire.purge(names.timers, names.timer("c1"))
            progress = Progress()
            assert await Sweeper(e.wire, Timers(e.wire), clock).sweep(progress) == 1
            assert progress.reports > 0
            await settle(e)
            assert names.timer("c1") in await e.subjects(names.timers)
            assert await Sweeper(e.wire, Timers(e.wire), clock).sweep(Progress()) == 0
        finally:
            await cadence.stop()


async def test_a_timer_older_than_its_log_is_found_within_the_round(nats_url: str, prefix: str) -> None:
    """A restored backup of one stream and not the other leaves timers that know too little."""
    async with edge(nats_url, prefix) as e:
        seq = await e.join("c1")
        # The broker has the real time: what is to wait must lie ahead of that, too.
        await Timers(e.wire).set("c1", system_clock() + timedelta(days=1), seq)
        await e.check_in("c1", "e1")
        found = []
        for turn in range(SLICES):
            at = START + timedelta(seconds=turn * SWEEP_SECONDS)
            then = partial(datetime.fromtimestamp, at.timestamp(), UTC)
            found.append(await Sweeper(e.wire, Timers(e.wire), then).sweep(Progress()))
        assert sorted(found) == [0] * (SLICES - 1) + [1]


async def test_it_is_on_a_schedule_of_its_own(nats_url: str, prefix: str) -> None:
    """Nobody has to remember to run it."""
    async with edge(nats_url, prefix) as e:
        cadence = make(e.settings, clock)
        await cadence.start()
        await asyncio.sleep(0)
        await cadence.stop()
        names = e.wire.names
        (stored,) = await e.wire.reader.last_of(names.timers, [names.timer("_sweep")])
        assert stored.headers["Nats-Schedule"] == "@every 5m"
