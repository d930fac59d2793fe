"""The bare alternative to the intake: nats-py pulls the same bytes and publishes them to another stream, then acks.

``python -m bench.bare_intake NATS_URL``. Nothing is parsed, judged or refused.
"""

import asyncio
import json
import sys
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from bench.loop import run

STREAM_IN, STREAM_OUT = "BARE_IN", "BARE_OUT"
CONSUMER = "bare-intake"
_BATCH = 256


def streams() -> list[dict[str, Any]]:
    """Its streams, kept as the product keeps its own."""
    common: dict[str, Any] = {"storage": "file", "num_replicas": 1, "allow_direct": True}
    return [
        {"name": STREAM_IN, "subjects": ["bare.in.>"], "retention": "workqueue", **common},
        {"name": STREAM_OUT, "subjects": ["bare.out.>"], **common},
    ]


async def _main(nats_url: str) -> None:
    client = await nats.connect(nats_url, pending_size=16 * 1024 * 1024)
    subscription = await client.jetstream().pull_subscribe_bind(CONSUMER, STREAM_IN)
    while True:
        try:
            messages = await subscription.fetch(_BATCH, 2)
        except TimeoutError:
            continue
        await asyncio.gather(*(_one(client, message) for message in messages))


async def _one(client: Client, message: Msg) -> None:
    couple = message.subject.rpartition(".")[2]
    answer = json.loads((await client.request(f"bare.out.{couple}", message.data, timeout=10)).data)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    await message.ack()


if __name__ == "__main__":
    run(_main(sys.argv[1]))
