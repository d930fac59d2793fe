"""Does a backup, restored into a broker that is empty, give back every log, timer and task, and does work go on?"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from tests.broker.edge_kit import Edge, edge
from threedates.cadence import app as cadence
from threedates.cli.main import app
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.timers import Timers
from threedates.edge.topology import CADENCE_FACTS, consumers, differences, streams
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined

AWAKE = CoupleSettings.model_validate(
    {"tz": "Europe/Berlin", "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}]}
)
COUPLES = ("c1", "c2")


async def _run(e: Edge, *command: str) -> Result:
    env = {"THREEDATES_NATS_URL": e.settings.nats_url, "THREEDATES_PREFIX": e.settings.prefix, "COLUMNS": "300"}
    return await asyncio.to_thread(CliRunner().invoke, app, list(command), env=env)


@asynccontextmanager
async def _deciding(e: Edge) -> AsyncIterator[None]:
    service = cadence.make(e.settings)
    await service.start()
    try:
        yield
    finally:
        await service.stop()


async def _everything(e: Edge) -> dict[str, object]:
    """Folds, places of consumers, and how much is in each stream."""
    folds = {couple: await Couples(e.wire).load(couple) for couple in COUPLES}
    floors = {
        c.name: (await e.wire.api(f"CONSUMER.INFO.{c.stream}.{c.name}"))["ack_floor"]["stream_seq"]
        for c in consumers(e.settings)
    }
    held = {str(s["name"]): await e.subjects(str(s["name"])) for s in streams(e.settings)}
    return {**folds, **floors, **held}


async def test_what_is_restored_is_what_was_saved_and_lives_on(nats_url: str, prefix: str, tmp_path: Path) -> None:
    """Saved while the cadence service runs, which goes on; on the new broker couples are looked at, and timers fire."""
    folder = tmp_path / "backup"
    async with edge(nats_url, prefix) as e, _deciding(e):
        for couple in COUPLES:
            fact = Joined(id="j", at=system_clock() - timedelta(days=1), key_id="k", settings=AWAKE)
            await e.couples.append_fact(couple, fact)
        large = os.urandom(600_000)  # the broker sends a snapshot of it in pieces
        await e.wire.put("endpoints", "key-k.x", large)
        await e.idle(CADENCE_FACTS, e.wire.names.log)
        saved = await _everything(e)
        result = await _run(e, "backup", str(folder))
        assert result.exit_code == 0, result.output
        await e.check_in("c1", "later")
        await e.idle(CADENCE_FACTS, e.wire.names.log)
        assert await _has_seen(e, "later")
        assert (await _run(e, "backup", str(folder))).exit_code == 1
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}
    async with EmbeddedNats(tmp_path / "nats") as fresh, edge(fresh.url, prefix) as e:
        result = await _run(e, "restore", str(folder))
        assert result.exit_code == 0, result.output
        assert await _everything(e) == saved
        kept = await e.wire.get("endpoints", "key-k.x")
        assert kept is not None
        assert kept.data == large
        assert await differences(e.wire, e.settings) == []
        async with _deciding(e):
            await e.check_in("c1", "anew")
            await Timers(e.wire).set("c2", system_clock(), 0)
            await e.idle(CADENCE_FACTS, e.wire.names.log)
            await _looked_at(e, "c2")
        assert await _has_seen(e, "anew")
        assert not await _has_seen(e, "later")
        assert "empty" in (await _run(e, "restore", str(folder))).output


async def _has_seen(e: Edge, event_id: str) -> bool:
    state = await Couples(e.wire).load("c1")
    return state is not None and event_id in state.seen


async def _looked_at(e: Edge, couple: str) -> None:
    """Wait until the couple's timer has fired and its look has set another, which knows the log."""
    names = e.wire.names
    async with asyncio.timeout(40):
        while True:
            found = await e.wire.reader.last_of(names.timers, [names.timer(couple)])
            if found and json.loads(found[0].data)["folded_to"] > 0:
                return
            await asyncio.sleep(0.05)


async def test_a_backup_that_was_tampered_with_or_belongs_elsewhere_is_refused(
    nats_url: str, prefix: str, tmp_path: Path
) -> None:
    """Before anything is made of it."""
    folder = tmp_path / "backup"
    async with edge(nats_url, prefix) as e:
        assert "no backup" in (await _run(e, "restore", str(folder))).output
        assert (await _run(e, "backup", str(folder))).exit_code == 0
        log = folder / f"{e.wire.names.inbox}.snapshot"
        log.write_bytes(log.read_bytes() + b"x")
        assert "checksum" in (await _run(e, "restore", str(folder))).output
    async with edge(nats_url, f"{prefix}x") as other:
        assert "THREEDATES_PREFIX" in (await _run(other, "restore", str(folder))).output
