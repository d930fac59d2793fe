"""The second half of the service: delivery tasks come in and each is tried, see ``trying``, while others are fetched.

A batch is only started here; its handler returns while deliveries go on, as soon as there is room for what will be
fetched next. So a slow receiver holds up neither its neighbours nor the fetching. Each task is acknowledged for itself.
"""

import asyncio
import logging
from contextlib import suppress

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import ValidationError

from threedates.edge.batches import give_back, work
from threedates.edge.clock import Clock
from threedates.edge.eager import AT_ONCE
from threedates.edge.errors import Unavailable
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire
from threedates.nudges.trying import Looked, Trying
from threedates.schemas.webhook import Delivery

logger = logging.getLogger("threedates")
# Deliveries become slow ones without any of them ending.
LOOK_AGAIN_SECONDS = 0.25


def batch_size(settings: Settings) -> int:
    """How many tasks to fetch at once: even with as many fetches as there may be, half of the places are free."""
    return max(1, min(256, settings.in_flight // (2 * AT_ONCE)))


class Deliverer:
    """Handles batches of delivery tasks."""

    def __init__(self, wire: Wire, settings: Settings, clock: Clock, trying: Trying) -> None:
        self._wire = wire
        self._settings = settings
        self._clock = clock
        self._trying = trying
        self._most = max(0, settings.in_flight - AT_ONCE * batch_size(settings))
        self._running: dict[asyncio.Task[None], Msg] = {}
        self._ended = asyncio.Event()
        self._is_finishing = False

    async def on_tasks(self, batch: list[Msg]) -> None:
        """Tasks are due. Returns once they are started and there is room for the next batch."""
        if self._is_finishing:
            await give_back(batch)
            return
        tasks = {id(message): _parse(message) for message in batch}
        known = [task for task in tasks.values() if task is not None]
        try:
            looked = await self._trying.look(known)
        except Unavailable:
            await give_back(batch)
            return
        for message in batch:
            self._start(message, tasks[id(message)], looked)
        while self._is_full():
            self._ended.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._ended.wait()

    def _is_full(self) -> bool:
        """Whether there is no room for what a fetch may bring; what takes long has places of its own."""
        under_way = len(self._running)
        return under_way > self._most and under_way - self._trying.lanes.slow(self._clock()) > self._most

    async def keep_alive(self) -> None:
        """Tell the broker, well within the ack wait, what is still worked on. Runs until cancelled."""
        while True:
            await asyncio.sleep(self._settings.ack_wait / 3)
            for message in list(self._running.values()):
                try:
                    await message.in_progress()
                except (NatsError, ConnectionError) as error:
                    logger.debug("progress was not reported: %r", error)

    async def finish(self, seconds: float) -> None:
        """Take nothing new, let what is under way end, for so long; the rest is broken off and handed back."""
        self._is_finishing = True
        if self._running:
            await asyncio.wait(list(self._running), timeout=seconds)
        left = dict(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await give_back(list(left.values()))

    def _start(self, message: Msg, task: Delivery | None, looked: Looked) -> None:
        async def handle(_group: list[Msg]) -> None:
            known, source = task or Delivery.model_validate_json(message.data), message.metadata.sequence.stream
            await self._trying.task(known, source, looked)

        running = asyncio.create_task(work(self._wire, self._clock, [[message]], handle))
        self._running[running] = message
        running.add_done_callback(self._end)

    def _end(self, running: asyncio.Task[None]) -> None:
        del self._running[running]
        self._ended.set()


def _parse(message: Msg) -> Delivery | None:
    try:
        return Delivery.model_validate_json(message.data)
    except ValidationError:
        # Its own handler meets the error again, and answers for this message alone.
        return None
