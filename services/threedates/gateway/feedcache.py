"""Finished feeds, kept in memory while nothing speaks against them; bounded by their bytes.

The broker announces every write of a date and of a feed's record, and every fact about a couple; each announcement
drops what is kept of that couple. Nothing is given out while the connection is down, and what was kept before it broke
is thrown away, because announcements were missed. An announcement may come before the write can be read back, on
replicas well before it: for a while afterwards a couple's feeds are made anew for every request and not kept.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nats.aio.msg import Msg

from threedates.edge.clock import Clock
from threedates.edge.couples import TOMBSTONES
from threedates.edge.errors import BROKER_TROUBLE, Unavailable
from threedates.edge.feedrecords import BUCKET as FEEDS
from threedates.edge.feedstore import BLOCKS
from threedates.edge.wire import Wire
from threedates.gateway.feedbody import FeedBody

MAX_BYTES = 64 * 1024 * 1024
SETTLING = timedelta(seconds=10)
"""No write takes longer from its announcement to the last replica, and no feed longer to be made."""
# Announcements are kept by nobody. Should one ever be lost, this is how long its feed lags: as long as clients do.
KEPT_FOR = timedelta(hours=1)
_FLUSH_SECONDS = 2
# Of the feeds the records alone: who fetched them changes nothing in them.
_HEARD = ((BLOCKS, ">"), (FEEDS, "*.*"), (TOMBSTONES, ">"))
OnMessage = Callable[[Msg], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Entry:
    body: FeedBody
    couple_id: str
    until: datetime


class FeedCache:
    """The finished feeds of one gateway process, by token."""

    def __init__(self, wire: Wire, clock: Clock, max_bytes: int = MAX_BYTES) -> None:
        self._wire = wire
        self._clock = clock
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._tokens: dict[str, set[str]] = {}
        self._size = 0
        # Couples announced lately and until when they settle; the latest announcement last.
        self._settling: OrderedDict[str, datetime] = OrderedDict()
        self._connection = self.connection
        self._starting = asyncio.Lock()
        # None until announcements are heard; what was announced before that may not have settled either.
        self._keeps_from: datetime | None = None

    @property
    def connection(self) -> int:
        """Which connection to the broker this is, counted from the first."""
        return int(self._wire.client.stats["reconnects"])

    def get(self, token: str, now: datetime) -> FeedBody | None:
        """The finished feed, if it is known to be the present one."""
        if not self._is_trusted(now):
            return None
        entry = self._entries.get(token)
        if entry is None:
            return None
        if now >= entry.until:
            self._drop(token)
            return None
        self._entries.move_to_end(token)
        return entry.body

    def keep(self, token: str, couple_id: str, body: FeedBody, connection: int) -> None:
        """Keep a feed that was made over that connection, unless the couple was announced lately."""
        now = self._clock()
        self._forget_settled(now)
        if couple_id in self._settling or not self._is_trusted(now) or connection != self.connection:
            return
        self._drop(token)
        until = now + KEPT_FOR if body.until is None else min(body.until, now + KEPT_FOR)
        self._entries[token] = _Entry(body, couple_id, until)
        self._tokens.setdefault(couple_id, set()).add(token)
        self._size += body.size
        while self._size > self._max_bytes:
            self._drop(next(iter(self._entries)))

    async def watch(self) -> None:
        """Begin to listen, once; from then on feeds may be kept. Raises Unavailable."""
        async with self._starting:
            if self._keeps_from is not None:
                return
            names = self._wire.names
            subjects: list[tuple[str, OnMessage]] = [
                *((names.bucket_subject(bucket, keys), self._on_key) for bucket, keys in _HEARD),
                (names.fact("*"), self._on_fact),
            ]
            client = self._wire.client
            subscriptions = [await client.subscribe(subject, cb=on_message) for subject, on_message in subjects]
            try:
                # Only once the broker knows of the subscriptions does silence mean that nothing happened.
                await client.flush(timeout=_FLUSH_SECONDS)
            except BROKER_TROUBLE as error:
                for subscription in subscriptions:
                    await subscription.unsubscribe()
                raise Unavailable(f"the broker did not confirm the feeds' subscriptions: {error!r}") from error
            self._start_over(self._clock())

    async def _on_key(self, message: Msg) -> None:
        # $KV.<bucket>.<couple_id>, and in most buckets .<rest>
        self._announced(message.subject.split(".")[2])

    async def _on_fact(self, message: Msg) -> None:
        # Names and zones stand in a feed, and nearly every fact may move what is due.
        self._announced(message.subject.split(".")[-2])

    def _announced(self, couple_id: str) -> None:
        now = self._clock()
        self._forget_settled(now)
        self._settling[couple_id] = now + SETTLING
        self._settling.move_to_end(couple_id)
        for token in list(self._tokens.get(couple_id, ())):
            self._drop(token)

    def _forget_settled(self, now: datetime) -> None:
        while self._settling:
            couple_id, until = next(iter(self._settling.items()))
            if now < until:
                return
            del self._settling[couple_id]

    def _is_trusted(self, now: datetime) -> bool:
        """Whether every announcement since what is kept was made has been heard, and none is too young."""
        if self._keeps_from is None or not self._wire.is_connected:
            return False
        if self._connection != self.connection:
            self._start_over(now)
        return now >= self._keeps_from

    def _start_over(self, now: datetime) -> None:
        self._entries.clear()
        self._tokens.clear()
        self._size = 0
        self._connection = self.connection
        self._keeps_from = now + SETTLING

    def _drop(self, token: str) -> None:
        entry = self._entries.pop(token, None)
        if entry is None:
            return
        self._size -= entry.body.size
        tokens = self._tokens[entry.couple_id]
        tokens.discard(token)
        if not tokens:
            del self._tokens[entry.couple_id]
