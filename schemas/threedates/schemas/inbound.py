"""What producers send: check-ins, calendar events and commands, as JSON on the inbox subjects or over HTTP.

Both plain JSON and CloudEvents 1.0 structured JSON are accepted (:func:`unwrap`). Anything that does not fit is
refused by the intake with a reason; nothing here reads a clock or knows a couple.
"""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from threedates.schemas.base import DISCREET, EventId, Instant, Kind, Model, PartnerName, ZoneName
from threedates.schemas.couple import CoupleSettings, Email

Scope = Literal["fun", "business", "emotional", "all"]
What = Literal["checkin", "calendar", "command"]
"""The three sorts of input, as the subjects name them."""
Stress = Literal["money", "chores", "family", "plans", "work"]
Did = Literal["play", "walk", "eye_contact", "touch", "asked", "apart"]
Scale = Annotated[int, Field(ge=1, le=5, strict=True)]
NOTE_LIMIT = 4_000


class CheckInReport(Model):
    """What a partner reports: 1–5 with 5 best, loneliness 0–4. Everything but the author is optional."""

    partner: PartnerName
    mood: Scale | None = None
    connection: Scale | None = None
    loneliness: Annotated[int, Field(ge=0, le=4, strict=True)] | None = None
    talk: Literal["surface", "everyday", "deep"] | None = None
    affection: Scale | None = None
    desire: Scale | None = None
    conflict: bool | None = None
    stress: tuple[Stress, ...] = ()
    did: tuple[Did, ...] = ()
    together_minutes: int | None = Field(default=None, ge=0, le=1440)
    note: str | None = Field(default=None, max_length=NOTE_LIMIT)


class CheckIn(CheckInReport):
    """A check-in as it is sent."""

    id: EventId
    at: Instant


class CalendarEvent(Model):
    """One event of somebody's calendar. Times are local to ``tz`` unless they carry an offset; all-day events carry
    dates, the end exclusive.
    """

    id: EventId
    source: str = Field(min_length=1, max_length=128)
    uid: str = Field(min_length=1, max_length=255)
    sequence: int = Field(default=0, ge=0)
    status: Literal["tentative", "confirmed", "cancelled"] = "confirmed"
    start: datetime | date
    end: datetime | date
    tz: ZoneName | None = None
    summary: str | None = Field(default=None, max_length=1_000)
    kind: Kind | None = None
    partners: tuple[PartnerName, ...] = Field(default=(), max_length=2)
    busy: bool = True

    @model_validator(mode="after")
    def _same_sort(self) -> Self:
        if isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("start and end must both be dates or both be times")
        return self


class CalendarIcs(Model):
    """Raw iCalendar (RFC 5545), recurrences and answers to invites (METHOD:REPLY and COUNTER) included.

    ``sender`` is the address that a mail with it is from: then nothing but an answer of that partner's own is taken.
    """

    id: EventId
    source: str = Field(min_length=1, max_length=128)
    ics: str = Field(min_length=1, max_length=256 * 1024)
    partner: PartnerName | None = None
    sender: Email | None = None


class Join(Model):
    """A new couple, sent by the gateway for the API key with that id."""

    type: Literal["join"] = "join"
    id: EventId
    at: Instant
    key_id: str
    settings: CoupleSettings


class Change(Model):
    """New settings: a merge patch. Objects merge; anything else, null included, replaces."""

    type: Literal["change"] = "change"
    id: EventId
    at: Instant
    patch: dict[str, Any]


class AnswerDate(Model):
    """An answer about one date, named by its UID."""

    type: Literal["answer"] = "answer"
    id: EventId
    at: Instant
    by: PartnerName
    uid: str = Field(max_length=255)
    answer: Literal["accept", "decline", "held", "skip", "cancel", "move"]
    start: Instant | None = None
    end: Instant | None = None

    @model_validator(mode="after")
    def _move_needs_a_time(self) -> Self:
        if (self.answer == "move") != (self.start is not None):
            raise ValueError("start goes with move, and move needs a start")
        return self


class BookDate(Model):
    """A date arranged, or already held, outside our proposals."""

    type: Literal["book"] = "book"
    id: EventId
    at: Instant
    by: PartnerName
    kind: Kind
    start: Instant
    end: Instant
    status: Literal["scheduled", "held"] = "scheduled"


class Snooze(Model):
    """Silence one kind or all until then."""

    type: Literal["snooze"] = "snooze"
    id: EventId
    at: Instant
    by: PartnerName
    kind: Scope = "all"
    until: Instant


class Pause(Model):
    """Pause everything, until then or until resumed."""

    type: Literal["pause"] = "pause"
    id: EventId
    at: Instant
    by: PartnerName
    until: Instant | None = None


class Resume(Model):
    """End the pause."""

    type: Literal["resume"] = "resume"
    id: EventId
    at: Instant
    by: PartnerName


class AnotherIdea(Model):
    """Ask for another idea for one date, named by its UID."""

    type: Literal["another_idea"] = "another_idea"
    id: EventId
    at: Instant
    by: PartnerName
    uid: str = Field(max_length=255)


class RotatePage(Model):
    """Give the page of whoever says so another address; the one before ends."""

    type: Literal["rotate_page"] = "rotate_page"
    id: EventId
    at: Instant
    by: PartnerName


class Leave(Model):
    """Leave, and have everything erased."""

    type: Literal["leave"] = "leave"
    id: EventId
    at: Instant


Command = Annotated[
    Join | Change | AnswerDate | BookDate | Snooze | Pause | Resume | AnotherIdea | RotatePage | Leave,
    Field(discriminator="type"),
]
COMMAND: TypeAdapter[Command] = TypeAdapter(Command, config=DISCREET)
CALENDAR: TypeAdapter[CalendarEvent | CalendarIcs] = TypeAdapter(CalendarEvent | CalendarIcs, config=DISCREET)


def unwrap(body: bytes) -> dict[str, Any]:
    """The JSON object of a message, taken out of its CloudEvents 1.0 envelope where there is one.

    The envelope's ``id`` serves where the data carry none. Raises ValueError saying what was wrong.
    """
    try:
        data = json.loads(body)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ValueError(f"the body is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise ValueError("the body is not a JSON object")
    if "specversion" not in data:
        return data
    inner = data.get("data")
    if not isinstance(inner, dict):
        raise ValueError("a CloudEvent must carry a JSON object as its data")
    return {"id": data.get("id"), **inner}
