"""The bare alternative to the path from due to nudge: the same hops and bytes, and nothing else, in three processes.

due → append by compare-and-set, next timer → one task → signed POST → record; raw nats-py, httpx over aiohttp.
Nothing is folded, decided, asked again, rendered or retried. ``python -m bench.bare_pipeline ROLE NATS_URL SINK_URL``.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import httpx
import nats
from httpx_aiohttp import AiohttpTransport
from nats.aio.client import Client
from nats.aio.msg import Msg

from bench.loop import run
from threedates.edge.clock import system_clock
from threedates.schemas.base import rfc3339

ROLES = ("decide", "fan-out", "deliver")
_BATCH = 128
_AT_ONCE = 128
_WORKQUEUE: dict[str, Any] = {"retention": "workqueue", "allow_msg_schedules": True}
_STREAMS: dict[str, dict[str, Any]] = {
    "BARE_TIMERS": {"subjects": ["bare.timer.>", "bare.due.>"], **_WORKQUEUE},
    "BARE_LOG": {"subjects": ["bare.log.>"]},
    "BARE_TASKS": {"subjects": ["bare.deliver.>"], **_WORKQUEUE},
    "BARE_ATTEMPTS": {"subjects": ["bare.attempt.>"]},
}
_CONSUMERS = {
    "decide": ("BARE_TIMERS", "bare.due.>"),
    "fan-out": ("BARE_LOG", "bare.log.>"),
    "deliver": ("BARE_TASKS", "bare.deliver.>"),
}
# As long as what the product appends, hands on and records.
_DECISION, _TASK, _RECORD = "d" * 1_300, "t" * 1_300, "r" * 200
_KEY = b"k" * 32


async def prepare(client: Client) -> None:
    """Make its streams and consumers. Raises RuntimeError where the broker refuses."""
    for name, config in _STREAMS.items():
        await _api(client, f"STREAM.CREATE.{name}", {"name": name, "storage": "file", "num_replicas": 1, **config})
    for name, (stream, subjects) in _CONSUMERS.items():
        config = {"durable_name": name, "filter_subject": subjects, "ack_policy": "explicit", "max_ack_pending": 4096}
        body = {"stream_name": stream, "config": config, "action": "create"}
        await _api(client, f"CONSUMER.CREATE.{stream}.{name}.{subjects}", body)


async def load(client: Client, count: int, due_of: Callable[[int], datetime]) -> None:
    """Set the timers."""
    for n in range(count):
        await client.publish(f"bare.timer.c{n}", b"{}", headers=_schedule(f"c{n}", due_of(n)))
        if n % 1_000 == 0:
            await client.flush(30)
    await client.flush(30)


def _schedule(couple: str, at: datetime) -> dict[str, str]:
    return {"Nats-Schedule": f"@at {rfc3339(at)}", "Nats-Schedule-Target": f"bare.due.{couple}"}


async def _api(client: Client, call: str, body: dict[str, Any]) -> None:
    answer = json.loads((await client.request(f"$JS.API.{call}", json.dumps(body).encode(), timeout=10)).data)
    if "error" in answer:
        raise RuntimeError(f"{call}: {answer['error']}")


async def _store(client: Client, subject: str, data: str, headers: dict[str, str] | None = None) -> None:
    answer = json.loads((await client.request(subject, data.encode(), timeout=10, headers=headers)).data)
    if "error" in answer:
        raise RuntimeError(f"{subject}: {answer['error']}")


async def _decide(client: Client, message: Msg) -> None:
    couple = message.subject.rpartition(".")[2]
    tree = f"bare.log.{couple}.>"
    headers = {"Nats-Expected-Last-Subject-Sequence": "0", "Nats-Expected-Last-Subject-Sequence-Subject": tree}
    await _store(client, f"bare.log.{couple}.decision", json.dumps({"id": couple, "body": _DECISION}), headers)
    await _store(client, f"bare.timer.{couple}", "{}", _schedule(couple, system_clock() + timedelta(hours=1)))


async def _fan_out(client: Client, message: Msg) -> None:
    couple = json.loads(message.data)["id"]
    await _store(client, f"bare.deliver.{couple}.e", json.dumps({"id": couple, "body": _TASK}))


async def _deliver(client: Client, message: Msg, transport: AiohttpTransport, url: str) -> None:
    task = json.loads(message.data)
    body, stamp = task["body"].encode(), str(int(time.time()))
    signed = hmac.digest(_KEY, b".".join((task["id"].encode(), stamp.encode(), body)), hashlib.sha256)
    headers = {
        "webhook-id": task["id"],
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
        "content-type": "application/json",
    }
    response = await transport.handle_async_request(httpx.Request("POST", url, headers=headers, content=body))
    await response.aread()
    await response.aclose()
    await _store(client, f"bare.attempt.e.{task['id']}", json.dumps({"id": task["id"], "body": _RECORD}))


async def _consume(client: Client, role: str, handle: Callable[[Msg], Awaitable[None]]) -> None:
    stream, _ = _CONSUMERS[role]
    subscription = await client.jetstream().pull_subscribe_bind(role, stream)
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(message: Msg) -> None:
        try:
            await handle(message)
            await message.ack()
        finally:
            places.release()

    async with asyncio.TaskGroup() as working:
        while True:
            try:
                messages = await subscription.fetch(_BATCH, 2)
            except TimeoutError:
                continue
            for message in messages:
                await places.acquire()
                working.create_task(one(message))


async def _main(role: str, nats_url: str, sink_url: str) -> None:
    client = await nats.connect(nats_url, pending_size=16 * 1024 * 1024)
    session = partial(aiohttp.ClientSession, connector=aiohttp.TCPConnector(limit=0))
    transport = AiohttpTransport(client=session)
    handlers: dict[str, Callable[[Msg], Awaitable[None]]] = {
        "decide": partial(_decide, client),
        "fan-out": partial(_fan_out, client),
        "deliver": partial(_deliver, client, transport=transport, url=sink_url),
    }
    await _consume(client, role, handlers[role])


if __name__ == "__main__":
    run(_main(*sys.argv[1:4]))
