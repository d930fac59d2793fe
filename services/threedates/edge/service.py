"""A subscriber service: a FastStream app bound to durable consumers, with one connection and one start and stop.

A service declares which consumers it reads and what handles their batches; its handlers are made once the connection
stands and the topology is there. Consumers and streams are never declared here, only bound to.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from faststream import AckPolicy, FastStream
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.msg import Msg

from threedates.edge.batches import give_back
from threedates.edge.connection import close, connect, make_broker, wait_for_topology
from threedates.edge.context import CONSUMER
from threedates.edge.eager import EagerBatchSubscriber
from threedates.edge.identity import inbox
from threedates.edge.metrics import begin_at_nought
from threedates.edge.settings import Settings
from threedates.edge.topology import consumers
from threedates.edge.wire import Wire

logger = logging.getLogger("threedates")
Handlers = TypeVar("Handlers")
OnBatch = Callable[[list[Msg]], Awaitable[None]]


class Service(Generic[Handlers]):
    """One service of the pipeline. ``begin`` makes its handlers from the wire, ``end`` closes what they opened.

    ``lost`` is set once the connection has ended for good.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        begin: Callable[[Wire], Awaitable[Handlers]],
        end: Callable[[Handlers], Awaitable[None]] | None = None,
    ) -> None:
        self.name = name
        self.lost = asyncio.Event()
        self.broker: NatsBroker = make_broker(settings, name, lost=self.lost)
        self.app = FastStream(self.broker, logger=None)
        self._settings = settings
        self._begin = begin
        self._end = end
        self._handlers: Handlers | None = None
        self.wire: Wire | None = None
        """The connection to the broker; None until there is one."""

    @property
    def is_ready(self) -> bool:
        """Whether it is at work: started, and connected at this moment."""
        return self._handlers is not None and self.wire is not None and self.wire.is_connected

    def consume(self, durable: str, batch: int, pick: Callable[[Handlers], OnBatch]) -> None:
        """Read a durable consumer of the topology, in batches, with the handler picked from the service's."""
        consumer = next(c for c in consumers(self._settings) if c.name == durable)
        begin_at_nought(durable)

        subscriber = self.broker.subscriber(
            consumer.filter,
            stream=JStream(consumer.stream, declare=False),
            durable=durable,
            pull_sub=PullSub(batch_size=batch, batch=True),
            ack_policy=AckPolicy.MANUAL,
            decoder=_as_they_are,
            # FastStream's default is not the connection's own.
            inbox_prefix=f"{inbox(self._settings)}.".encode(),
        )
        # The two classes differ in one method; FastStream offers no other way to choose it.
        subscriber.__class__ = EagerBatchSubscriber

        @subscriber
        async def on_batch(messages: list[Msg]) -> None:
            CONSUMER.set(durable)
            if self._handlers is None:
                await give_back(messages)
            else:
                await pick(self._handlers)(messages)

    async def start(self) -> None:
        """Connect, wait for broker and topology, begin to consume. Raises Misconfigured."""
        wire = self.wire = await connect(self.broker, self._settings)
        await wait_for_topology(wire, self._settings)
        self._handlers = await self._begin(wire)
        await self.app.start()
        logger.info("%s: at work", self.name)

    async def stop(self) -> None:
        """Finish the batch in hand, then close. What was fetched and not finished comes again."""
        await close(self.app.stop, self.wire.client if self.wire is not None else None)
        if self._end is not None and self._handlers is not None:
            await self._end(self._handlers)
        logger.info("%s: stopped", self.name)


async def _as_they_are(batch: StreamMessage[list[Msg]]) -> list[Msg]:
    """The messages themselves: handlers read them by their own contracts, and acknowledge each."""
    return batch.raw_message
