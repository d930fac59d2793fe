"""What happens to a nudge whose receiver fails, asks for patience, is gone, hangs, or whose service is killed?"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.broker.nudges_kit import World, checked, nudge, receiving, world
from threedates.core.retry import plan
from threedates.edge.clock import system_clock
from threedates.edge.embedded import EmbeddedNats
from threedates.nudges.aftermath import Aftermath
from threedates.nudges.app import make
from threedates.schemas.log import encode
from threedates.schemas.webhook import Delivery


async def test_a_failing_receiver_is_tried_until_it_takes_it_always_under_the_same_id(
    nats_url: str, prefix: str
) -> None:
    """Timestamp and signature are fresh each time, the id is not."""
    async with world(nats_url, prefix) as here, receiving(500, 302, 204) as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await there.got(3)
        attempts = await here.attempted(endpoint, 3)
        assert [(a.attempt, a.status, a.outcome) for a in attempts] == [
            (1, 500, "retrying"), (2, 302, "retrying"), (3, 204, "delivered"),
        ]  # fmt: skip
        assert set(there.ids) == {"ada-fun-0-due-a"}
        assert [checked(endpoint, request) for request in there.requests]
        await here.settled()
        assert await here.waiting() == 0


async def test_retry_after_is_honoured(nats_url: str, prefix: str) -> None:
    """The attempt log says when it goes on, and nothing goes to that endpoint before."""
    async with world(nats_url, prefix) as here, receiving(503, retry_after="7200") as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        async with here.serving(plan):
            await here.decide("ada", nudge("ada"))
            (attempt,) = await here.attempted(endpoint, 1)
            assert attempt.next_at is not None
            assert attempt.next_at - attempt.at == timedelta(hours=2)
            await here.settled()
            await here.decide("ada", nudge("ada", 1))
            await here.settled()
            assert there.ids == ["ada-fun-0-due-a"]
            assert await here.waiting() == 2


async def test_410_disables_the_endpoint_and_the_others_hear_of_it(nats_url: str, prefix: str) -> None:
    """Never again, never silently; the nudge gives its budget back where nobody got it."""
    async with world(nats_url, prefix) as here, receiving(410) as gone, receiving() as other, here.serving():
        endpoint = await here.endpoint("ada", gone)
        await here.endpoint("key-k1", other, types=("endpoint.*",))
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await other.got(1)
        await here.settled()
        kept = await here.endpoints.get(endpoint.id)
        assert kept is not None
        assert kept.disabled == "gone"
        assert [letter.reason for letter in await here.dead()] == ["the endpoint answered 410 Gone"]
        assert await here.dropped("ada") == [("ada-fun-0-due-a", "undeliverable")]
        await here.decide("ada", nudge("ada", 1))
        await here.settled()
        assert len(gone.requests) == 1


async def test_after_the_last_attempt_it_becomes_a_dead_letter_that_can_go_again(nats_url: str, prefix: str) -> None:
    """The letter holds the whole task; a nudge that reached another endpoint is not dropped for it."""
    async with world(nats_url, prefix) as here, receiving(400) as bad, receiving() as good, here.serving():
        endpoint = await here.endpoint("ada", bad)
        await here.endpoint("ada", good)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        attempts = await here.attempted(endpoint, 10)
        assert [a.outcome for a in attempts] == ["retrying"] * 9 + ["dead"]
        await here.settled()
        (letter,) = await here.dead()
        assert letter.delivery is not None
        assert letter.delivery.message_id == "ada-fun-0-due-a"
        assert len(good.requests) == 1
        assert await here.dropped("ada") == []


async def test_a_hanging_receiver_holds_up_nobody_else(nats_url: str, prefix: str) -> None:
    """It may use its own share of the places alone; the surplus waits on schedules."""
    release = asyncio.Event()
    async with (
        world(nats_url, prefix, in_flight=16) as here,
        receiving(hold=release) as slow,
        receiving() as quick,
        here.serving(),
    ):
        await here.endpoint("ada", slow)
        await here.endpoint("bea", quick)
        await here.couple("ada")
        await here.couple("bea")
        await here.decide("ada", *(nudge("ada", n) for n in range(60)))
        await slow.got(1)
        for n in range(20):
            await here.decide("bea", nudge("bea", n))
        await quick.got(20)
        assert len(slow.requests) < 16
        release.set()
        await slow.got(60)
        assert len(set(slow.ids)) == 60


async def test_a_receiver_slower_than_the_ack_wait_is_asked_once(nats_url: str, prefix: str) -> None:
    """The broker hears that the task is still worked on."""
    release = asyncio.Event()
    async with world(nats_url, prefix, ack_wait=1) as here, receiving(hold=release) as slow, here.serving():
        endpoint = await here.endpoint("ada", slow)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await slow.got(1)
        await asyncio.sleep(2.5)
        release.set()
        await here.attempted(endpoint, 1)
        await here.settled()
        assert len(slow.requests) == 1


async def test_killed_between_post_and_ack_it_goes_again_under_the_same_id(nats_url: str, prefix: str) -> None:
    """At least once; the receiver knows it by its id."""
    async with world(nats_url, prefix, ack_wait=1) as here, receiving() as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await _killed_after_the_post(here, there.got(1))
        assert await here.attempts(endpoint) == []
        async with here.serving():
            await here.attempted(endpoint, 1)
            await here.settled()
        assert there.ids == ["ada-fun-0-due-a"] * 2


async def _killed_after_the_post(here: World, posted: Coroutine[Any, Any, None]) -> None:
    """Run the service until the receiver has answered, and break it off before anything is written down."""
    service = make(here.settings)
    await service.start()
    assert service._handlers is not None
    deliverer = service._handlers.deliverer
    trying = deliverer._trying
    trying._concluding._aftermath = Stuck(deliverer._wire, trying._aftermath._broker_clock)
    await posted
    for task in list(deliverer._running):
        task.cancel()
    await service.stop()


class Stuck(Aftermath):
    """Never gets to writing anything down."""

    async def record(self, *_args: Any, **_named: Any) -> None:
        await asyncio.Event().wait()


@pytest.mark.timeout(60)
async def test_a_retry_survives_the_restart_of_service_and_broker(tmp_path: Path, prefix: str) -> None:
    """The plan is the broker's, on disk."""
    broker = EmbeddedNats(tmp_path / "nats", sync="always")
    await broker.start()
    try:
        async with receiving(500, 200) as there:
            async with world(broker.url, prefix) as here:
                await here.endpoint("ada", there)
                await here.couple("ada")
                async with here.serving():
                    await here.decide("ada", nudge("ada"))
                    await there.got(1)
                    await here.settled()
            await broker.stop()
            await broker.start()
            async with world(broker.url, prefix) as here, here.serving():
                await there.got(2)
            assert there.ids == ["ada-fun-0-due-a"] * 2
    finally:
        await broker.stop()


async def test_an_endpoint_test_is_one_attempt(nats_url: str, prefix: str) -> None:
    """Who tests looks at the answer, and tests again."""
    async with world(nats_url, prefix) as here, receiving(500) as there, here.serving():
        endpoint = await here.endpoint("key-k1", there)
        task = Delivery(
            message_id="t-1", endpoint_id=endpoint.id, couple_id="_", type="endpoint.test", body="{}",
            first_at=system_clock(),
        )  # fmt: skip
        await here.wire.publish(here.wire.names.deliver("_", endpoint.id), encode(task))
        (attempt,) = await here.attempted(endpoint, 1)
        await here.settled()
        assert (attempt.outcome, attempt.status) == ("dead", 500)
        assert await here.waiting() == 0
        assert await here.dead() == []
