"""A log that real services wrote: can it be taken out, explained, and made again decision by decision?"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from tests.broker.edge_kit import Edge, edge
from threedates.cadence import app as cadence
from threedates.cli.main import app
from threedates.edge.clock import system_clock
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import LOG_EVENT, Answered, CheckedIn, Decision, Joined, encode
from threedates.schemas.outcomes import NudgeOutcome

Command = Callable[..., Awaitable[Result]]

# Decided at the real time of day, so nobody may be asleep: a held nudge is no nudge.
AWAKE = CoupleSettings.model_validate(
    {"tz": "Europe/Berlin", "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}]}
)


@asynccontextmanager
async def lived(nats_url: str, prefix: str) -> AsyncIterator[tuple[Edge, Command]]:
    """Two couples with a real cadence service behind them: one answered and reported, one only joined."""
    async with edge(nats_url, prefix) as e:
        service = cadence.make(e.settings)
        await service.start()
        try:
            joined_at = system_clock() - timedelta(days=9)
            for couple in ("c1", "c2"):
                await e.couples.append_fact(couple, Joined(id="j", at=joined_at, key_id="k", settings=AWAKE))
                await _decided(e, couple, 1)
            uid = "c1-fun-1@threedates"
            await e.couples.append_fact("c1", Answered(id="a", at=system_clock(), by="sam", uid=uid, answer="accept"))
            await _decided(e, "c1", 2)
            report = CheckedIn(id="r", at=system_clock(), partner="alex", conflict=True, note="just between us")
            await e.couples.append_fact("c1", report)
        finally:
            await service.stop()

        async def command(*args: str) -> Result:
            env = {"THREEDATES_NATS_URL": nats_url, "THREEDATES_PREFIX": prefix, "COLUMNS": "200"}
            return await asyncio.to_thread(CliRunner().invoke, app, list(args), env=env)

        yield e, command


async def _decided(e: Edge, couple: str, count: int) -> None:
    async with asyncio.timeout(60):
        while sum(isinstance(event, Decision) for _, event in await e.couples.events(couple)) < count:
            await asyncio.sleep(0.02)


async def _tamper(e: Edge, couple: str) -> int:
    """A decision that no code would make, appended as cadence would have; returns its sequence."""
    state = await e.couples.load(couple)
    assert state is not None
    decision = next(event for _, event in await e.couples.events(couple) if isinstance(event, Decision))
    nudge = next(outcome for outcome in decision.outcomes if isinstance(outcome, NudgeOutcome))
    made_up = nudge.model_copy(update={"nudge_id": "made-up", "title": "Go out!"})
    forged = decision.model_copy(
        update={"id": "forged", "at": system_clock(), "folded_to": state.seq, "outcomes": (made_up,)}
    )
    return (await e.couples.append_decision(state, forged)).seq


async def test_what_cadence_decided_is_decided_again(nats_url: str, prefix: str) -> None:
    """One couple, all couples, or a file: nothing differs, and nothing is written."""
    async with lived(nats_url, prefix) as (e, command):
        before = await e.couples.events("c1")
        for args in (("c1",), ("c1", "c2"), ("--all",)):
            result = await command("replay", "--check", *args)
            assert result.exit_code == 0, result.output
            assert "nothing differs" in result.stdout
        assert await e.couples.events("c1") == before


async def test_a_tampered_decision_is_found(nats_url: str, prefix: str, tmp_path: Path) -> None:
    """Named by couple and sequence, outcome by outcome; the exit code says so to a pipeline."""
    async with lived(nats_url, prefix) as (e, command):
        seq = await _tamper(e, "c1")
        result = await command("replay", "--check", "--all")
        assert result.exit_code == 1
        assert f"c1 decision {seq}" in result.stdout
        assert "- nudge made-up: " in result.stdout
        lines = [
            json.loads(line) for line in (await command("replay", "--check", "--all", "--json")).stdout.splitlines()
        ]
        assert [[found["seq"] for found in line["differing"]] for line in lines] == [[seq], []]
        path = tmp_path / "c1.jsonl"
        assert (await command("export", "c1", "--out", str(path))).exit_code == 0
        assert (await command("replay", "--check", "--file", str(path))).exit_code == 1


async def test_an_exported_log_is_the_log(nats_url: str, prefix: str, tmp_path: Path) -> None:
    """Sequences and events as stored; the note stays with its author; the file is for its owner alone."""
    async with lived(nats_url, prefix) as (e, command):
        path = tmp_path / "c1.jsonl"
        assert (await command("export", "c1", "--out", str(path))).exit_code == 0
        lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        stored = await e.couples.events("c1")
        assert [line["seq"] for line in lines] == [seq for seq, _ in stored]
        assert path.stat().st_mode & 0o777 == 0o600
        assert "just between us" not in path.read_text(encoding="utf-8")
        whole = (await command("export", "c1", "--with-notes")).stdout.splitlines()
        assert [encode(LOG_EVENT.validate_json(json.dumps(json.loads(line)["event"]))) for line in whole] == [
            encode(event) for _, event in stored
        ]
        simulated = await command("simulate", "--from-log", str(path), "--set", "cadence.fun.target=P14D")
        assert simulated.exit_code == 0, simulated.output


async def test_explain_says_what_comes_next(nats_url: str, prefix: str) -> None:
    """The accepted date will be held if nobody says otherwise; a look into the future goes from look to look."""
    async with lived(nats_url, prefix) as (_, command):
        result = await command("explain", "c1")
        assert result.exit_code == 0, result.output
        _, _, coming = result.stdout.partition("next, if nothing happens:")
        assert len(coming.strip().splitlines()) == 5
        assert "fun date held" in coming
        later = f"{system_clock() + timedelta(days=30):%Y-%m-%d}"
        ahead = await command("explain", "c1", "--at", later, "--json")
        assert json.loads(ahead.stdout)["kinds"]["fun"]["last_held"] is not None
        assert len(json.loads(ahead.stdout)["coming"]) == 5


async def test_what_cannot_be_done_is_said(nats_url: str, prefix: str) -> None:
    """A couple nobody knows, or nothing named."""
    async with lived(nats_url, prefix) as (_, command):
        for args, code, problem in (
            (("export", "nobody"), 1, "there is no couple nobody"),
            (("replay", "--check", "nobody"), 1, "there is no couple nobody"),
            (("replay", "c1"), 2, "say --check"),
            (("replay", "--check"), 2, "name one couple or more"),
            (("replay", "--check", "--all", "c1"), 2, "name one couple or more"),
        ):
            result = await command(*args)
            assert (result.exit_code, problem in result.stderr) == (code, True), result.output
