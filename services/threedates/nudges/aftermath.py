"""What a delivery attempt leaves behind: its record, the next attempt on a schedule, a dead letter, a dropped nudge.

Everything here is stored before the task is acknowledged; done twice, it amounts to the same.
"""

import logging
from datetime import datetime

from threedates.core.retry import Result
from threedates.edge.brokerclock import BrokerClock
from threedates.edge.metrics import attempted
from threedates.edge.wire import Wire
from threedates.schemas.log import DropReason, NudgeDropped, encode
from threedates.schemas.webhook import Attempt, AttemptOutcome, DeadLetter, Delivery

logger = logging.getLogger("threedates")


async def dropped(wire: Wire, couple_id: str, nudge_id: str, reason: DropReason, now: datetime) -> None:
    """Append the fact that a decided nudge did not go out. Raises Unavailable."""
    fact = NudgeDropped(id=f"{nudge_id}-dropped", at=now, nudge_id=nudge_id, reason=reason)
    await wire.publish(wire.names.fact(couple_id), encode(fact))


class Aftermath:
    """Writes down what became of tasks. All methods raise Unavailable when the broker is away."""

    def __init__(self, wire: Wire, broker_clock: BrokerClock) -> None:
        self._wire = wire
        self._broker_clock = broker_clock

    async def record(
        self,
        task: Delivery,
        outcome: AttemptOutcome,
        now: datetime,
        result: Result | None = None,
        next_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """Keep the record of one attempt, for the endpoint's attempt log."""
        attempt = Attempt(
            message_id=task.message_id,
            endpoint_id=task.endpoint_id,
            couple_id=task.couple_id,
            type=task.type,
            attempt=task.attempt,
            at=now,
            outcome=outcome,
            status=result.status if result else None,
            error=error or (result.error if result else None),
            latency_ms=result.latency_ms if result else None,
            next_at=next_at,
            sequence=task.decided_seq,
        )
        await self._wire.publish(self._wire.names.attempt(task.couple_id, task.endpoint_id), encode(attempt))
        attempted(task, attempt)
        logger.debug("%s to %s, attempt %d: %s", task.message_id, task.endpoint_id, task.attempt, outcome)

    async def park(self, task: Delivery, source: int, at: datetime) -> None:
        """Have the task come again at an instant. ``source`` is the stream sequence of the message that carried it.

        The schedule's subject is named after that message: handled twice it makes one schedule, and it is never the
        subject of a schedule that has just fired, with which it would be purged.
        """
        names = self._wire.names
        subject = names.retry(task.couple_id, task.endpoint_id, f"{task.message_id}-{source}")
        target = names.deliver(task.couple_id, task.endpoint_id)
        await self._wire.schedule(subject, target, self._broker_clock(at), encode(task))

    async def drop(self, task: Delivery, reason: DropReason, now: datetime) -> None:
        """The task is not sent any more; where nobody else got the nudge either, it was dropped."""
        await self.record(task, "dropped", now, error=reason)
        await self._nudge_dropped(task, reason, now)

    async def moot(self, task: Delivery, reason: str, now: datetime) -> None:
        """A mail is not sent any more: what it says has been overtaken, or nobody is there to read it."""
        await self.record(task, "dropped", now, error=reason)
        await self._nudge_dropped(task, "no_endpoint", now)

    async def bury(self, task: Delivery, reason: str, now: datetime, result: Result) -> None:
        """The task is given up: a dead letter with all it needs to go again."""
        names = self._wire.names
        subject = names.deliver(task.couple_id, task.endpoint_id)
        letter = DeadLetter(at=now, reason=reason, subject=subject, delivery=task)
        await self._wire.publish(names.dead_letter(task.couple_id, "delivery"), encode(letter))
        await self.record(task, "dead", now, result)
        await self._nudge_dropped(task, "undeliverable", now)
        logger.warning("%s for %s is given up: %s", task.message_id, task.endpoint_id, reason)

    async def _nudge_dropped(self, task: Delivery, reason: DropReason, now: datetime) -> None:
        """A nudge that reached somebody was not dropped, whatever became of this task; nor is one that goes again."""
        if task.addressee is None or task.replayed or await self._reached_somebody(task):
            return
        await dropped(self._wire, task.couple_id, task.message_id, reason, now)

    async def _reached_somebody(self, task: Delivery) -> bool:
        names = self._wire.names
        subject = names.attempt(task.couple_id, "*")
        for stored in await self._wire.reader.tail(names.attempts, subject, 1):
            attempt = Attempt.model_validate_json(stored.data)
            if attempt.message_id == task.message_id and attempt.outcome == "delivered":
                return True
        return False
