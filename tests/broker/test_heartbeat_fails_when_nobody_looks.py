"""The heartbeat: couples that are due and are not looked at show, whoever is at fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from typer.testing import CliRunner

from tests.broker.edge_kit import Edge, edge
from threedates.cadence.app import make
from threedates.cli.main import app
from threedates.edge.clock import system_clock
from threedates.edge.heartbeat import SILENCE, heartbeat
from threedates.edge.lag import lag_of
from threedates.edge.observer import Observer
from threedates.edge.timers import SWEEP, Timers
from threedates.edge.topology import CADENCE_DUE, consumers
from threedates.edge.wire import Wire

LATER = timedelta(minutes=10)
"""Longer than a couple may wait by default, shorter than what the sweep is given."""


@dataclass
class Standing:
    """A cadence service that says it is at work, and looks at nobody."""

    wire: Wire | None
    is_ready: bool = True


async def waits(e: Edge, couple_id: str) -> None:
    """A timer of the couple's has fired, and the broker knows it."""
    await Timers(e.wire).due_now(couple_id)
    due = next(c for c in consumers(e.settings) if c.name == CADENCE_DUE)
    async with asyncio.timeout(20):
        while not (await lag_of(e.wire, due)).is_waiting:
            await asyncio.sleep(0.02)


async def test_a_due_couple_that_waits_too_long_stops_it(nats_url: str, prefix: str) -> None:
    """Nobody reads what is due: the oldest message tells, without a word from the service that should."""
    async with edge(nats_url, prefix) as e:
        assert await heartbeat(e.wire, e.settings, system_clock()) is None
        await waits(e, "c1")
        assert await heartbeat(e.wire, e.settings, system_clock()) is None
        wrong = await heartbeat(e.wire, e.settings, system_clock() + LATER)
        assert wrong is not None
        assert wrong.startswith("A couple that is due has waited")


async def test_a_sweep_may_take_longer_than_a_couple_waits(nats_url: str, prefix: str) -> None:
    """A sweep that finds very many couples takes minutes, in which the others are looked at; but not for ever."""
    async with edge(nats_url, prefix) as e:
        await waits(e, SWEEP)
        assert await heartbeat(e.wire, e.settings, system_clock() + LATER) is None
        wrong = await heartbeat(e.wire, e.settings, system_clock() + SILENCE + LATER)
        assert wrong == "The sweep has not been made for three of its turns"


async def test_a_broker_that_fires_no_timers_stops_it(nats_url: str, prefix: str) -> None:
    """Nothing waits, and that is what is wrong: three sweeps should have fallen due."""
    async with edge(nats_url, prefix) as e:
        cadence = make(e.settings)
        await cadence.start()
        try:
            await Timers(e.wire).due_now("nobody")
            await e.idle(CADENCE_DUE, e.wire.names.timers)
        finally:
            await cadence.stop()
        assert await heartbeat(e.wire, e.settings, system_clock()) is None
        wrong = await heartbeat(e.wire, e.settings, system_clock() + SILENCE + LATER)
        assert wrong is not None
        assert wrong.startswith("No timer has fired")


@asynccontextmanager
async def observed(e: Edge, cadence: Standing, ahead: timedelta) -> AsyncIterator[httpx.AsyncClient]:
    """The listener of a process that runs cadence, by a clock that is ahead by so much."""
    settings = e.settings.model_copy(update={"metrics": "127.0.0.1:0"})
    observer = Observer(settings, {"cadence": cadence}, lambda: system_clock() + ahead)
    await observer.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{observer.port}", trust_env=False) as http:
            yield http
    finally:
        await observer.stop()


async def test_readiness_of_cadence_is_the_heartbeat(nats_url: str, prefix: str) -> None:
    """Whatever watches containers hears of it: the process lives, and is not ready."""
    async with edge(nats_url, prefix) as e:
        async with observed(e, Standing(e.wire), LATER) as http:
            assert (await http.get("/readyz")).status_code == 200
            await waits(e, "c1")
            answer = await http.get("/readyz")
            assert answer.status_code == 503
            assert answer.text.startswith("A couple that is due has waited")
            assert (await http.get("/healthz")).status_code == 200
        async with observed(e, Standing(None, is_ready=False), LATER) as http:
            assert (await http.get("/readyz")).text == "cadence is not at work\n"


async def test_doctor_says_so(nats_url: str, prefix: str) -> None:
    """The same in the command that people and containers ask."""
    async with edge(nats_url, prefix) as e:
        environment = {"THREEDATES_NATS_URL": nats_url, "THREEDATES_PREFIX": prefix, "THREEDATES_HEARTBEAT": "1"}

        async def doctor() -> str:
            # The command has an event loop of its own.
            return (await asyncio.to_thread(CliRunner().invoke, app, ["doctor"], env=environment)).output

        assert "heartbeat: due couples are being looked at" in await doctor()
        await waits(e, "c1")
        async with asyncio.timeout(30):
            while "heartbeat: A couple that is due has waited" not in await doctor():
                await asyncio.sleep(0.2)
