"""The second half of the service: a delivery task becomes a signed POST or a mail, its record, and what comes of it.

A batch is only started here; its handler returns while deliveries go on, as soon as there is room for what will be
fetched next. So a slow receiver holds up neither its neighbours nor the fetching. Each task is acknowledged for itself.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import ValidationError

from threedates.core.ids import mailed_partner
from threedates.core.retry import Result, plan
from threedates.core.still_due import Drop, Send, Wait
from threedates.edge.batches import give_back, work
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.eager import AT_ONCE
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.errors import Unavailable
from threedates.edge.mail_client import of_the_server
from threedates.edge.settings import Settings
from threedates.edge.webhook_client import WebhookClient
from threedates.edge.wire import Wire
from threedates.nudges.aftermath import Aftermath
from threedates.nudges.asking import Asking, Erased
from threedates.nudges.concluding import Concluding, Planner
from threedates.nudges.health import Health, is_probe, may_go
from threedates.nudges.lanes import Lanes
from threedates.nudges.mailing import LANE, Mailing
from threedates.nudges.posting import Posting, per_minute
from threedates.schemas.webhook import Delivery

logger = logging.getLogger("threedates")
# Deliveries become slow ones without any of them ending.
LOOK_AGAIN_SECONDS = 0.25


def batch_size(settings: Settings) -> int:
    """How many tasks to fetch at once: even with as many fetches as there may be, half of the places are free."""
    return max(1, min(256, settings.in_flight // (2 * AT_ONCE)))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a batch's tasks need, read once for all of them."""

    endpoints: dict[str, KeptEndpoint]
    last_facts: dict[str, int]


class Deliverer:
    """Handles batches of delivery tasks. ``how_next`` is the retry plan."""

    def __init__(
        self,
        wire: Wire,
        settings: Settings,
        clock: Clock,
        client: WebhookClient,
        broker_clock: BrokerClock,
        how_next: Planner = plan,
        mailing: Mailing | None = None,
    ) -> None:
        self._wire = wire
        self._settings = settings
        self._clock = clock
        self._endpoints = Endpoints(wire)
        self._couples = Couples(wire)
        self._asking = Asking(wire, self._couples)
        self._aftermath = Aftermath(wire, broker_clock)
        health = Health(wire, self._endpoints, self._couples, broker_clock)
        self._concluding = Concluding(self._aftermath, health, self._couples, clock, how_next)
        self._mailing = mailing
        self._posting = Posting(client, self._endpoints, settings, clock)
        self._lanes = Lanes(settings.in_flight)
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
            endpoints, last_facts = await asyncio.gather(
                self._endpoints.by_ids(task.endpoint_id for task in known), self._asking.last_facts(known)
            )
        except Unavailable:
            await give_back(batch)
            return
        looked = Looked(endpoints, last_facts)
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
        return under_way > self._most and under_way - self._lanes.slow(self._clock()) > self._most

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
            if not await self._put_off(known, source, looked):
                await self._deliver(known, source, looked)

        running = asyncio.create_task(work(self._wire, self._clock, [[message]], handle))
        self._running[running] = message
        running.add_done_callback(self._end)

    def _end(self, running: asyncio.Task[None]) -> None:
        del self._running[running]
        self._ended.set()

    async def _put_off(self, task: Delivery, source: int, looked: Looked) -> bool:
        """Whether a task was parked unseen: of a long queue nobody is asked about before the lane opens."""
        endpoint = looked.endpoints.get(task.endpoint_id)
        # Whoever left has no last fact.
        if endpoint is None or endpoint.disabled is not None or task.couple_id not in looked.last_facts:
            return False
        until = self._lanes.put_off(endpoint.id, _place(task, source), self._clock())
        if until is not None:
            await self._aftermath.park(task.model_copy(update={"slot": None}), source, until)
        return until is not None

    async def _deliver(self, task: Delivery, source: int, looked: Looked) -> None:
        now = self._clock()
        endpoint = looked.endpoints.get(task.endpoint_id)
        verdict = await self._asking.ask(task, looked.last_facts.get(task.couple_id), now)
        match verdict:
            case Erased():
                return
            case Drop():
                await self._aftermath.drop(task, verdict.reason, now)
            case Wait():
                await self._aftermath.park(task, source, verdict.until)
                await self._aftermath.record(task, "held", now, next_at=verdict.until)
            case Send() if mailed_partner(task.endpoint_id) is not None:
                await self._mail(task, source)
            case Send() if endpoint is not None and may_go(task, endpoint):
                await self._send(task, source, endpoint)
            case Send() if is_probe(task):
                logger.debug("%s is not wanted any more", task.message_id)
            case Send() if endpoint is not None:
                # Once it is enabled again, what it has missed can be replayed.
                await self._aftermath.bury(task, "the endpoint is disabled", now, Result(error="endpoint disabled"))
            case Send():
                await self._aftermath.drop(task, "no_endpoint", now)

    async def _send(self, task: Delivery, source: int, endpoint: KeptEndpoint) -> None:
        place = _place(task, source)
        if (slot := self._slot(task, endpoint)) is not None:
            await self._aftermath.park(task.model_copy(update={"slot": slot}), source, slot)
            return
        parked_until = await self._lanes.enter(endpoint.id, place, self._clock(), replayed=task.replayed)
        if parked_until is not None:
            # Where the lane is closed, many wait: each gets a turn of its own when it opens.
            is_closed = self._lanes.is_closed(endpoint.id, self._clock())
            waiting = task.model_copy(update={"slot": None}) if is_closed and task.slot else task
            await self._aftermath.park(waiting, source, parked_until)
            return
        result = Result(error="broken off")
        try:
            result = await self._posting.post(task, endpoint)
        finally:
            await self._lanes.leave(endpoint.id, place, result, self._clock())
        await self._concluding.of(task, source, result, endpoint)

    async def _mail(self, task: Delivery, source: int) -> None:
        if self._mailing is None:
            await self._aftermath.bury(task, "no mail is set up", self._clock(), Result(error="no mail is set up"))
            return
        state = await self._couples.load(task.couple_id, at_least=task.decided_seq)
        if state is None or state.left:
            return
        if (moot := self._mailing.moot(task, state)) is not None:
            await self._aftermath.moot(task, moot.reason, self._clock())
            return
        place = _place(task, source)
        parked_until = await self._lanes.enter(LANE, place, self._clock(), replayed=task.replayed)
        if parked_until is not None:
            await self._aftermath.park(task, source, parked_until)
            return
        result = Result(error="broken off")
        try:
            result = await self._mailing.send(task, state)
        finally:
            await self._lanes.leave(LANE, place, of_the_server(result), self._clock())
        await self._concluding.of(task, source, result)

    def _slot(self, task: Delivery, endpoint: KeptEndpoint) -> datetime | None:
        """When its endpoint's rate lets a task go; None for now. A task that has waited for its turn takes it."""
        rate, now = per_minute(endpoint), self._clock()
        if rate is None or task.slot is not None or self._lanes.is_closed(endpoint.id, now):
            return None
        return self._lanes.turn(endpoint.id, rate, now)


def _place(task: Delivery, source: int) -> str:
    """What a task's place in a lane goes by: a message may be under way twice."""
    return f"{task.message_id}-{source}"


def _parse(message: Msg) -> Delivery | None:
    try:
        return Delivery.model_validate_json(message.data)
    except ValidationError:
        # Its own handler meets the error again, and answers for this message alone.
        return None
