"""The bytes of a calendar fetched from its address in, the times it takes out: for the process that reads it.

Only what stands and takes time is of interest, and what names a kind by its categories, or looks like a date in a
calendar whose titles may be known. Events of our own making never count, a broken event is left out. Raises Refused
where it is no calendar, or too much of one.
"""

import warnings
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from icalendar import Calendar

from threedates.core.ics_event import is_our_own, named_kind, status_of, takes_time
from threedates.core.ics_near import near
from threedates.core.ics_occurrences import Occurrence, Occurrences
from threedates.core.ics_text import IcsText, reduced
from threedates.core.ics_zone import Zones
from threedates.core.look_alikes import telling_words
from threedates.core.polled import AHEAD, AT_MOST, BEHIND, Taken, opaque_uid
from threedates.core.recurrence import TooLongError
from threedates.core.refusal import LONGEST_DATE, LONGEST_EVENT, Refused
from threedates.schemas.base import Instant, Model, ZoneName
from threedates.schemas.duration import Span

MAX_COMPONENTS = 50_000
MAX_NEAR = 4_000
# Days to test, about two microseconds each; the process has its own limits beside this one.
_BUDGET = 500_000


class Asked(Model):
    """What is to be read: as of when, in which zone where the calendar names none, whether titles may be looked at."""

    now: Instant
    tz: ZoneName
    shared: bool = False


class Reading(Model):
    """The times a calendar takes, by start, and after how many seconds it wants to be read again.

    ``refused`` says why it was not read, for people, and quotes nothing of it.
    """

    taken: tuple[Taken, ...] = ()
    refresh: int | None = None
    refused: str | None = None


def read_polled(data: bytes, asked: Asked) -> Reading:
    """Read a calendar. Whatever cannot be read is a refusal; nothing is raised."""
    try:
        # Zones with a vendor's prefix are guessed at, and that is what is wanted.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data.decode("utf-8", "replace"), asked)
    except Refused as refused:
        return Reading(refused=refused.refusal.detail)
    except TooLongError as error:
        return Reading(refused=str(error))
    except Exception as error:  # noqa: BLE001  # the libraries raise whatever mangled input makes them stumble over
        return Reading(refused=f"the calendar cannot be read: {type(error).__name__}")


def _read(ics: str, asked: Asked) -> Reading:
    since, until = asked.now - BEHIND, asked.now + AHEAD
    text = reduced(ics, MAX_COMPONENTS, near(since, until))
    if text.events > MAX_NEAR:
        raise Refused("too_large", f"the calendar has more than {MAX_NEAR} events that are near or recur")
    zones = Zones(text.locations, text.calendar_zone, asked.tz)
    calendar = Calendar.from_ical(text.with_zones(zones))
    found = Occurrences(zones, since, until, _BUDGET, leave_out_broken=True).of(calendar)
    taken = filter(None, (_taken(occurrence, zones, asked) for occurrence in found))
    return Reading(taken=tuple(islice(taken, AT_MOST)), refresh=_refresh(text))


def _taken(occurrence: Occurrence, zones: Zones, asked: Asked) -> Taken | None:
    """The time an occurrence takes, None where it is nothing to anybody."""
    length = occurrence.end - occurrence.start
    component, is_all_day = occurrence.component, not isinstance(occurrence.day, datetime)
    if is_our_own(occurrence.uid) or status_of(component) != "confirmed" or not timedelta(0) < length <= LONGEST_EVENT:
        return None
    kind = named_kind(occurrence) if length <= LONGEST_DATE else None
    words = telling_words(_title(component)) if asked.shared and not is_all_day else None
    is_busy = takes_time(component)
    if kind is None and words is None and (not is_busy or occurrence.end <= asked.now):
        return None
    return Taken(
        # One that becomes a date, or ceases to be one, is another to whoever is told.
        uid=opaque_uid(f"{occurrence.name}/{kind}"),
        start=occurrence.start,
        end=occurrence.end,
        tz=zones.name(occurrence.day),
        all_day=is_all_day,
        busy=is_busy,
        kind=kind,
        words=words,
    )


def _title(component: Any) -> str:
    return str(component.get("SUMMARY", ""))


def _refresh(text: IcsText) -> int | None:
    """The seconds between two readings that the calendar asks for (RFC 7986 §5.7), None where it does not."""
    try:
        return Span.parse(text.refresh).length if text.refresh else None
    except ValueError:
        return None
