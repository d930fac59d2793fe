"""Is a nudge asked about before every attempt: answered meanwhile, paused, in quiet hours, its couple gone?"""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.broker.nudges_kit import nudge, receiving, world
from threedates.edge.clock import system_clock
from threedates.nudges.lanes import Lane
from threedates.schemas.log import Booked, Paused, Snoozed, encode
from threedates.schemas.webhook import Delivery


def quiet_now() -> dict[str, str]:
    """Quiet hours that began an hour ago and go on for two, whatever the time of day is."""
    here = system_clock().astimezone(ZoneInfo("Europe/Berlin"))
    return {"from": f"{here - timedelta(hours=1):%H:%M}", "to": f"{here + timedelta(hours=2):%H:%M}"}


async def test_a_nudge_answered_before_it_goes_is_dropped_and_gives_its_budget_back(nats_url: str, prefix: str) -> None:
    """Nobody is asked for what is already settled."""
    async with world(nats_url, prefix) as here, receiving() as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        start = system_clock() + timedelta(days=2)
        booked = Booked(
            id="b-1", at=system_clock(), by="alex", kind="fun", start=start, end=start + timedelta(hours=3),
            status="scheduled",
        )  # fmt: skip
        await here.fact("ada", booked)
        async with here.serving():
            (attempt,) = await here.attempted(endpoint, 1)
            await here.settled()
        assert (attempt.outcome, attempt.error) == ("dropped", "answered")
        assert there.requests == []
        assert await here.dropped("ada") == [("ada-fun-0-due-a", "answered")]


async def test_a_retry_is_dropped_once_the_couple_pauses(nats_url: str, prefix: str) -> None:
    """Still due is asked on every attempt, not on the first alone."""
    async with world(nats_url, prefix) as here, receiving(500) as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await here.attempted(endpoint, 1)
        await here.fact("ada", Paused(id="p-1", at=system_clock(), by="alex"))
        async with asyncio.timeout(30):
            while (last := (await here.attempts(endpoint))[-1]).outcome != "dropped":
                await asyncio.sleep(0.05)
        assert last.error == "paused"
        await here.settled()
        assert await here.waiting() == 0


async def test_a_fact_that_changes_nothing_for_the_kind_lets_it_go(nats_url: str, prefix: str) -> None:
    """The fold is asked, and says yes."""
    async with world(nats_url, prefix) as here, receiving() as there:
        await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        until = system_clock() + timedelta(days=1)
        await here.fact("ada", Snoozed(id="s-1", at=system_clock(), by="alex", kind="business", until=until))
        async with here.serving():
            await there.got(1)


async def test_a_late_nudge_waits_for_the_end_of_quiet_hours(nats_url: str, prefix: str) -> None:
    """After a long standstill nobody is woken."""
    async with world(nats_url, prefix) as here, receiving() as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada", quiet=quiet_now())
        await here.decide("ada", nudge("ada"), at=system_clock() - timedelta(hours=3))
        async with here.serving():
            (attempt,) = await here.attempted(endpoint, 1)
            await here.settled()
        assert attempt.outcome == "held"
        assert attempt.next_at is not None
        assert there.requests == []
        assert await here.waiting() == 1


async def test_a_task_of_a_couple_that_left_goes_without_a_trace(nats_url: str, prefix: str) -> None:
    """Their log is gone, and nothing may bring anything of it back."""
    async with world(nats_url, prefix) as here, receiving() as there:
        endpoint = await here.endpoint("key-k1", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        async with here.serving():
            await there.got(1)
            await here.settled()
        task = (await here.attempts(endpoint))[0]
        await here.wire.purge(here.wire.names.log, here.wire.names.tree("ada"))
        again = Delivery(
            message_id=task.message_id, endpoint_id=endpoint.id, couple_id="ada", type="nudge.due", body="{}",
            decided_seq=2, kind="fun", stage="due", addressee="sam", first_at=system_clock(),
        )  # fmt: skip
        await here.wire.publish(here.wire.names.deliver("ada", endpoint.id), encode(again))
        async with here.serving():
            await here.settled()
        assert len(there.requests) == 1
        assert len(await here.attempts(endpoint)) == 1
        assert await here.dropped("ada") == []


async def test_of_a_long_queue_nobody_is_asked_about_before_its_endpoint_opens(nats_url: str, prefix: str) -> None:
    """It waits on its schedule; once it could go it is asked about, and dropped."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving() as service:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        assert service._handlers is not None
        lanes = service._handlers.deliverer._trying.lanes
        lane = lanes._lanes.setdefault(endpoint.id, Lane())
        lane.closed_until = system_clock() + timedelta(hours=1)
        lanes._parking._ends[endpoint.id] = lane.closed_until + timedelta(hours=1)
        await here.decide("ada", nudge("ada"))
        await here.fact("ada", Paused(id="p-1", at=system_clock(), by="alex"))
        await here.settled()
        assert (await here.waiting(), await here.attempts(endpoint)) == (1, [])
        lane.closed_until = None
        names = here.wire.names
        (task,) = await here.wire.reader.tail(names.deliveries, names.retry("ada", endpoint.id, "*"), 1)
        await here.wire.publish(names.deliver("ada", endpoint.id), task.data)
        (attempt,) = await here.attempted(endpoint, 1)
        assert (attempt.outcome, attempt.error) == ("dropped", "paused")
        assert there.requests == []
