"""The sweep: couples whose timer was lost to an operator or a disk are looked at again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.broker.edge_kit import START, Edge, clock, edge
from threedates.cadence import sweep
from threedates.cadence.app import make
from threedates.cadence.sweep import SLICES, SWEEP_SECONDS, Sweeper
from threedates.edge.clock import system_clock
from threedates.edge.timers import Timers
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS
from threedates.edge.wire import Wire


class Progress:
    """Counts how often progress was reported."""

    def __init__(self) -> None:
        self.reports = 0

    async def __call__(self) -> None:
        self.reports += 1


def _always(at: datetime) -> datetime:
    return at


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
            found.append(await Sweeper(e.wire, Timers(e.wire), partial(_always, at)).sweep(Progress()))
        assert sorted(found) == [0] * (SLICES - 1) + [1]


async def test_of_very_many_some_are_looked_at_closely_each_time(
    nats_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that takes longer than it is until the next is none; everybody's turn comes all the same."""
    monkeypatch.setattr(sweep, "CLOSELY", 1)
    async with edge(nats_url, prefix) as e:
        names = [f"c{n}" for n in range(2 * SLICES + 2)]
        for name in names:
            await Timers(e.wire).set(name, system_clock() + timedelta(days=1), await e.join(name))
            await e.check_in(name, "e1")
        found = 0
        for turn in range(SLICES + 1):
            at = START + timedelta(seconds=turn * SWEEP_SECONDS)
            found += await Sweeper(e.wire, Timers(e.wire), partial(_always, at)).sweep(Progress())
        assert found == len(names)


class Paging(Wire):
    """Has pages of two subjects, and leaves out of a list what moved to a page that was read before."""

    missed = ""

    async def pages(self, stream: str, pattern: str) -> AsyncIterator[list[str]]:
        """As the broker's, and smaller."""
        async for page in super().pages(stream, pattern):
            left = [subject for subject in page if subject != self.missed]
            for at in range(0, len(left), 2):
                yield left[at : at + 2]


async def test_from_page_to_page_nobody_is_missed_or_taken_for_missing(nats_url: str, prefix: str) -> None:
    """The two lists are in the order of their subjects, which is not quite the same; and couples come and go."""
    async with edge(nats_url, prefix) as e:
        wire = Paging(e.wire.client, e.wire.names)
        for name in ("a", "a-b", "a-c", "b", "c", "d", "d-1", "d-2", "d-3", "e"):
            await Timers(wire).set(name, system_clock() + timedelta(days=1), await e.join(name))
        assert await Sweeper(wire, Timers(wire), clock).sweep(Progress()) == 0
        wire.missed = wire.names.timer("c")
        assert await Sweeper(wire, Timers(wire), clock).sweep(Progress()) == 0
        await Timers(wire).clear("a-c")
        await Timers(wire).clear("e")
        assert await Sweeper(wire, Timers(wire), clock).sweep(Progress()) == 2


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
