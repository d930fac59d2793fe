"""Raw iCalendar (RFC 5545) in, facts out: one for every occurrence near now, or the answer to an invite it carries.

Recurrences are worked out from a week ago to sixty days ahead, 200 occurrences at most. The kind is known from the UID
of one of the couple's own dates, or from CATEGORIES, never from the title. Whatever cannot be read is refused.
"""

import warnings
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar

from threedates.core.ics_event import named_kind, status_of, takes_time
from threedates.core.ics_occurrences import Occurrence, Occurrences
from threedates.core.ics_reply import MAX_SEQUENCE, Replies
from threedates.core.ics_text import IcsText, bounded, reduced
from threedates.core.ics_zone import Zones
from threedates.core.refusal import LONGEST_DATE, Refused, partner_name
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.inbound import CalendarIcs
from threedates.schemas.log import CalendarSeen, Fact

BEHIND = timedelta(days=7)
AHEAD = timedelta(days=60)
MAX_OCCURRENCES = 200
MAX_ID = 120
"""An input's id leaves room for the ``:<n>`` of its facts."""
# Tests of a day, about two microseconds each.
_BUDGET = 200_000


def read_ics(event: CalendarIcs, state: CoupleState, now: datetime) -> list[Fact]:
    """The facts in raw iCalendar, with the ids ``<id>:<n>``. Raises Refused, and nothing else."""
    if len(event.id) > MAX_ID:
        raise Refused("invalid", f"the id of raw iCalendar may have {MAX_ID} characters", "id")
    if event.partner is not None:
        partner_name(state, event.partner, "partner")
    text = reduced(event.ics, pick=bounded())
    try:
        # Zones with a vendor's prefix are guessed at, and that is what is wanted.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _facts(event, text, state, now)
    except Refused:
        raise
    except Exception as error:
        # The libraries raise whatever mangled input makes them stumble over; all of it means the same here.
        raise Refused("malformed", f"the iCalendar cannot be read: {_short(error)}", "ics") from error


def _facts(event: CalendarIcs, text: IcsText, state: CoupleState, now: datetime) -> list[Fact]:
    zones = Zones(text.locations, text.calendar_zone, state.settings.tz)
    calendar = Calendar.from_ical(text.with_zones(zones))
    match str(calendar.get("METHOD", "PUBLISH")).upper():
        case "REPLY" | "COUNTER" as method:
            replies = Replies(state, zones, now, event.sender)
            return replies.facts(event.id, method, list(calendar.walk("VEVENT")))
        case method if event.sender is not None:
            raise Refused(
                "no_answer", f"by mail only answers are taken, METHOD:REPLY or COUNTER; not {method[:20]}", "ics"
            )
        case "PUBLISH" | "REQUEST" | "ADD" | "CANCEL" as method:
            return _Reader(event, state, now, zones, is_off=method == "CANCEL").facts(calendar)
        case method:
            raise Refused("invalid", f"METHOD:{method[:20]} tells nothing of an event and answers no invite", "ics")


class _Reader:
    """Reads one calendar's events."""

    def __init__(self, event: CalendarIcs, state: CoupleState, now: datetime, zones: Zones, *, is_off: bool) -> None:
        self._event = event
        self._state = state
        self._now = now
        self._zones = zones
        self._is_off = is_off
        partner = state.settings.partner(event.partner) if event.partner is not None else None
        self._partners = (partner.name,) if partner is not None else ()

    def facts(self, calendar: Any) -> list[Fact]:
        near = Occurrences(self._zones, self._now - BEHIND, self._now + AHEAD, _BUDGET).of(calendar)[:MAX_OCCURRENCES]
        return [self._seen(n, occurrence) for n, occurrence in enumerate(near)]

    def _seen(self, n: int, occurrence: Occurrence) -> CalendarSeen:
        component = occurrence.component
        status = "cancelled" if self._is_off else status_of(component)
        return CalendarSeen(
            id=f"{self._event.id}:{n}",
            at=self._now,
            source=self._event.source,
            uid=occurrence.name,
            sequence=min(max(int(component.get("SEQUENCE", 0)), 0), MAX_SEQUENCE),
            status=status,
            start=occurrence.start,
            end=occurrence.end,
            tz=self._zones.name(occurrence.day),
            all_day=not isinstance(occurrence.day, datetime),
            summary=str(component["SUMMARY"])[:1_000] if "SUMMARY" in component else None,
            kind=self._kind(occurrence),
            partners=self._partners,
            busy=status != "cancelled" and takes_time(component),
        )

    def _kind(self, occurrence: Occurrence) -> Kind | None:
        if not timedelta(0) < occurrence.end - occurrence.start <= LONGEST_DATE:
            return None
        known = self._state.dates.get(occurrence.uid)
        return known.record.kind if known is not None else named_kind(occurrence)


def _short(error: Exception) -> str:
    # Only what sort of error: a library's words may quote the calendar, and a refusal is seen by others.
    return type(error).__name__
