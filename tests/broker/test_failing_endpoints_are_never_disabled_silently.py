"""Is it said before, and when, an endpoint is disabled; is it probed, and enabled again when it is back?"""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import web

from tests.broker.nudges_kit import Receiver, World, checked, nudge, receiving, world
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import KeptEndpoint
from threedates.schemas.log import encode
from threedates.schemas.webhook import Delivery

DAY = timedelta(days=1)


async def failing_for(here: World, endpoint: KeptEndpoint, days: float, warned: int = 0) -> None:
    """As if nothing had got through for so long, and nobody had been warned for a day."""
    now = system_clock()
    changes = {"failing_since": now - days * DAY, "warned": warned, "warned_at": now - DAY if warned else None}
    await here.endpoints.change(endpoint.id, lambda old: old.model_copy(update=changes))


async def becomes(here: World, endpoint: KeptEndpoint, is_so: Callable[[KeptEndpoint], bool]) -> KeptEndpoint:
    """The endpoint, once it is so."""
    async with asyncio.timeout(30):
        while (kept := await here.endpoints.get(endpoint.id)) is None or not is_so(kept):
            await asyncio.sleep(0.02)
    return kept


def told(receiver: Receiver) -> list[tuple[str, str]]:
    """What it heard: each type, and the id."""
    return [(json.loads(body)["type"], headers["webhook-id"]) for headers, body in receiver.requests]


async def test_a_repeated_failure_is_written_down_and_a_success_ends_it(nats_url: str, prefix: str) -> None:
    """A probe waits at half of the way, as long as it fails; the success writes, and later ones don't."""
    async with world(nats_url, prefix) as here, receiving(500, 500, 500, 200) as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        kept = await becomes(here, endpoint, lambda e: e.failing_since is not None)
        second = (await here.attempted(endpoint, 2))[1]
        assert kept.failing_since == second.at
        assert (await _waiting_probe(here, endpoint)).first_at == kept.failing_since
        await becomes(here, endpoint, lambda e: e.failing_since is None)
        await here.settled()
        assert await here.waiting() == 0
        before = await here.wire.get("endpoints", endpoint.id.replace("_", "."))
        await here.decide("ada", nudge("ada", 1))
        await here.attempted(endpoint, 5)
        await here.settled()
        assert await here.wire.get("endpoints", endpoint.id.replace("_", ".")) == before


async def test_a_probe_that_fails_warns_the_others(nats_url: str, prefix: str) -> None:
    """The couple's other endpoints and those of its key, not the one that fails; once."""
    async with world(nats_url, prefix) as here, receiving(500) as bad, receiving() as good, receiving() as app:
        endpoint = await here.endpoint("ada", bad)
        other = await here.endpoint("ada", good)
        await here.endpoint("key-k1", app, types=("endpoint.*",))
        await here.couple("ada")
        await failing_for(here, endpoint, 2.6)
        async with here.serving():
            await here.decide("ada", nudge("ada"))
            kept = await becomes(here, endpoint, lambda e: e.warned == 50)
            await app.got(1)
            await good.got(2)
        assert kept.disabled is None
        warning = next(request for request in good.requests if b"endpoint.failing" in request[1])
        data: dict[str, Any] = checked(other, warning)["data"]
        assert data["endpoint"]["id"] == endpoint.id
        assert data["state"] == "failing"
        assert "url" not in data["endpoint"]
        assert [kind for kind, _ in told(app)] == ["endpoint.failing"]
        assert "endpoint.test" in [kind for kind, _ in told(bad)]
        assert "endpoint.failing" not in [kind for kind, _ in told(bad)]


async def test_at_the_end_it_is_disabled_and_a_probe_that_succeeds_enables_it(nats_url: str, prefix: str) -> None:
    """Disabled it gets nothing but probes."""
    async with world(nats_url, prefix) as here, receiving(500) as there, receiving() as app:
        endpoint = await here.endpoint("ada", there)
        await here.endpoint("key-k1", app, types=("endpoint.*",))
        await here.couple("ada")
        await failing_for(here, endpoint, 5.1, warned=90)
        async with here.serving():
            await here.decide("ada", nudge("ada"))
            await becomes(here, endpoint, lambda e: e.disabled == "failing")
            await app.got(1)
            assert [kind for kind, _ in told(app)] == ["endpoint.disabled"]
            await here.decide("ada", nudge("ada", 1))
            await here.settled()
            assert [i for i in there.ids if i.startswith("ada-fun-1")] == []
            there.answer = lambda _number: web.Response(status=204)
            probe = await _waiting_probe(here, endpoint)
            await here.wire.publish(here.wire.names.deliver("ada", endpoint.id), encode(probe))
            kept = await becomes(here, endpoint, lambda e: e.disabled is None)
        assert (kept.failing_since, kept.warned) == (None, 0)


async def _waiting_probe(here: World, endpoint: KeptEndpoint) -> Delivery:
    """The probe that waits on a schedule."""
    names = here.wire.names
    subject = names.retry("ada", endpoint.id, "*")
    async with asyncio.timeout(30):
        while True:
            found = await here.wire.reader.tail(names.deliveries, subject, 1)
            for stored in found:
                task = Delivery.model_validate_json(stored.data)
                if task.stage == "probe":
                    return task
            await asyncio.sleep(0.02)


async def test_a_probe_of_a_course_that_is_over_goes_nowhere(nats_url: str, prefix: str) -> None:
    """It was enabled by hand meanwhile, or is well."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        stale = Delivery(
            message_id="p-1", endpoint_id=endpoint.id, couple_id="ada", type="endpoint.test", stage="probe", body="{}",
            first_at=system_clock() - DAY,
        )  # fmt: skip
        await here.wire.publish(here.wire.names.deliver("ada", endpoint.id), encode(stale))
        await here.settled()
        assert there.requests == []
        assert await here.attempts(endpoint) == []


async def test_a_test_that_succeeds_enables_what_a_410_disabled_but_not_what_a_person_did(
    nats_url: str, prefix: str
) -> None:
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        for disabled in ("gone", "by_hand"):
            endpoint = await here.endpoint("key-k1", there)
            changes = {"disabled": disabled}
            await here.endpoints.change(endpoint.id, partial(KeptEndpoint.model_copy, update=changes))
            test = Delivery(
                message_id=f"t-{disabled}", endpoint_id=endpoint.id, couple_id="_", type="endpoint.test", body="{}",
                first_at=system_clock(),
            )  # fmt: skip
            await here.wire.publish(here.wire.names.deliver("_", endpoint.id), encode(test))
            await here.attempted(endpoint, 1)
            await here.settled()
            kept = await here.endpoints.get(endpoint.id)
            assert kept is not None
            assert kept.disabled == (None if disabled == "gone" else "by_hand")
