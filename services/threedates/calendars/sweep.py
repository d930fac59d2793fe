"""The safety net under the timers of calendars: every so often, those without one are looked at again.

A calendar whose record was written and whose first message was lost has none; so has one whose timer an operator or a
lost disk took. What is being fetched at this moment is still in the stream, and is left alone.
"""

from collections.abc import Awaitable, Callable

from threedates.edge.calendars import BUCKET, CalendarRecord, Calendars
from threedates.edge.wire import Wire

SWEEP = "_sweep"
SWEEP_EVERY = "@every 15m"
PAGE = 256


class Sweeper:
    """Finds calendars without a timer."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._calendars = Calendars(wire)

    async def keep_sweeping(self) -> None:
        """Set the schedule of the sweep; setting it again changes nothing. Raises Unavailable."""
        names = self._wire.names
        headers = {"Nats-Schedule": SWEEP_EVERY, "Nats-Schedule-Target": names.poll(SWEEP, SWEEP)}
        await self._wire.publish(names.poll_timer(SWEEP, SWEEP), b"{}", headers)

    async def sweep(self, progress: Callable[[], Awaitable[None]]) -> int:
        """Have every calendar without a timer looked at; returns how many. Raises Unavailable.

        ``progress`` is called page by page: with many calendars it takes longer than the broker waits for an answer.
        """
        names = self._wire.names
        armed = await self._ids(names.polls, names.poll_timer("*", "*")) | await self._ids(
            names.polls, names.poll("*", "*")
        )
        kept = await self._ids(names.bucket_stream(BUCKET), names.bucket_subject(BUCKET, "*.*"))
        missing, woken = sorted(kept - armed), 0
        for at in range(0, len(missing), PAGE):
            await progress()
            found = await self._wire.get_all(BUCKET, [".".join(calendar) for calendar in missing[at : at + PAGE]])
            for record in (CalendarRecord.model_validate_json(entry.data) for entry in found):
                if record.deleted or record.next_at is not None:
                    await self._calendars.poll_now(record)
                    woken += 1
        return woken

    async def _ids(self, stream: str, subjects: str) -> set[tuple[str, str]]:
        """The couple and the rest of each calendar that a stream holds something of."""
        found = set()
        async for subject in self._wire.subjects(stream, subjects):
            couple_id, rest = subject.split(".")[-2:]
            found.add((couple_id, rest))
        return found
