"""One lane per endpoint, so that a slow or dead one delays no other.

An endpoint that answers quickly may use half of the places, any other a small share, and only one where many are slow.
Slow deliveries have places of their own, as many again, so that they never fill those of the quick. A task that finds
its lane full or closed is parked on a schedule instead of waiting here. Replays have a small share, and leave the rest
to what is new. Lanes live in memory alone; those used last are kept.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from threedates.core.retry import MAX_RETRY_AFTER, Result, retry_after
from threedates.nudges.parking import Parking

QUICK = timedelta(seconds=1)
PATIENCE_SECONDS = 0.25
HOPE = 4
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
    latency: timedelta = timedelta(0)
    failures: int = 0
    closed_until: datetime | None = None
    next_slot: datetime | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def age(self, now: datetime) -> timedelta:
        """For how long its oldest delivery has been under way."""
        return now - next(iter(self.started.values()), now)


class Lanes:
    """The lanes of one process. ``places`` is how many quick deliveries it has under way, and how many slow ones."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._many = max(1, places // 2)
        self._few = max(1, places // 8)
        self._replays_per_lane = max(1, places // 32)
        self._replays = 0
        self._slow: set[tuple[str, str]] = set()
        self._lanes: OrderedDict[str, Lane] = OrderedDict()
        # Those with something under way: few, however many there are.
        self._busy: dict[str, Lane] = {}
        self._parking = Parking()

    async def enter(self, endpoint_id: str, task: str, now: datetime, *, replayed: bool = False) -> datetime | None:
        """Take a place for a task: None where it may start, else the instant (UTC) until which to park it."""
        lane = self._lanes.setdefault(endpoint_id, Lane())
        if lane.closed_until is not None and now < lane.closed_until:
            return self._parking.until(endpoint_id, task, timedelta(0), lane.closed_until, now)
        if not (self._has_room_for_replay(lane, now) if replayed else await self._place(lane, now)):
            # Parked tasks come back sooner than the lane's pace lets them in: it may have recovered.
            pace = max(lane.latency, lane.age(now)) / (HOPE * max(1, len(lane.started)))
            return self._parking.until(endpoint_id, task, pace, now, now)
        if not self._is_quick(lane, now):
            self._slow.add((endpoint_id, task))
        lane.started[task] = now
        self._busy[endpoint_id] = lane
        if replayed:
            lane.replayed.add(task)
            self._replays += 1
        return None

    def slow(self, now: datetime) -> int:
        """How many deliveries are in the places of the slow; those of quick lanes that take long by now among them."""
        for endpoint_id, lane in self._busy.items():
            if lane.age(now) >= QUICK:
                self._slow |= {(endpoint_id, task) for task, began in lane.started.items() if now - began >= QUICK}
        return min(self._places, len(self._slow))

    def put_off(self, endpoint_id: str, task: str, now: datetime) -> datetime | None:
        """Until when (UTC) to park a task unseen, since its lane is closed and its queue long; else None."""
        lane = self._lanes.get(endpoint_id)
        if lane is None or lane.closed_until is None or now >= lane.closed_until:
            return None
        if not self._parking.is_long(endpoint_id, lane.closed_until):
            return None
        return self._parking.until(endpoint_id, task, timedelta(0), lane.closed_until, now)

    def is_closed(self, endpoint_id: str, now: datetime) -> bool:
        """Whether nothing goes to that endpoint for a while."""
        lane = self._lanes.get(endpoint_id)
        return lane is not None and lane.closed_until is not None and now < lane.closed_until

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
        if not lane.started:
            self._busy.pop(endpoint_id, None)
        self._slow.discard((endpoint_id, task))
        if task in lane.replayed:
            lane.replayed.remove(task)
            self._replays -= 1
        lane.latency = timedelta(milliseconds=result.latency_ms)
        lane.quick = result.status is not None and lane.latency < QUICK
        _note(lane, result, now)
        if lane.quick and not lane.failures:
            self._parking.recovered(endpoint_id)
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
        # Where the oldest has taken long already, a moment more will not help; and of a dead endpoint's queue nobody
        # stands here: whoever does keeps another from being fetched.
        if not lane.started or lane.age(now) >= QUICK or lane.closed_until is not None or lane.waiting >= self._many:
            return False
        lane.waiting += 1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), lane.changed:
                await lane.changed.wait_for(lambda: not self._is_full(lane, now))
        except TimeoutError:
            return False
        finally:
            lane.waiting -= 1
        return True

    def _is_quick(self, lane: Lane, now: datetime) -> bool:
        return lane.quick and lane.age(now) < QUICK

    def _is_full(self, lane: Lane, now: datetime) -> bool:
        under_way = len(lane.started)
        # Half open: one goes ahead, and what becomes of it decides.
        if lane.closed_until is not None and under_way:
            return True
        if self._is_quick(lane, now):
            return under_way >= self._many
        # Half of the slow places are for whoever comes, the other half one for each, for those that nobody knows yet.
        is_crowded = len(self._slow) >= self._many
        return under_way >= (1 if is_crowded else self._few) or len(self._slow) >= self._places


def _note(lane: Lane, result: Result, now: datetime) -> None:
    failed = result.status is None or result.status == 429 or result.status >= 500
    if not failed:
        lane.failures, lane.closed_until = 0, None
        return
    # What was under way as the lane closed tells nothing new.
    if lane.closed_until is None or now >= lane.closed_until:
        lane.failures += 1
    if result.status not in THROTTLING and lane.failures < FAILURES_TO_CLOSE:
        return
    seconds = min(MAX_BACKOFF_SECONDS, BACKOFF_SECONDS * 2 ** min(lane.failures - 1, 10))
    asked = retry_after(result.retry_after, now) if result.status in THROTTLING else None
    lane.closed_until = min(max(now + timedelta(seconds=seconds), asked or now), now + MAX_RETRY_AFTER)
