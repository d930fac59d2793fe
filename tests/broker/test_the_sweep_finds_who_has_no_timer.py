"""The sweep: couples whose timer was lost to an operator or a disk are looked at again."""

import asyncio
import json
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.broker.edge_kit import START, Edge, clock, edge
from threedates.cadence.app import make
from threedates.cadence.look import Looker
from threedates.cadence.sweep import Sweeper
from threedates.cadence.turns import SLICES, SWEEP_SECONDS
from threedates.core.decide import decide
from threedates.edge.clock import system_clock
from threedates.edge.timers import Timers
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS
from threedates.schemas.base import rfc3339
from threedates.schemas.log import Paused


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


NAMES = ("a", "a-b", "a-c", "b", "c", "d", "d-1", "d-2", "d-3", "e", "f", "g", "h")
"""The subjects of their logs and of their timers are not quite in the same order."""
SIZE = 3
PAGES = 5


async def swept(e: Edge, begin: int, count: int) -> list[int]:
    """What so many sweeps have found, one after another, in pages of three."""
    instants = [START + timedelta(seconds=turn * SWEEP_SECONDS) for turn in range(begin, begin + count)]
    return [await Sweeper(e.wire, Timers(e.wire), partial(_always, at), SIZE).sweep(Progress()) for at in instants]


async def armed(e: Edge, name: str) -> None:
    """A couple whose timer knows all of its log, far ahead of the broker's time."""
    await Timers(e.wire).set(name, system_clock() + timedelta(days=1), await e.join(name))


@pytest.mark.parametrize("missing", [(), ("c",), ("a", "a-b", "a-c", "b", "e"), NAMES[:7], NAMES])
async def test_page_by_page_all_without_a_timer_are_found(nats_url: str, prefix: str, missing: tuple[str, ...]) -> None:
    """Of very many one page is compared each time, wherever the clock begins; each timer that is missing has those
    behind it stand on other pages than their logs.
    """
    async with edge(nats_url, prefix) as e:
        names = e.wire.names
        for name in NAMES:
            await armed(e, name)
            if name in missing:
                await Timers(e.wire).clear(name)
        for begin in range(3):
            await e.wire.purge(names.timers, names.due("*"))
            assert sum(await swept(e, begin, PAGES)) == len(missing)
            assert await e.subjects(names.timers) >= {names.due(name) for name in missing}


async def test_one_that_lost_its_timer_is_found_though_its_page_is_not_the_first(nats_url: str, prefix: str) -> None:
    """The page of a sweep is one of many: nothing is found on the others."""
    async with edge(nats_url, prefix) as e:
        for name in NAMES:
            await armed(e, name)
        assert await swept(e, 0, PAGES) == [0] * PAGES
        await Timers(e.wire).clear("h")
        found = await swept(e, 0, 2 * PAGES)
        assert sum(found) == 2
        assert found[:PAGES] == found[PAGES:]


async def test_with_many_pages_each_stale_timer_is_found_in_its_turn(nats_url: str, prefix: str) -> None:
    """A couple without a decision yet has one subject and not two: the pages are more than was to be expected."""
    async with edge(nats_url, prefix) as e:
        for name in NAMES[:6]:
            await armed(e, name)
            await e.check_in(name, "e1")
        assert sum(await swept(e, 5, 2 * SLICES)) == 6
        assert await e.subjects(e.wire.names.timers) >= {e.wire.names.due(name) for name in NAMES[:6]}


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


async def test_who_pauses_until_further_notice_is_not_taken_for_lost(nats_url: str, prefix: str) -> None:
    """They wait for nothing but a word of theirs; each sweep would have them looked at, in vain."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        await e.couples.append_fact("c1", Paused(id="p", at=START, by="sam"))
        state = await Looker(e.couples, Timers(e.wire), system_clock).look("c1", system_clock())
        assert state is not None
        assert decide(state, system_clock()).next_look is None
        assert await swept(e, 0, 1) == [0]
        (timer,) = await e.wire.reader.last_of(e.wire.names.timers, [e.wire.names.timer("c1")])
        assert json.loads(timer.data)["at"] > rfc3339(system_clock() + timedelta(days=360))
