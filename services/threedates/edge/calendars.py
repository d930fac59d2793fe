"""The store of partners' calendars that are read from their addresses: a record for each, and what was told of it.

A calendar belongs to a couple; its id is ``<couple_id>_<rest>``, its record's key ``<couple_id>.<rest>``. Beside it,
under ``….told``, stands the table of times: a record changes with each fetch, the table only when times do.
Both change by compare-and-set. An address is a secret: it is kept here and nowhere else, and shown to nobody.
"""

import secrets
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from threedates.core.polled import Told
from threedates.edge.errors import Conflict, EdgeError
from threedates.edge.wire import Kept, Wire
from threedates.schemas.base import Instant, Model
from threedates.schemas.webhook import PollError

BUCKET = "calendars"
MAX_PER_COUPLE = 8
_TOLD = "told"
_TRIES = 5
_NOT_IN_IDS = set(".*> \t\r\n")


class TooManyCalendarsError(EdgeError):
    """A couple has as many calendars as it may have."""


class CalendarRecord(Model):
    """One calendar. ``partner`` is 0 or 1, in the order they joined; all instants in UTC.

    ``etag`` and ``last_modified`` are its server's, ``fingerprint`` that of the bytes, ``refresh`` the seconds it asks
    for; ``read_at`` is when it was last read whole, ``last_fetch`` when its server last answered, ``last_change`` when
    its times last changed. ``failures`` counts those in a row, from ``failing_since`` on; ``warned``: that was told.
    It is fetched next at ``next_at``, None where never. A ``deleted`` one waits for its times to be freed.
    """

    v: Literal[1] = 1
    id: str
    couple_id: str
    partner: int
    url: str = Field(repr=False)
    shared: bool = False
    created_at: Instant
    deleted: bool = False
    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    refresh: int | None = None
    read_at: Instant | None = None
    last_fetch: Instant | None = None
    last_change: Instant | None = None
    next_at: Instant | None = None
    busy: int = 0
    failures: int = 0
    failing_since: Instant | None = None
    error: PollError | None = None
    detail: str | None = None
    warned: bool = False

    @property
    def rest(self) -> str:
        """Its id without the couple's."""
        return self.id.partition("_")[2]

    @property
    def host(self) -> str:
        """The host of its address, which is all that is ever shown of it."""
        return urlsplit(self.url).netloc


def new_record(couple_id: str, partner: int, url: str, now: datetime, *, shared: bool, rest: str) -> CalendarRecord:
    """A calendar that is to be fetched at once."""
    calendar_id = f"{couple_id}_{rest}"
    return CalendarRecord(
        id=calendar_id, couple_id=couple_id, partner=partner, url=url, shared=shared, created_at=now, next_at=now
    )


def new_rest() -> str:
    """What a new calendar's id ends in."""
    return secrets.token_hex(6)


class Calendars:
    """Makes, finds, changes and removes calendars. All methods raise Unavailable when the broker is away."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def create(self, record: CalendarRecord) -> CalendarRecord:
        """Keep a new calendar and have it fetched at once; where it is there already that one is the answer.

        One that could not be read is then tried again at once. Raises TooManyCalendarsError, and Conflict where one of
        that id was deleted.
        """
        there = await self.of_couple(record.couple_id)
        for one in there:
            if one.id == record.id or (one.url, one.partner) == (record.url, record.partner):
                return await self._tried_again(one, record.created_at) if one.failing_since is not None else one
        if len(there) >= MAX_PER_COUPLE:
            raise TooManyCalendarsError(f"a couple may have {MAX_PER_COUPLE} calendars; delete one first")
        try:
            await self._wire.put(BUCKET, _key(record.id), _bytes(record), revision=0)
        except Conflict:
            # The same request, sent twice at once; or one that was deleted since, of which a marker stays.
            found = await self.get(record.id)
            if found is None or found[0].deleted:
                raise
            return found[0]
        await self.poll_now(record)
        return record

    async def get(self, calendar_id: str) -> tuple[CalendarRecord, int] | None:
        """The record of that id with its revision, also where it was deleted and is not yet gone; or None."""
        kept = await self._wire.get(BUCKET, _key(calendar_id))
        return (_parse(kept), kept.revision) if kept is not None else None

    async def of_couple(self, couple_id: str) -> list[CalendarRecord]:
        """All of a couple's calendars but those deleted; the oldest first."""
        found = map(_parse, await self._wire.get_all(BUCKET, [f"{couple_id}.*"]))
        return sorted((one for one in found if not one.deleted), key=lambda one: (one.created_at, one.id))

    async def _tried_again(self, record: CalendarRecord, now: datetime) -> CalendarRecord:
        """Have a calendar that failed fetched now instead of later; one that has just been is left as it is."""
        found = await self.get(record.id)
        if found is None or found[0] != record:
            return record
        due = record.model_copy(update={"next_at": now})
        try:
            await self.keep(due, found[1])
        except Conflict:
            return record
        await self.poll_now(due)
        return due

    async def delete(self, calendar_id: str) -> bool:
        """Have a calendar removed, and its times freed first; whether it was there."""
        for _ in range(_TRIES):
            found = await self.get(calendar_id)
            if found is None or found[0].deleted:
                return False
            try:
                record = found[0].model_copy(update={"deleted": True})
                await self.keep(record, found[1])
            except Conflict:
                continue  # it was just fetched
            await self.poll_now(record)
            return True
        raise Conflict(f"the calendar {calendar_id} keeps changing")

    async def keep(self, record: CalendarRecord, revision: int) -> int:
        """Replace a record, by compare-and-set; returns its revision. Raises Conflict."""
        return await self._wire.put(BUCKET, _key(record.id), _bytes(record), revision)

    async def told(self, calendar_id: str) -> tuple[Told, int]:
        """What was told of a calendar, with its revision (0: nothing yet)."""
        kept = await self._wire.get(BUCKET, _told_key(calendar_id))
        return (Told.model_validate_json(kept.data), kept.revision) if kept is not None else (Told(), 0)

    async def keep_told(self, calendar_id: str, told: Told, revision: int) -> int:
        """Replace what was told, by compare-and-set; returns its revision. Raises Conflict."""
        return await self._wire.put(BUCKET, _told_key(calendar_id), _bytes(told), revision)

    async def remove(self, calendar_id: str) -> None:
        """Remove a calendar's table, its timer, and at last its record, of which a marker stays."""
        await self._purge(_told_key(calendar_id))
        await self._clear_timer(calendar_id)
        if await self.get(calendar_id) is not None:
            await self._wire.delete(BUCKET, _key(calendar_id))

    async def erase(self, calendar_id: str) -> None:
        """Remove whatever there is of a calendar whose couple left, without a trace."""
        for key in (_told_key(calendar_id), _key(calendar_id)):
            await self._purge(key)
        await self._clear_timer(calendar_id)

    async def poll_now(self, record: CalendarRecord) -> None:
        """Have a calendar looked at at once."""
        await self._wire.publish(self._wire.names.poll(record.couple_id, record.rest), b"{}")

    async def set_timer(self, record: CalendarRecord) -> None:
        """Have a calendar fetched when it is due; one that is fetched no more has no timer."""
        names, at = self._wire.names, (record.couple_id, record.rest)
        if record.next_at is None:
            await self._clear_timer(record.id)
            return
        await self._wire.schedule(names.poll_timer(*at), names.poll(*at), record.next_at, b"{}")

    async def _clear_timer(self, calendar_id: str) -> None:
        couple_id, _, rest = calendar_id.partition("_")
        names = self._wire.names
        await self._wire.purge(names.polls, names.poll_timer(couple_id, rest))

    async def _purge(self, key: str) -> None:
        names = self._wire.names
        await self._wire.purge(names.bucket_stream(BUCKET), names.bucket_subject(BUCKET, key))


def _key(calendar_id: str) -> str:
    couple_id, _, rest = calendar_id.partition("_")
    # An id that is none must not become a wildcard or somebody else's key; no entry has this one.
    return f"{couple_id}.{rest}" if couple_id and rest and not set(calendar_id) & _NOT_IN_IDS else "_._"


def _told_key(calendar_id: str) -> str:
    return f"{_key(calendar_id)}.{_TOLD}"


def _parse(kept: Kept) -> CalendarRecord:
    return CalendarRecord.model_validate_json(kept.data)


def _bytes(model: Model) -> bytes:
    return model.model_dump_json(exclude_none=True).encode()
