"""A partner's page as plain words: three lanes, what each date can be answered with, whether all is paused. Pure.

In: the couple's status and state, which of the two looks, the instant. Out: a :class:`View` for the template. All times
are in that partner's own zone; a date that lives in another zone names its own as well.
"""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.answers import takes
from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.core.wording import en
from threedates.gateway.when import field_value, spoken, spoken_day, spoken_span
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Answer
from threedates.schemas.status import KindStatus

NAMES: dict[Kind, str] = {"fun": "Fun", "business": "Business", "emotional": "Heart-to-heart"}
_STANDING = {
    "fresh": "All is well",
    "due": "Time for one",
    "overdue": "Still open",
    "lapsed": "It has been a while",
    "paused": "Paused",
    "set": "A date is set",
}
_ANSWERS: dict[Answer, str] = {
    "accept": "Yes, let’s",
    "decline": "Another time, please",
    "held": "We had it",
    "skip": "Let it go",
    "cancel": "Call it off",
}
# Of a date that is only proposed there is nothing to call off: it is declined or let go.
_FOR_SCHEDULED_ONLY = ("cancel",)


@dataclass(frozen=True, slots=True)
class DateView:
    """A date to be answered. ``start`` is the time field's value in the zone ``tz``."""

    uid: str
    is_proposed: bool
    when: str
    elsewhere: str | None
    idea: str
    answers: dict[Answer, str]
    start: str
    tz: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind. ``state`` is the status's, or ``set`` where a date stands and nobody need do anything."""

    kind: Kind
    name: str
    noun: str
    purpose: str
    state: str
    standing: str
    due: str
    last: str
    turn: str
    is_mine: bool
    snoozed: str | None
    date: DateView | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The page. ``paused`` says until when, where it is."""

    me: str
    other: str
    tz: str
    couple_tz: str
    lanes: tuple[Lane, ...]
    is_paused: bool
    paused: str


def view_of(state: CoupleState, partner: int, now: datetime) -> View:
    """The page of one partner (0 or 1) at an instant."""
    status = status_of(state, now)
    me = state.settings.partners[partner]
    end = status.paused_until
    return View(
        me=me.name,
        other=state.other(me.name),
        tz=me.tz,
        couple_tz=state.settings.tz,
        lanes=tuple(_lane(state, kind, status.kinds[kind], me.name, me.tz, now) for kind in KINDS),
        is_paused=status.paused,
        paused=f"until {spoken(end, me.tz, now)}" if end is not None else "until one of you goes on",
    )


def _lane(state: CoupleState, kind: Kind, status: KindStatus, me: str, tz: str, now: datetime) -> Lane:
    snoozed = state.kinds[kind].snoozed_until
    day = spoken_day(status.due_at, tz, now)
    is_set = status.date is not None and status.date.status == "scheduled"
    standing = "set" if is_set and status.state != "paused" else status.state
    held = status.last_held
    return Lane(
        kind=kind,
        name=NAMES[kind],
        noun=en.KIND_NAMES[kind],
        purpose=en.PURPOSES[kind],
        state=standing,
        standing=_STANDING[standing],
        due=_due(status, day, now),
        last=f"Last one {spoken_day(held, tz, now)}" if held is not None else f"No {en.KIND_NAMES[kind]} so far",
        turn="Your turn to plan" if status.planner == me else f"{status.planner}’s turn to plan",
        is_mine=status.planner == me,
        snoozed=spoken(snoozed, tz, now) if snoozed is not None and snoozed > now else None,
        date=_date(status.date, tz, now) if status.date is not None else None,
        because=tuple(reason.text for reason in status.because),
    )


def _due(status: KindStatus, day: str, now: datetime) -> str:
    if status.state == "paused":
        return "The count waits until you go on"
    return f"Next one due {day}" if status.due_at > now else f"Due since {day}"


def _date(record: DateRecord, tz: str, now: datetime) -> DateView:
    is_proposed = record.status == "proposed"
    return DateView(
        uid=record.uid,
        is_proposed=is_proposed,
        when=spoken_span(record.start, record.end, tz, now),
        elsewhere=f"{spoken(record.start, record.tz, now)} in {record.tz}" if _differ(record, tz) else None,
        idea=record.idea,
        answers={
            answer: label
            for answer, label in _ANSWERS.items()
            if takes(record.status, answer) and not (is_proposed and answer in _FOR_SCHEDULED_ONLY)
        },
        start=field_value(record.start, record.tz),
        tz=record.tz,
    )


def _differ(record: DateRecord, tz: str) -> bool:
    """Whether the two zones' clocks show different times as the date begins."""
    return field_value(record.start, tz) != field_value(record.start, record.tz)
