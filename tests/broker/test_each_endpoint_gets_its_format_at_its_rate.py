"""Does an endpoint get its own format, headers and rate; and CloudEvents only after it has agreed to them?"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from tests.broker.nudges_kit import nudge, receiving, world
from threedates.core.signing import verify
from threedates.edge.clock import system_clock
from threedates.schemas.log import encode
from threedates.schemas.webhook import Delivery


class Consumer:
    """A receiver of CloudEvents: what it was asked, what it got; ``allows`` is its answer to the handshake."""

    def __init__(self) -> None:
        self.allows: dict[str, str] | None = None
        self.asked: list[dict[str, str]] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def options(self, request: web.Request) -> web.Response:
        self.asked.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=200, headers=self.allows) if self.allows is not None else web.Response(status=405)

    async def post(self, request: web.Request) -> web.Response:
        self.got.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=204)


@asynccontextmanager
async def consuming() -> AsyncIterator[Consumer]:
    made = Consumer()
    app = web.Application()
    app.router.add_route("OPTIONS", "/hook", made.options)
    app.router.add_post("/hook", made.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield made
    finally:
        await runner.cleanup()


async def test_a_chat_gets_its_own_body_signed_with_the_headers_of_its_owner(nats_url: str, prefix: str) -> None:
    """The signature is over the bytes that are sent, whatever the format; the owner's headers replace none of ours."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        headers = {"authorization": "Bearer abc", "x-tenant": "7", "content-type": "text/evil"}
        endpoint = await here.endpoint("ada", there, format="discord", headers=headers)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await there.got(1)
        sent, body = there.requests[0]
        assert json.loads(body)["content"].startswith("**Time for a fun date**")
        assert (sent["authorization"], sent["x-tenant"]) == ("Bearer abc", "7")
        assert sent["content-type"] == "application/json"
        verify(endpoint.secret, sent, body, system_clock())


async def test_no_event_goes_to_a_consumer_that_has_not_agreed(nats_url: str, prefix: str) -> None:
    """A refused handshake is a failed attempt; once it is granted it is not asked again for a day."""
    async with world(nats_url, prefix) as here, consuming() as there, here.serving():
        endpoint = await here.endpoints.create("ada", there.url, system_clock(), format="cloudevents")
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        first = (await here.attempted(endpoint, 1))[0]
        assert (first.outcome, first.status, there.got) == ("retrying", 405, [])
        there.allows = {"WebHook-Allowed-Origin": "elsewhere.example"}
        second = (await here.attempted(endpoint, 2))[1]
        assert (second.status, there.got) == (None, [])
        assert second.error is not None
        assert second.error.startswith("handshake refused")
        there.allows = {"WebHook-Allowed-Origin": "T.example", "WebHook-Allowed-Rate": "6000"}
        await here.attempted(endpoint, 3)
        await here.settled()
        await here.decide("ada", nudge("ada", 1))
        await here.attempted(endpoint, 4)
        assert len(there.asked) == 3
        assert there.asked[0]["webhook-request-origin"] == "t.example"
        kept = await here.endpoints.get(endpoint.id)
        assert kept is not None
        assert kept.granted_per_minute == 6_000
        event = json.loads(there.got[0][1])
        assert (event["specversion"], event["id"]) == ("1.0", "ada-fun-0-due-a")


async def test_what_exceeds_the_rate_waits_on_schedules(nats_url: str, prefix: str) -> None:
    """Each at a time of its own, which is kept in the task; when it comes, it goes."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        endpoint = await here.endpoint("ada", there, per_minute=6)
        await here.couple("ada")
        await here.decide("ada", *(nudge("ada", n) for n in range(3)))
        await here.attempted(endpoint, 1)
        await here.settled()
        names = here.wire.names
        stored = await here.wire.reader.tail(names.deliveries, f"{names.prefix}.retry.>", 1)
        waiting = sorted((Delivery.model_validate_json(s.data) for s in stored), key=lambda task: str(task.slot))
        first, second = [task.slot for task in waiting]
        assert first is not None
        assert second == first + timedelta(seconds=10)
        await here.wire.publish(names.deliver("ada", endpoint.id), encode(waiting[0]))
        await there.got(2)
        assert there.ids[1] == waiting[0].message_id
