"""What is kept of a calendar that is read from its address: the times it takes, and what was told of them.

A reading is compared with what was told before, so that only what changed becomes facts. What is to be told stands in
the table before it is told, and until it was: a crash in between repeats it under the same ids, and loses nothing.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from threedates.core.walltime import local
from threedates.schemas.base import Instant, Kind, Model, ZoneName
from threedates.schemas.inbound import CalendarEvent

BEHIND = timedelta(days=7)
"""How long what is over is still known."""
AHEAD = timedelta(days=60)
AT_MOST = 200
"""Times of one calendar that are known at once; the nearest."""


class Taken(Model):
    """A time that an event takes. ``uid`` is derived from the event's own, and says nothing.

    ``kind`` is what its categories name; ``words`` those of its title that look like a date, in shared calendars alone.
    For all-day events start and end are midnights in ``tz``.
    """

    uid: str
    start: Instant
    end: Instant
    tz: ZoneName
    all_day: bool = False
    busy: bool = True
    kind: Kind | None = None
    words: str | None = None


class Change(Model):
    """A time to be told of: as it is now, or that it is off."""

    taken: Taken
    is_off: bool = False


class Told(Model):
    """What of a calendar was told, and what is still to be.

    ``generation`` is the version under which the pending changes are told: it only grows, and is their SEQUENCE.
    """

    v: Literal[1] = 1
    generation: int = 0
    taken: tuple[Taken, ...] = ()
    pending: tuple[Change, ...] = ()


def opaque_uid(name: str) -> str:
    """A name that tells an event from others, and nothing else of it."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def compared(told: Told, seen: Iterable[Taken], now: datetime) -> Told:
    """The table after a reading; the very same where nothing is to be told. What is over is never off.

    Nothing may be pending any more.
    """
    before = {taken.uid: taken for taken in told.taken}
    after = {taken.uid: taken for taken in seen}
    changes = [Change(taken=taken) for uid, taken in after.items() if before.get(uid) != taken]
    missing = [taken for uid, taken in before.items() if uid not in after]
    changes += [Change(taken=taken, is_off=True) for taken in missing if taken.end > now]
    over = [taken for taken in missing if now - BEHIND < taken.end <= now]
    return _next(told, (*over, *after.values()), changes, now) if changes else told


def freed(told: Told, now: datetime) -> Told:
    """The table of a calendar that is not read any more: all its times are free, but a date it named stays booked."""
    ahead = [Change(taken=taken, is_off=True) for taken in told.taken if taken.end > now and taken.kind is None]
    return _next(told, (), [*(change for change in told.pending if change.is_off), *ahead], now)


def done(told: Told) -> Told:
    """The table once everything pending was told."""
    return told.model_copy(update={"pending": ()})


def events(source: str, told: Told, partners: tuple[str, ...]) -> list[CalendarEvent]:
    """What is pending, as calendar events for the inbox; their ids are the same however often this is asked."""
    return [_event(source, told.generation, n, change, partners) for n, change in enumerate(told.pending)]


def _next(told: Told, taken: Iterable[Taken], changes: Iterable[Change], now: datetime) -> Told:
    # Also where a table was lost, no id may come again: minutes grow no slower than readings do.
    generation = max(told.generation + 1, int(now.timestamp() // 60))
    return Told(generation=generation, taken=tuple(taken), pending=tuple(changes))


def _event(source: str, generation: int, n: int, change: Change, partners: tuple[str, ...]) -> CalendarEvent:
    taken = change.taken
    return CalendarEvent(
        id=f"{source}-{generation}-{n}",
        source=source,
        uid=taken.uid,
        sequence=generation,
        status="cancelled" if change.is_off else "confirmed",
        start=local(taken.start, taken.tz).date() if taken.all_day else taken.start,
        end=local(taken.end, taken.tz).date() if taken.all_day else taken.end,
        tz=taken.tz,
        summary=None if change.is_off else taken.words,
        kind=taken.kind,
        partners=partners,
        busy=taken.busy and not change.is_off,
    )
