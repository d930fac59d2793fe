"""One fetch of one calendar, and what follows: its times told anew where they changed, its record, its next timer.

The order is what everything rests on. What is to be told stands in the table before it is told, and the record is
written after: whatever is killed in between, the same messages go again under the same ids. The timer is set last, and
before whatever woke us is acknowledged. A record that somebody else has changed meanwhile is a Conflict: the message
comes again and everything is looked at afresh.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from threedates.calendars.reading import Reader
from threedates.calendars.telling import Telling
from threedates.core.ics_polled import Asked, Reading
from threedates.core.poll_plan import (
    Trouble,
    after_success,
    after_trouble,
    fingerprint,
    interval,
    is_worth_telling,
    must_read_anew,
)
from threedates.core.polled import Told, compared, done, events, freed
from threedates.core.state import CoupleState
from threedates.edge.calendar_client import CalendarClient, Fetched, Unchanged
from threedates.edge.calendars import CalendarRecord, Calendars
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.metrics import CALENDAR_FETCHES
from threedates.edge.wire import Wire
from threedates.schemas.log import encode

logger = logging.getLogger("threedates")
_WELL = {"failures": 0, "failing_since": None, "error": None, "detail": None, "warned": False}


class Poller:
    """Fetches calendars. ``usual`` is the time between two fetches of one that names none."""

    def __init__(self, wire: Wire, clock: Clock, client: CalendarClient, reader: Reader, usual: timedelta) -> None:
        self._wire = wire
        self._clock = clock
        self._client = client
        self._reader = reader
        self._usual = usual
        self._calendars = Calendars(wire)
        self._couples = Couples(wire)
        self._telling = Telling(wire)

    async def poll(self, calendar_id: str, triggered_at: datetime) -> None:
        """Fetch a calendar if it is due. Raises Conflict and Unavailable.

        ``triggered_at`` is the stream time of what asked for it.
        """
        couple_id = calendar_id.partition("_")[0]
        found = await self._calendars.get(calendar_id)
        state = await self._couples.load(couple_id)
        if state is None or state.left:
            await self._calendars.erase(calendar_id)
            return
        # A service clock behind the broker's would find nothing due, set a timer gone by, and spin.
        now = max(self._clock(), triggered_at)
        if found is None or found[0].deleted:
            await self._end(calendar_id, now)
            return
        record, revision = found
        if record.next_at is not None and record.next_at <= now:
            record = await self._fetched(record, state, now)
            await self._calendars.keep(record, revision)
        await self._calendars.set_timer(record)

    async def _fetched(self, record: CalendarRecord, state: CoupleState, now: datetime) -> CalendarRecord:
        """The record after a fetch; what changed has been told."""
        told, revision = await self._calendars.told(record.id)
        if told.pending:
            told, revision = await self._tell(record.id, told, revision, _names(state, record))
        anew = must_read_anew(record.read_at, now)
        etag, last_modified = (None, None) if anew else (record.etag, record.last_modified)
        answer = await self._client.get(record.url, etag, last_modified)
        match answer:
            case Trouble():
                return await self._failed(record, answer, state, now)
            case Unchanged():
                return self._well(record, now, answer.max_age)
            case Fetched():
                pass  # read below
        mark = fingerprint(answer.data)
        headers = {"etag": answer.etag, "last_modified": answer.last_modified}
        if mark == record.fingerprint and not anew:
            return self._well(record, now, answer.max_age, **headers)
        asked = Asked(now=now, tz=state.settings.partners[record.partner].tz, shared=record.shared)
        reading = await self._reader.read(answer.data, asked)
        if isinstance(reading, Trouble):
            return await self._failed(record, reading, state, now)
        changed = await self._compare(record, told, revision, reading, state, now)
        changes = {"last_change": now} if changed else {}
        return self._well(
            record.model_copy(update={"refresh": reading.refresh}),
            now,
            answer.max_age,
            **headers,
            **changes,
            fingerprint=mark,
            read_at=now,
            busy=sum(taken.busy and taken.end > now for taken in reading.taken),
        )

    async def _compare(
        self, record: CalendarRecord, told: Told, revision: int, reading: Reading, state: CoupleState, now: datetime
    ) -> bool:
        """Tell what of a reading is new; whether anything was."""
        after = compared(told, reading.taken, now)
        if after is told:
            return False
        revision = await self._calendars.keep_told(record.id, after, revision)
        await self._tell(record.id, after, revision, _names(state, record))
        return True

    async def _tell(self, calendar_id: str, told: Told, revision: int, partners: tuple[str, ...]) -> tuple[Told, int]:
        """Send what is pending into the inbox; the table without it, and its revision."""
        subject = self._wire.names.inbound("calendar", calendar_id.partition("_")[0])
        pending = events(calendar_id, told, partners)
        await asyncio.gather(*(self._wire.publish(subject, encode(event)) for event in pending))
        after = done(told)
        return after, await self._calendars.keep_told(calendar_id, after, revision)

    def _well(self, record: CalendarRecord, now: datetime, max_age: int | None, **changes: Any) -> CalendarRecord:
        if record.warned:
            logger.info("the calendar %s can be read again", record.id)
        CALENDAR_FETCHES.labels("changed" if "last_change" in changes else "unchanged").inc()
        next_at = after_success(record.id, interval(self._usual, record.refresh, max_age), now)
        return record.model_copy(update={**_WELL, **changes, "last_fetch": now, "next_at": next_at})

    async def _failed(
        self, record: CalendarRecord, trouble: Trouble, state: CoupleState, now: datetime
    ) -> CalendarRecord:
        CALENDAR_FETCHES.labels(trouble.error).inc()
        failures = record.failures + 1
        every = interval(self._usual, record.refresh, None)
        changes = {
            "failures": failures,
            "failing_since": record.failing_since or now,
            "error": trouble.error,
            "detail": trouble.detail,
            "next_at": after_trouble(record.id, every, trouble, failures, now),
        }
        failed = record.model_copy(update=changes)
        if record.warned or not is_worth_telling(trouble, failures):
            return failed
        logger.warning("the calendar %s cannot be read: %s", record.id, trouble.detail)
        await self._telling.failing(failed, state, now)
        return failed.model_copy(update={"warned": True})

    async def _end(self, calendar_id: str, now: datetime) -> None:
        """Free the times of a calendar that is not there any more, then remove what is left of it."""
        told, revision = await self._calendars.told(calendar_id)
        if told.taken or told.pending:
            after = freed(told, now)
            revision = await self._calendars.keep_told(calendar_id, after, revision)
            await self._tell(calendar_id, after, revision, ())
        await self._calendars.remove(calendar_id)


def _names(state: CoupleState, record: CalendarRecord) -> tuple[str, ...]:
    """Who is in its events: whose calendar it is; in one that is shared both may be."""
    return state.settings.names if record.shared else (state.settings.names[record.partner],)
