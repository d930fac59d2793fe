"""Leaving: a tombstone for the id, and everything of the couple's purged; twice, because messages may be in flight."""

from datetime import datetime, timedelta

from threedates.edge.clock import Clock
from threedates.edge.couples import TOMBSTONES, Couples
from threedates.edge.frozen import SNAPSHOTS
from threedates.edge.settings import Settings
from threedates.edge.timers import Timers
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339

COUPLE_BUCKETS = ("endpoints", "feeds", "blocks", "calendars")


class Eraser:
    """Erases one couple everywhere. The id stays in the tombstones and is never used again."""

    def __init__(self, wire: Wire, settings: Settings, couples: Couples, timers: Timers, clock: Clock) -> None:
        self._wire = wire
        self._couples = couples
        self._timers = timers
        self._clock = clock
        self._again = timedelta(seconds=2 * settings.ack_wait)

    async def begin(self, couple_id: str) -> None:
        """Erase, and once more after the longest time a message can be in flight. Raises Unavailable."""
        now = self._clock()
        await self._wire.put(TOMBSTONES, couple_id, rfc3339(now).encode())
        await self._timers.clear(couple_id)
        await self._timers.set(couple_id, now + self._again, 0)
        await self.erase(couple_id)

    async def erase_again(self, couple_id: str, triggered_at: datetime) -> None:
        """Erase what came late for a couple that left; nothing for one that never was. Raises Unavailable.

        ``triggered_at`` is the stream time of what came.
        """
        tombstone = await self._wire.get(TOMBSTONES, couple_id)
        if tombstone is None:
            return
        last = datetime.fromisoformat(tombstone.data.decode()) + self._again
        # A service clock behind the broker's would set a timer gone by, and spin.
        if max(self._clock(), triggered_at) < last:
            # The look at what came late has cleared the timer, and more may be under way.
            await self._timers.set(couple_id, last, 0)
        await self.erase(couple_id)

    async def erase(self, couple_id: str) -> None:
        """Purge everything of the couple's but its timer. Raises Unavailable."""
        self._couples.forget(couple_id)
        far_apart = await self._couples.log.far_apart(couple_id)
        names, prefix = self._wire.names, self._wire.names.prefix
        for bucket in COUPLE_BUCKETS:
            await self._purge_bucket(bucket, couple_id)
        await self._purge(names.inbox, f"{prefix}.in.*.{couple_id}")
        await self._purge(names.deliveries, f"{prefix}.deliver.{couple_id}.>")
        await self._purge(names.deliveries, f"{prefix}.retry.{couple_id}.>")
        await self._purge(names.polls, f"{prefix}.poll.{couple_id}.>")
        await self._purge(names.polls, f"{prefix}.polltimer.{couple_id}.>")
        await self._purge(names.attempts, f"{prefix}.attempt.*.{couple_id}")
        await self._purge(names.rejected, f"{prefix}.rejected.{couple_id}.>")
        await self._purge(names.dead, f"{prefix}.dead.{couple_id}.>")
        # The log goes last: until then a crash leaves the fact that they left, which begins all this again. Only its
        # trail goes after it, so that whoever begins again need not look for what is left.
        for seq in far_apart:
            await self._wire.remove(names.log, seq)
        await self._purge(names.log, names.tree(couple_id))
        await self._purge_bucket(SNAPSHOTS, couple_id)

    async def _purge_bucket(self, bucket: str, couple_id: str) -> None:
        names = self._wire.names
        await self._purge(names.bucket_stream(bucket), names.bucket_subject(bucket, couple_id))
        await self._purge(names.bucket_stream(bucket), names.bucket_subject(bucket, f"{couple_id}.>"))

    async def _purge(self, stream: str, pattern: str) -> None:
        """Subject by subject: the broker goes through all that lies between the first and the last message that
        matches, everybody's, and nobody can write meanwhile; most subjects have a single one.
        """
        subjects, _ = await self._wire.counts(stream, pattern)
        for subject in subjects:
            await self._wire.purge(stream, subject)
