"""Batches: each message stands for itself; a defect ends as a dead letter and not in an endless circle."""

import base64
import json
from collections.abc import Awaitable, Callable

from nats.aio.msg import Msg

from tests.broker.edge_kit import clock, edge
from threedates.edge.batches import MAX_DEFECTS, work
from threedates.edge.errors import Unavailable
from threedates.edge.topology import CADENCE_DUE


async def test_neighbours_of_a_failing_message_are_done(nats_url: str, prefix: str) -> None:
    """One couple's impossible state must not stop everybody else's nudges."""
    async with edge(nats_url, prefix) as e:
        names = e.wire.names
        for couple_id in ("a", "bad", "c"):
            await e.wire.publish(names.due(couple_id), b"{}")
        subscription = await e.wire.client.jetstream().pull_subscribe_bind(CADENCE_DUE, names.timers)
        done: list[str] = []

        async def handle(group: list[Msg]) -> None:
            if group[0].subject.endswith("bad"):
                raise ValueError("a defect")
            done.append(group[0].subject)

        tries = 0
        while tries < MAX_DEFECTS:
            messages = await subscription.fetch(10, timeout=60)
            tries += any(m.subject.endswith("bad") for m in messages)
            for message in messages:  # without the growing delay, which is the broker's to keep
                message.nak = _at_once(message)  # type: ignore[method-assign, assignment]
            await work(e.wire, clock, [[m] for m in messages], handle)
        assert done == [names.due("a"), names.due("c")]
        (letter,) = await e.wire.reader.tail(names.dead, names.dead_letter("bad", "message"), 1)
        body = json.loads(letter.data)
        assert base64.b64decode(body["body"]) == b"{}"
        assert "ValueError" in body["reason"]
        await e.idle(CADENCE_DUE, names.timers)


def _at_once(message: Msg) -> Callable[[float | None], Awaitable[None]]:
    nak = message.nak

    async def without_delay(delay: float | None = None) -> None:
        await nak()

    return without_delay


async def test_trouble_with_the_broker_hands_back_and_writes_no_dead_letter(nats_url: str, prefix: str) -> None:
    """An outage passes; however often a message came meanwhile, it is still wanted."""
    async with edge(nats_url, prefix) as e:
        names = e.wire.names
        await e.wire.publish(names.due("a"), b"{}")
        subscription = await e.wire.client.jetstream().pull_subscribe_bind(CADENCE_DUE, names.timers)

        async def handle(_group: list[Msg]) -> None:
            raise Unavailable("the broker is away")

        for _ in range(3):
            messages = await subscription.fetch(1, timeout=60)
            await work(e.wire, clock, [messages], handle)
        (message,) = await subscription.fetch(1, timeout=60)
        await message.ack()
        assert await e.subjects(names.dead) == set()
