"""What wakes the cadence service: facts in the log and timers that fired. Thin shells over :mod:`cadence.look`."""

import json
from functools import partial

from nats.aio.msg import Msg

from threedates.cadence.erase import Eraser
from threedates.cadence.look import Looker
from threedates.cadence.sweep import Sweeper
from threedates.core.state import CoupleState
from threedates.edge.batches import by_couple, couple_of, delivered_at, progress, work
from threedates.edge.clock import Clock
from threedates.edge.importing import is_imported
from threedates.edge.metrics import LOOKS
from threedates.edge.timers import SWEEP, note_lateness
from threedates.edge.wire import Wire


class Handlers:
    """Handles batches; each couple's messages of a batch need one look between them."""

    def __init__(self, wire: Wire, clock: Clock, looker: Looker, eraser: Eraser, sweeper: Sweeper) -> None:
        self._wire = wire
        self._clock = clock
        self._looker = looker
        self._eraser = eraser
        self._sweeper = sweeper

    async def on_facts(self, batch: list[Msg]) -> None:
        """Facts were appended to logs."""
        await work(self._wire, self._clock, by_couple(batch, self._wire.names.prefix), self._fact)

    async def on_due(self, batch: list[Msg]) -> None:
        """Timers fired, or somebody asked for a look."""
        await work(self._wire, self._clock, by_couple(batch, self._wire.names.prefix), self._due)

    async def _fact(self, messages: list[Msg]) -> None:
        if all(map(is_imported, messages)):
            return  # the log may not be whole yet; a due message follows once it is
        last = messages[-1]
        await self._look(messages, "fact", at_least=last.metadata.sequence.stream)

    async def _due(self, messages: list[Msg]) -> None:
        if couple_of(messages[0].subject, self._wire.names.prefix) == SWEEP:
            await self._sweeper.sweep(partial(progress, messages))
            return
        for message in messages:
            note_lateness(message.data, self._clock())
        await self._look(messages, "due", at_least=0)

    async def _look(self, messages: list[Msg], trigger: str, at_least: int) -> None:
        couple_id = couple_of(messages[0].subject, self._wire.names.prefix)
        triggered_at = max(map(delivered_at, messages))
        state = await self._looker.look(couple_id, triggered_at, at_least)
        LOOKS.labels(trigger, _result(state)).inc()
        if state is None:
            await self._eraser.erase_again(couple_id, triggered_at)
        elif state.left:
            await self._eraser.begin(couple_id)
        else:
            body = json.dumps({"folded_to": state.seq}).encode()
            await self._wire.announce(self._wire.names.looked(couple_id), body)


def _result(state: CoupleState | None) -> str:
    if state is None:
        return "nobody"
    return "left" if state.left else "looked"
