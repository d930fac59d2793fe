"""Does a couple exported here and imported there go on as if nothing had happened, and hear nothing twice?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.broker.edge_kit import Edge, edge
from tests.broker.nudges_kit import receiving
from threedates.cadence import app as cadence
from threedates.cadence.sweep import Sweeper
from threedates.cli.main import app
from threedates.core.exported import Log
from threedates.core.state import CoupleState
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints, key_owner
from threedates.edge.feedstore import read_feed_blocks
from threedates.edge.importing import Importer, ImportRefused
from threedates.edge.timers import Timers
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS, INVITES, NUDGES_DELIVER, NUDGES_FANOUT
from threedates.invites import app as invites
from threedates.nudges import app as nudges
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Answered, CheckedIn, Joined, Left

AWAKE = CoupleSettings.model_validate(
    {"tz": "Europe/Berlin", "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}]}
)


@asynccontextmanager
async def _at_work(e: Edge) -> AsyncIterator[None]:
    services = [make(e.settings) for make in (cadence.make, invites.make, nudges.make)]
    for service in services:
        await service.start()
    try:
        yield
    finally:
        for service in services:
            await service.stop()


async def _settled(e: Edge) -> None:
    names = e.wire.names
    for consumer, stream in (
        (CADENCE_FACTS, names.log), (CADENCE_DUE, names.timers), (INVITES, names.log), (NUDGES_FANOUT, names.log),
        (NUDGES_DELIVER, names.deliveries),
    ):  # fmt: skip
        await e.idle(consumer, stream)


async def _run(e: Edge, *command: str) -> Result:
    env = {"THREEDATES_NATS_URL": e.settings.nats_url, "THREEDATES_PREFIX": e.settings.prefix, "COLUMNS": "300"}
    return await asyncio.to_thread(CliRunner().invoke, app, list(command), env=env)


async def _lived(e: Edge) -> None:
    """A couple that joined nine days ago, was nudged, and answered."""
    joined_at = system_clock() - timedelta(days=9)
    await e.couples.append_fact("c1", Joined(id="j", at=joined_at, key_id="0123456789ab", settings=AWAKE))
    await _settled(e)
    fact = Answered(id="a", at=system_clock(), by="sam", uid="c1-fun-1@threedates", answer="accept")
    await e.couples.append_fact("c1", fact)
    await _settled(e)


async def _state(e: Edge) -> CoupleState:
    state = await Couples(e.wire).load("c1")
    assert state is not None
    return state


async def test_the_couple_goes_on_and_hears_nothing_twice(nats_url: str, prefix: str, tmp_path: Path) -> None:
    """The same dates, facts and nudges; the next look is set; no webhook; and every decision is made again the same."""
    file = str(tmp_path / "c1.jsonl")
    async with edge(nats_url, prefix) as e, _at_work(e):
        await _lived(e)
        assert (await _run(e, "export", "c1", "--out", file)).exit_code == 0
        there = await _state(e)
    async with receiving() as receiver, edge(nats_url, f"{prefix}x", allow_networks="127.0.0.0/8") as e, _at_work(e):
        # Another couple's events come first, so that no sequence is what it was.
        for n in range(5):
            await e.couples.append_fact("other", Joined(id=f"o{n}", at=system_clock(), key_id="k", settings=AWAKE))
        await Endpoints(e.wire).create(key_owner("0123456789ab"), receiver.url, system_clock())
        result = await _run(e, "import", file)
        assert result.exit_code == 0, result.output
        assert "0123456789ab" in result.output
        await _settled(e)
        here = await _state(e)
        assert here.settings == there.settings
        assert [date.record for date in here.dates.values()] == [date.record for date in there.dates.values()]
        assert {"j", "a"} <= set(here.seen)
        assert "nothing differs" in (await _run(e, "replay", "--check", "c1")).output
        assert len(await read_feed_blocks(e.wire, "c1", system_clock())) == 3
        timer = (await e.wire.reader.last_of(e.wire.names.timers, [e.wire.names.timer("c1")]))[0]
        assert json.loads(timer.data)["folded_to"] == here.seq
        assert receiver.requests == []
        again = await _run(e, "import", file)
        assert again.exit_code == 1
        assert "already" in again.output


async def test_an_import_that_was_broken_off_goes_on_where_it_was(nats_url: str, prefix: str) -> None:
    """Meanwhile nobody looks at half a log, the sweep included; and what is not the same is refused."""
    joined = Joined(id="j", at=system_clock() - timedelta(days=1), key_id="k", settings=AWAKE)
    more: Log = [(n, CheckedIn(id=f"r{n}", at=system_clock(), partner="sam", mood=4)) for n in (20, 30)]
    async with edge(nats_url, prefix) as e, _at_work(e):
        await e.join("other")
        importer = Importer(e.wire, system_clock)
        await _begin(importer, [(10, joined), more[0]])
        await _settled(e)
        await Sweeper(e.wire, Timers(e.wire), system_clock).sweep(_nothing)
        await _settled(e)
        assert len(await e.couples.events("c1")) == 2
        with pytest.raises(ImportRefused, match="already"):
            await importer.couple("c1", [(10, joined), more[1]])
        assert await importer.couple("c1", [(10, joined), *more]) == 1
        await _settled(e)
        assert len(await e.couples.events("c1")) > 3
        with pytest.raises(ImportRefused, match="begin"):
            await importer.couple("c2", more)
        with pytest.raises(ImportRefused, match="left"):
            await importer.couple("c2", [(1, joined), (2, Left(id="l", at=system_clock()))])


async def _begin(importer: Importer, log: Log) -> None:
    """What there is of an import that was killed before its end."""
    await importer._timers.set("c1", system_clock() + timedelta(days=9), 2**53)
    after: list[int] = []
    for _, event in log:
        after.append(await importer._append("c1", event, after))


async def _nothing() -> None:
    """No progress to report."""
