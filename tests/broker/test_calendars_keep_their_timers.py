"""Is every calendar fetched when it is due, once, whatever happens to the service, its timers and its couple?"""

import asyncio
from datetime import timedelta

from tests.broker.calendars_kit import COUPLE, PATIENCE, World, at, holding, hosting, world
from threedates.calendars.sweep import SWEEP, Sweeper
from threedates.core.state import CoupleState
from threedates.edge.clock import system_clock
from threedates.intake import app as intake
from threedates.schemas.log import Left


async def nothing() -> None:
    """Progress that nobody reports."""


async def test_a_restart_keeps_every_timer(nats_url: str, prefix: str) -> None:
    """They are the broker's; and they fire by themselves."""
    async with world(nats_url, prefix, calendar_interval=2) as here, hosting(holding(2)) as host:
        async with here.serving():
            calendar_id = await here.add(host)
            await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
            await here.idle()
        waiting = [s async for s in here.wire.subjects(here.wire.names.polls, ">") if s.endswith(f"{COUPLE}.x1")]
        assert len(waiting) == 1  # its timer, or what that has fired
        here.now = system_clock() + timedelta(hours=1)
        async with here.serving():
            await here.becomes(calendar_id, lambda record: record.last_fetch == here.now)


async def test_two_replicas_fetch_once(nats_url: str, prefix: str) -> None:
    """And a second message about what is not due yet only sets the timer again."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host, here.serving(), here.serving():
        calendar_id = await here.add(host)
        record = await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        await here.calendars.poll_now(record)
        await here.calendars.poll_now(record)
        await here.idle()
        assert len(host.requests) == 1
        assert len(await here.sent()) == 1
        assert here.wire.names.poll_timer(COUPLE, "x1") in await here.timers()
        assert await here.record(calendar_id) == record


async def test_a_timer_that_was_lost_comes_back(nats_url: str, prefix: str) -> None:
    """Taken by an operator, or never set because whoever added the calendar was killed; the sweep is on a schedule."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host, here.serving():
        names = here.wire.names
        assert names.poll_timer(SWEEP, SWEEP) in await here.timers()
        calendar_id = await here.add(host)
        await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        await here.idle()
        await here.wire.purge(names.polls, names.poll_timer(COUPLE, "x1"))
        assert await Sweeper(here.wire).sweep(nothing) == 1
        await here.idle()
        assert names.poll_timer(COUPLE, "x1") in await here.timers()
        assert await Sweeper(here.wire).sweep(nothing) == 0


async def busy(here: World) -> set[object]:
    """The starts of what the couple's state holds taken."""
    state = await here.couples.load(COUPLE)
    assert isinstance(state, CoupleState)
    return {one.start for one in state.busy if not one.is_cancelled}


async def until_busy(here: World, *days: float) -> None:
    """Wait until just these are taken."""
    async with asyncio.timeout(PATIENCE):
        while await busy(here) != {at(day) for day in days}:
            await asyncio.sleep(0.05)


async def test_a_calendar_that_is_deleted_frees_its_times(nats_url: str, prefix: str) -> None:
    """Through the inbox into the log, all the way; of the calendar only a marker stays, and the other is untouched."""
    async with world(nats_url, prefix) as here, hosting(holding(2, 3)) as host, hosting(holding(4)) as other:
        taking_in = intake.make(here.settings)
        await taking_in.start()
        try:
            async with here.serving():
                calendar_id = await here.add(host)
                await here.add(other, "x2")
                await until_busy(here, 2, 3, 4)
                host.data = holding(3, 5)
                here.later(hours=2)
                await here.polled(calendar_id)
                await until_busy(here, 3, 4, 5)
                assert await here.calendars.delete(calendar_id)
                assert not await here.calendars.delete(calendar_id)
                await until_busy(here, 4)
                await here.idle()
                assert [record.rest for record in await here.calendars.of_couple(COUPLE)] == ["x2"]
                assert await here.calendars.get(calendar_id) is None
                assert here.wire.names.poll_timer(COUPLE, "x1") not in await here.timers()
        finally:
            await taking_in.stop()


async def test_late_messages_of_a_couple_that_left_do_nothing(nats_url: str, prefix: str) -> None:
    """Whatever is still there of theirs goes; nothing is fetched."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host:
        await here.add(host)
        await here.couples.append_fact(COUPLE, Left(id="bye", at=system_clock()))
        async with here.serving():
            await here.idle()
        assert host.requests == []
        names = here.wire.names
        found = [s async for s in here.wire.subjects(names.bucket_stream("calendars"), ">")]
        assert found == []
        assert await here.timers() == {names.poll_timer(SWEEP, SWEEP)}
