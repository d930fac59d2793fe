"""The safety net under the timers: every five minutes, couples whose timer is missing are looked at again.

Of very many couples it takes one page each time, in turn. Some of them are checked more closely: a timer older than the
couple's log counts as missing. Nothing depends on it while :mod:`cadence.look` keeps its order; it mends what an
operator or a lost disk did.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Iterator

from threedates.cadence.turns import Turn, closely, turn_at
from threedates.edge.clock import Clock
from threedates.edge.timers import Timers
from threedates.edge.wire import SUBJECTS_A_PAGE, Wire

logger = logging.getLogger("threedates")
BATCH = 256


class Sweeper:
    """Finds couples without a timer their log asks for, ``size`` couples at a time."""

    def __init__(self, wire: Wire, timers: Timers, clock: Clock, size: int = SUBJECTS_A_PAGE) -> None:
        self._wire = wire
        self._timers = timers
        self._clock = clock
        self._size = size

    async def sweep(self, progress: Callable[[], Awaitable[None]]) -> int:
        """Have every such couple of the page in turn looked at; returns how many. Raises Unavailable.

        ``progress`` is called again and again: where many are missing it takes longer than the broker waits for an
        answer.
        """
        names = self._wire.names
        turn, logged = await self._in_turn(progress)
        await progress()
        timers = await self._wire.page(names.timers, names.timer("*"), turn.offset, self._size)
        armed = {subject.split(".")[-1] for subject in timers.subjects}
        stale = 0
        for batch in _batches(closely(logged, turn.round)):
            await progress()
            stale += await self._wake(await self._stale(batch))
        if stale:
            logger.warning("sweep: %d timers were older than their logs", stale)
        missing = 0
        for batch in _batches(sorted(logged - armed)):
            await progress()
            missing += await self._wake(await self._without_timer(batch))
        return missing + stale

    async def _in_turn(self, progress: Callable[[], Awaitable[None]]) -> tuple[Turn, set[str]]:
        """Whose turn it is by the clock, and the couples of that page of the log."""
        names, now = self._wire.names, self._clock()
        log = await self._wire.api(f"STREAM.INFO.{names.log}")
        # Facts and decisions are two subjects of each couple as a rule, which tells the number of pages beforehand.
        turn = turn_at(now, int(log["state"].get("num_subjects", 0)) // 2, self._size)
        while True:
            await progress()
            page = await self._wire.page(names.log, names.fact("*"), turn.offset, self._size)
            # How many couples there are is known only now.
            asked, turn = turn, turn_at(now, page.total, self._size)
            if turn.offset == asked.offset:
                return turn, {subject.split(".")[-2] for subject in page.subjects}

    async def _wake(self, couples: list[str]) -> int:
        for couple_id in couples:
            await self._timers.due_now(couple_id)
        return len(couples)

    async def _without_timer(self, batch: list[str]) -> list[str]:
        """Those without a timer indeed: the timer of one whose log is on this page may stand on another."""
        names = self._wire.names
        timers = await self._wire.reader.last_of(names.timers, [names.timer(c) for c in batch])
        armed = {timer.subject.split(".")[-1] for timer in timers}
        return [couple_id for couple_id in batch if couple_id not in armed]

    async def _stale(self, batch: list[str]) -> list[str]:
        """Those whose timer is older than their log. Who has none is found otherwise."""
        names, reader = self._wire.names, self._wire.reader
        timers = await reader.last_of(names.timers, [names.timer(c) for c in batch])
        folded_to = {t.subject.split(".")[-1]: int(json.loads(t.data).get("folded_to", 0)) for t in timers}
        last: dict[str, int] = {}
        for stored in await reader.last_of(names.log, [names.tree(c) for c in batch]):
            couple_id = stored.subject.split(".")[-2]
            last[couple_id] = max(last.get(couple_id, 0), stored.seq)
        return [c for c, known in folded_to.items() if last.get(c, 0) > known]


def _batches(couples: list[str]) -> Iterator[list[str]]:
    return (couples[at : at + BATCH] for at in range(0, len(couples), BATCH))
