"""One lane per endpoint, so that a slow or dead one delays no other.

An endpoint that answers quickly may use half of the places, any other a small share; a task that finds its lane full
or closed is parked on a schedule instead of waiting here. Replays have a small share, in their lane and over all lanes,
and leave the rest to what is new. Lanes live in memory alone; those used last are kept.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from threedates.core.retry import MAX_RETRY_AFTER, Result, jittered, retry_after

QUICK = timedelta(seconds=1)
PATIENCE_SECONDS = 0.25
PARK_SECONDS = 2.0
# Answers that say "not so fast"; they close the lane at once, other failures after a few in a row.
THROTTLING = (429, 502, 503, 504)
FAILURES_TO_CLOSE = 3
BACKOFF_SECONDS = 5.0
MAX_BACKOFF_SECONDS = 300.0
KEPT = 10_000
BURST_SECONDS = 10


@dataclass(slots=True)
class Lane:
    """What one endpoint has under way, when each began, and how it has been doing."""

    started: dict[str, datetime] = field(default_factory=dict)
    replayed: set[str] = field(default_factory=set)
    waiting: int = 0
    quick: bool = False
    failures: int = 0
    closed_until: datetime | None = None
    next_slot: datetime | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Lanes:
    """The lanes of one process. ``places`` is how many deliveries it has under way at most."""

    def __init__(self, places: int) -> None:
        self._many = max(1, places // 2)
        self._few = max(1, places // 8)
        self._replays_per_lane = max(1, places // 32)
        self._replays = 0
        self._lanes: OrderedDict[str, Lane] = OrderedDict()

    async def enter(self, endpoint_id: str, task: str, now: datetime, *, replayed: bool = False) -> datetime | None:
        """Take a place for a task: None where it may start, else the instant (UTC) until which to park it."""
        if (closed := self.closed(endpoint_id, task, now)) is not None:
            return closed
        lane = self._lanes.setdefault(endpoint_id, Lane())
        if not (self._has_room_for_replay(lane, now) if replayed else await self._place(lane, now)):
            return now + timedelta(seconds=jittered(PARK_SECONDS, task, 0))
        lane.started[task] = now
        if replayed:
            lane.replayed.add(task)
            self._replays += 1
        return None

    def closed(self, endpoint_id: str, task: str, now: datetime) -> datetime | None:
        """Until when (UTC) to park a task because its lane is closed; None where it is open."""
        lane = self._lanes.get(endpoint_id)
        if lane is None or lane.closed_until is None or now >= lane.closed_until:
            return None
        # Spread, so that they do not all come back at one instant.
        gap = (lane.closed_until - now).total_seconds()
        return lane.closed_until + timedelta(seconds=max(0.0, jittered(gap, task, 0) - gap))

    def turn(self, endpoint_id: str, per_minute: int, now: datetime) -> datetime | None:
        """A turn at so many a minute: None where it is now, else the instant (UTC) that is kept for this task.

        A token bucket as a virtual clock: ten seconds' worth may go at once.
        """
        lane = self._lanes.setdefault(endpoint_id, Lane())
        interval = timedelta(minutes=1) / per_minute
        earliest = now - interval * (max(1, per_minute * BURST_SECONDS // 60) - 1)
        slot = earliest if lane.next_slot is None else max(lane.next_slot, earliest)
        lane.next_slot = slot + interval
        return slot if slot > now else None

    async def leave(self, endpoint_id: str, task: str, result: Result, now: datetime) -> None:
        """Give the place back and remember how it went."""
        lane = self._lanes[endpoint_id]
        lane.started.pop(task, None)
        if task in lane.replayed:
            lane.replayed.remove(task)
            self._replays -= 1
        lane.quick = result.status is not None and result.latency_ms < QUICK.total_seconds() * 1000
        _note(lane, result, now)
        self._lanes.move_to_end(endpoint_id)
        self._forget_some()
        async with lane.changed:
            lane.changed.notify()

    def _forget_some(self) -> None:
        while len(self._lanes) > KEPT:
            endpoint_id, lane = next(iter(self._lanes.items()))
            if lane.started or lane.waiting:
                return
            del self._lanes[endpoint_id]

    def _has_room_for_replay(self, lane: Lane, now: datetime) -> bool:
        """A replay never waits here; whoever waits for a place is new."""
        is_too_many = len(lane.replayed) >= self._replays_per_lane or self._replays >= self._few
        return not is_too_many and not lane.waiting and not self._is_full(lane, now)

    async def _place(self, lane: Lane, now: datetime) -> bool:
        if not self._is_full(lane, now):
            return True
        lane.waiting += 1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), lane.changed:
                await lane.changed.wait_for(lambda: not self._is_full(lane, now))
        except TimeoutError:
            return False
        finally:
            lane.waiting -= 1
        return True

    def _is_full(self, lane: Lane, now: datetime) -> bool:
        oldest = next(iter(lane.started.values()), now)
        is_quick = lane.quick and now - oldest < QUICK
        return len(lane.started) >= (self._many if is_quick else self._few)


def _note(lane: Lane, result: Result, now: datetime) -> None:
    failed = result.status is None or result.status == 429 or result.status >= 500
    if not failed:
        lane.failures, lane.closed_until = 0, None
        return
    lane.failures += 1
    if result.status not in THROTTLING and lane.failures < FAILURES_TO_CLOSE:
        return
    seconds = min(MAX_BACKOFF_SECONDS, BACKOFF_SECONDS * 2 ** min(lane.failures - 1, 10))
    asked = retry_after(result.retry_after, now) if result.status in THROTTLING else None
    lane.closed_until = min(max(now + timedelta(seconds=seconds), asked or now), now + MAX_RETRY_AFTER)
