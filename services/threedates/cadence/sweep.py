"""The safety net under the timers: every five minutes, couples whose timer is missing are looked at again.

One twelfth of the couples in turn is checked more closely each time: a timer older than the couple's log counts as
missing. Nothing depends on it while :mod:`cadence.look` keeps its order; it mends what an operator or a lost disk did.
"""

import json
import logging
import zlib
from collections.abc import Awaitable, Callable

from threedates.edge.clock import Clock
from threedates.edge.timers import SWEEP, Timers
from threedates.edge.wire import Wire

logger = logging.getLogger("threedates")
SLICES = 12
SWEEP_SECONDS = 300
PAGE = 256


class Sweeper:
    """Finds couples without a timer their log asks for."""

    def __init__(self, wire: Wire, timers: Timers, clock: Clock) -> None:
        self._wire = wire
        self._timers = timers
        self._clock = clock

    async def sweep(self, progress: Callable[[], Awaitable[None]]) -> int:
        """Have every such couple looked at; returns how many. Raises Unavailable.

        ``progress`` is called page by page: with many couples it takes longer than the broker waits for an answer.
        """
        names, prefix = self._wire.names, self._wire.names.prefix
        couples = await self._couples(names.log, f"{prefix}.log.*.fact")
        armed = await self._couples(names.timers, f"{prefix}.timer.*") - {SWEEP}
        turn = int(self._clock().timestamp() // SWEEP_SECONDS) % SLICES
        in_turn = sorted(c for c in couples & armed if zlib.crc32(c.encode()) % SLICES == turn)
        stale = await self._stale(in_turn, progress)
        wanting = sorted(couples - armed) + stale
        for n, couple_id in enumerate(wanting):
            if n % PAGE == 0:
                await progress()
            await self._timers.due_now(couple_id)
        if stale:
            logger.warning("sweep: %d timers were older than their logs", len(stale))
        return len(wanting)

    async def _couples(self, stream: str, subjects: str) -> set[str]:
        return {
            subject.split(".")[-2 if subject.endswith(".fact") else -1]
            async for subject in self._wire.subjects(stream, subjects)
        }

    async def _stale(self, couples: list[str], progress: Callable[[], Awaitable[None]]) -> list[str]:
        names, reader = self._wire.names, self._wire.reader
        found: list[str] = []
        for at in range(0, len(couples), PAGE):
            await progress()
            page = couples[at : at + PAGE]
            timers = await reader.last_of(names.timers, [names.timer(c) for c in page])
            folded_to = {t.subject.split(".")[-1]: int(json.loads(t.data).get("folded_to", 0)) for t in timers}
            last: dict[str, int] = {}
            for stored in await reader.last_of(names.log, [names.tree(c) for c in page]):
                couple_id = stored.subject.split(".")[-2]
                last[couple_id] = max(last.get(couple_id, 0), stored.seq)
            found += [c for c in page if last.get(c, 0) > folded_to.get(c, 0)]
        return found
