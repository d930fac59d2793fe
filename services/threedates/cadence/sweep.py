"""The safety net under the timers: every five minutes, couples whose timer is missing are looked at again.

Some of the couples in turn are checked more closely each time: a timer older than the couple's log counts as missing.
Nothing depends on it while :mod:`cadence.look` keeps its order; it mends what an operator or a lost disk did.
"""

import json
import logging
import math
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from threedates.edge.clock import Clock
from threedates.edge.timers import SWEEP, Timers
from threedates.edge.wire import Wire

logger = logging.getLogger("threedates")
SLICES = 12
SWEEP_SECONDS = 300
CLOSELY = 300
"""So many couples are checked closely each time, or a twelfth where that is less. The last event of a couple may lie
anywhere in the log, and to read it costs the broker the whole block that it lies in."""
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
        slices = await self._slices()
        turn = int(self._clock().timestamp() // SWEEP_SECONDS) % slices
        unarmed: set[str] = set()
        unlogged: set[str] = set()
        stale = 0
        async for logged, armed in self._side_by_side():
            unarmed |= logged
            unlogged |= armed
            both = unarmed & unlogged
            unarmed -= both
            unlogged -= both
            in_turn = sorted(c for c in both if zlib.crc32(c.encode()) % slices == turn)
            for page in _paged(in_turn):
                await progress()
                stale += await self._wake(await self._stale(page))
            await progress()
        if stale:
            logger.warning("sweep: %d timers were older than their logs", stale)
        missing = 0
        for page in _paged(sorted(unarmed)):
            await progress()
            missing += await self._wake(await self._without_timer(page))
        return missing + stale

    async def _slices(self) -> int:
        """Into how many turns the couples are divided."""
        log = await self._wire.api(f"STREAM.INFO.{self._wire.names.log}")
        # Facts and decisions are two subjects of each.
        couples = int(log["state"].get("num_subjects", 0)) / 2
        return max(SLICES, math.ceil(couples / CLOSELY))

    async def _side_by_side(self) -> AsyncIterator[tuple[set[str], set[str]]]:
        """Couples that have a log and couples that have a timer, a page of each at a time.

        Both lists are in order, so that a couple stands in pages close to each other and no list is ever held whole.
        """
        names = self._wire.names
        logs = self._wire.pages(names.log, names.fact("*"))
        timers = self._wire.pages(names.timers, names.timer("*"))
        while True:
            logged = await anext(logs, None)
            armed = await anext(timers, None)
            if logged is None and armed is None:
                return
            yield {s.split(".")[-2] for s in logged or ()}, {s.split(".")[-1] for s in armed or ()} - {SWEEP}

    async def _wake(self, couples: list[str]) -> int:
        for couple_id in couples:
            await self._timers.due_now(couple_id)
        return len(couples)

    async def _without_timer(self, page: list[str]) -> list[str]:
        """Those without a timer indeed: while it goes from page to page, what comes and goes moves others on."""
        names = self._wire.names
        timers = await self._wire.reader.last_of(names.timers, [names.timer(c) for c in page])
        armed = {timer.subject.split(".")[-1] for timer in timers}
        return [couple_id for couple_id in page if couple_id not in armed]

    async def _stale(self, page: list[str]) -> list[str]:
        names, reader = self._wire.names, self._wire.reader
        timers = await reader.last_of(names.timers, [names.timer(c) for c in page])
        folded_to = {t.subject.split(".")[-1]: int(json.loads(t.data).get("folded_to", 0)) for t in timers}
        last: dict[str, int] = {}
        for stored in await reader.last_of(names.log, [names.tree(c) for c in page]):
            couple_id = stored.subject.split(".")[-2]
            last[couple_id] = max(last.get(couple_id, 0), stored.seq)
        return [c for c in page if last.get(c, 0) > folded_to.get(c, 0)]


def _paged(couples: list[str]) -> Iterator[list[str]]:
    return (couples[at : at + PAGE] for at in range(0, len(couples), PAGE))
