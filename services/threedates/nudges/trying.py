"""One delivery task: asked about, put off or sent, and what comes of it."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from threedates.core.ids import mailed_partner
from threedates.core.retry import Result, plan
from threedates.core.still_due import Drop, Send, Wait
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.mail_client import of_the_server
from threedates.edge.settings import Settings
from threedates.edge.webhook_client import WebhookClient
from threedates.edge.wire import Wire
from threedates.nudges.aftermath import Aftermath
from threedates.nudges.asking import Asking, Erased
from threedates.nudges.concluding import Concluding, Planner
from threedates.nudges.health import Health
from threedates.nudges.lanes import Lanes
from threedates.nudges.mailing import LANE, Mailing
from threedates.nudges.posting import Posting, per_minute
from threedates.nudges.probing import is_probe, may_go
from threedates.schemas.webhook import Delivery

logger = logging.getLogger("threedates")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a batch's tasks need, read once for all of them."""

    endpoints: dict[str, KeptEndpoint]
    last_facts: dict[str, int]


class Trying:
    """Tries delivery tasks, each for itself. ``how_next`` is the retry plan."""

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
        self._clock = clock
        self._couples = Couples(wire)
        self._endpoints = Endpoints(wire)
        self._asking = Asking(wire, self._couples)
        self._aftermath = Aftermath(wire, broker_clock)
        health = Health(wire, self._endpoints, self._couples, broker_clock)
        self._concluding = Concluding(self._aftermath, health, self._couples, clock, how_next)
        self._mailing = mailing
        self._posting = Posting(client, self._endpoints, settings, clock)
        self.lanes = Lanes(settings.in_flight)

    async def look(self, tasks: list[Delivery]) -> Looked:
        """Read what these tasks need. Raises Unavailable."""
        endpoints, last_facts = await asyncio.gather(
            self._endpoints.by_ids(task.endpoint_id for task in tasks), self._asking.last_facts(tasks)
        )
        return Looked(endpoints, last_facts)

    async def task(self, task: Delivery, source: int, looked: Looked) -> None:
        """Try one task; ``source`` is its message's sequence. Raises Unavailable."""
        if not await self._put_off(task, source, looked):
            await self._deliver(task, source, looked)

    async def _put_off(self, task: Delivery, source: int, looked: Looked) -> bool:
        """Whether a task was parked unseen: of a long queue nobody is asked about before the lane opens."""
        endpoint = looked.endpoints.get(task.endpoint_id)
        # Whoever left has no last fact.
        if endpoint is None or endpoint.disabled is not None or task.couple_id not in looked.last_facts:
            return False
        until = self.lanes.put_off(endpoint.id, _place(task, source), self._clock())
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
        parked_until = await self.lanes.enter(endpoint.id, place, self._clock(), replayed=task.replayed)
        if parked_until is not None:
            # Where the lane is closed, many wait: each gets a turn of its own when it opens.
            is_closed = self.lanes.is_closed(endpoint.id, self._clock())
            waiting = task.model_copy(update={"slot": None}) if is_closed and task.slot else task
            await self._aftermath.park(waiting, source, parked_until)
            return
        result = Result(error="broken off")
        try:
            result = await self._posting.post(task, endpoint)
        finally:
            await self.lanes.leave(endpoint.id, place, result, self._clock())
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
        parked_until = await self.lanes.enter(LANE, place, self._clock(), replayed=task.replayed)
        if parked_until is not None:
            await self._aftermath.park(task, source, parked_until)
            return
        result = Result(error="broken off")
        try:
            result = await self._mailing.send(task, state)
        finally:
            await self.lanes.leave(LANE, place, of_the_server(result), self._clock())
        await self._concluding.of(task, source, result)

    def _slot(self, task: Delivery, endpoint: KeptEndpoint) -> datetime | None:
        """When its endpoint's rate lets a task go; None for now. A task that has waited for its turn takes it."""
        rate, now = per_minute(endpoint), self._clock()
        if rate is None or task.slot is not None or self.lanes.is_closed(endpoint.id, now):
            return None
        return self.lanes.turn(endpoint.id, rate, now)


def _place(task: Delivery, source: int) -> str:
    """What a task's place in a lane goes by: a message may be under way twice."""
    return f"{task.message_id}-{source}"
