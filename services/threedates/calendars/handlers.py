"""What wakes the calendars service: timers that fired, and calendars that were added or deleted. A thin shell."""

from functools import partial

from nats.aio.msg import Msg

from threedates.calendars.polling import Poller
from threedates.calendars.sweep import SWEEP, Sweeper
from threedates.edge.batches import couple_of, delivered_at, kept_alive, progress, work
from threedates.edge.clock import Clock
from threedates.edge.wire import Wire


class Handlers:
    """Handles batches; each calendar's messages of a batch need one fetch between them."""

    def __init__(self, wire: Wire, clock: Clock, poller: Poller, sweeper: Sweeper, ack_wait: float) -> None:
        self._wire = wire
        self._clock = clock
        self._poller = poller
        self._sweeper = sweeper
        self._ack_wait = ack_wait

    async def on_polls(self, batch: list[Msg]) -> None:
        """Calendars are due, or somebody asked for a look at one."""
        groups: dict[str, list[Msg]] = {}
        for message in batch:
            groups.setdefault(message.subject, []).append(message)
        await work(self._wire, self._clock, groups.values(), self._one)

    async def _one(self, messages: list[Msg]) -> None:
        subject = messages[0].subject
        couple_id = couple_of(subject, self._wire.names.prefix)
        if couple_id == SWEEP:
            await self._sweeper.sweep(partial(progress, messages))
            return
        # A calendar's server may take longer than the broker waits.
        async with kept_alive(messages, self._ack_wait / 3):
            calendar_id = f"{couple_id}_{subject.rpartition('.')[2]}"
            await self._poller.poll(calendar_id, max(map(delivered_at, messages)))
