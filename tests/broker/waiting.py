"""When a consumer has nothing left to do. What it says is pending is not asked: that lags behind what was stored."""

import asyncio

from nats.js.errors import NotFoundError

from threedates.edge.wire import Wire


async def until_done(wire: Wire, stream: str, consumer: str) -> None:
    """Wait until the last message that a consumer gets has been acknowledged, and each before it."""
    async with asyncio.timeout(60):
        while not await is_done(wire, stream, consumer):
            await asyncio.sleep(0.02)


async def is_done(wire: Wire, stream: str, consumer: str) -> bool:
    """Whether nothing that stands in the stream now is still to be handled."""
    info = await wire.api(f"CONSUMER.INFO.{stream}.{consumer}")
    try:
        last = await wire.api(f"STREAM.MSG.GET.{stream}", {"last_by_subj": info["config"]["filter_subject"]})
    except NotFoundError:
        return True  # a work queue keeps nothing that is done
    return int(info["ack_floor"]["stream_seq"]) >= int(last["message"]["seq"])
