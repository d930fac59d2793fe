"""Working through a batch so that no message harms its neighbours, and nothing is ever dropped silently.

Each message is handled on its own; what its handler raises decides its fate: nothing raised means acknowledged,
``Unavailable`` means given back with a delay that grows with its deliveries, anything else is a defect of ours and,
after enough tries, a dead letter.
"""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from threedates.edge import tracing
from threedates.edge.clock import Clock
from threedates.edge.context import CONSUMER, COUPLE
from threedates.edge.errors import Conflict, TooEarly, Unavailable
from threedates.edge.metrics import DEFECTS, GIVEN_BACK
from threedates.edge.wire import Wire
from threedates.schemas.log import encode
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import DeadLetter

logger = logging.getLogger("threedates")
MAX_DEFECTS = 8
MAX_DELAY_SECONDS = 30.0

Handle = Callable[[list[Msg]], Awaitable[None]]


def couple_of(subject: str, prefix: str) -> str:
    """The couple's id in ``<prefix>.<log|due|…>.<couple_id>…`` and ``<prefix>.in.<what>.<couple_id>``, else ``_``."""
    parts = subject[len(prefix) + 1 :].split(".")
    return next(iter(parts[2 if parts[0] == "in" else 1 :]), NOBODY)


def delivered_at(message: Msg) -> datetime:
    """When the broker stored the message, in UTC."""
    return message.metadata.timestamp


async def work(wire: Wire, clock: Clock, groups: Iterable[list[Msg]], handle: Handle) -> None:
    """Handle each group of messages concurrently; a group stands or falls together."""
    await asyncio.gather(*(_one(wire, clock, group, handle) for group in groups))


async def _one(wire: Wire, clock: Clock, group: list[Msg], handle: Handle) -> None:
    couple_id, consumer = couple_of(group[0].subject, wire.names.prefix), CONSUMER.get() or "none"
    COUPLE.set(couple_id)
    with tracing.handling(consumer, couple_id, group, is_cause=not wire.names.is_timed(group[0].subject)):
        await _settle(wire, clock, group, handle)


async def _settle(wire: Wire, clock: Clock, group: list[Msg], handle: Handle) -> None:
    try:
        await handle(group)
    except TooEarly as error:
        logger.debug("handing back %s: %s", group[0].subject, error)
        await give_back(group)
    except (Unavailable, Conflict) as error:
        tracing.failed(error)
        logger.warning("handing back %s: %s", group[0].subject, error)
        await give_back(group)
    except Exception as error:
        # The last line of defence: a defect must not take the neighbours or the consumer with it.
        tracing.failed(error)
        logger.exception("a handler failed on %s", group[0].subject)
        DEFECTS.labels(CONSUMER.get() or "none").inc(len(group))
        for message in group:
            await _defective(wire, clock, message, error)
    else:
        for message in group:
            await acknowledge(message)
        logger.debug("done: %s", group[-1].subject)


async def acknowledge(message: Msg) -> None:
    """Ack. If the broker is away the message comes again, and its handler finds nothing left to do."""
    try:
        await message.ack()
    except (NatsError, ConnectionError) as error:
        logger.debug("an ack was not sent: %r", error)


async def progress(group: list[Msg]) -> None:
    """Tell the broker that messages are still worked on, so that it does not give them to another."""
    for message in group:
        try:
            await message.in_progress()
        except (NatsError, ConnectionError) as error:
            logger.debug("progress was not reported: %r", error)


@asynccontextmanager
async def kept_alive(group: list[Msg], every: float) -> AsyncIterator[None]:
    """Within, progress on the messages is reported every so many seconds."""

    async def report() -> None:
        while True:
            await asyncio.sleep(every)
            await progress(group)

    reporting = asyncio.create_task(report())
    try:
        yield
    finally:
        reporting.cancel()


async def give_back(group: list[Msg]) -> None:
    """Hand messages back, to come again after a delay that grows with their deliveries."""
    GIVEN_BACK.labels(CONSUMER.get() or "none").inc(len(group))
    for message in group:
        tries = message.metadata.num_delivered or 1
        try:
            await message.nak(delay=min(MAX_DELAY_SECONDS, 0.5 * 2 ** min(tries - 1, 6)))
        except (NatsError, ConnectionError) as error:
            logger.debug("a message was not handed back: %r", error)


async def _defective(wire: Wire, clock: Clock, message: Msg, error: Exception) -> None:
    if (message.metadata.num_delivered or 1) < MAX_DEFECTS:
        await give_back([message])
        return
    couple_id = couple_of(message.subject, wire.names.prefix)
    letter = DeadLetter(
        at=clock(),
        reason=f"a handler failed {MAX_DEFECTS} times, last with {type(error).__name__}",
        subject=message.subject,
        body=base64.b64encode(message.data).decode(),
    )
    try:
        await wire.publish(wire.names.dead_letter(couple_id, "message"), encode(letter))
    except Unavailable:
        await give_back([message])
    else:
        await acknowledge(message)


def by_couple(messages: Iterable[Msg], prefix: str) -> list[list[Msg]]:
    """Messages grouped by the couple in their subject, order kept within each."""
    groups: dict[str, list[Msg]] = {}
    for message in messages:
        groups.setdefault(couple_of(message.subject, prefix), []).append(message)
    return list(groups.values())
