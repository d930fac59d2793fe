"""The three lanes in words: where each kind stands, and why, with the events behind it. Pure.

In: the couple's state and status, which of the two looks, the instant. Out: a :class:`Lane` per kind for the templates.
All times are in that partner's own zone. No reason names an author or repeats what somebody told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from threedates.core.spoken import spoken, spoken_day
from threedates.core.state import CoupleState
from threedates.core.wording import en
from threedates.gateway.page.dateview import DateView, date_view
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.outcomes import Because
from threedates.schemas.status import CoupleStatus, KindStatus

NAMES: dict[Kind, str] = {"fun": "Fun", "business": "Business", "emotional": "Heart-to-heart"}
_STANDING = {
    "fresh": "All is well",
    "due": "Time for one",
    "overdue": "Still open",
    "lapsed": "It has been a while",
    "paused": "Paused",
    "set": "A date is set",
}

_OF_REMINDERS = ("quiet_hours", "budget")
"""What only says why nobody was reminded yet."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, and what is behind it, each in a few words."""

    text: str
    behind: tuple[str, ...]


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
    floor: str
    last: str
    turn: str
    is_mine: bool
    snoozed: str | None
    date: DateView | None
    why: str
    because: tuple[Reason, ...]


def lanes_of(state: CoupleState, status: CoupleStatus, partner: int) -> tuple[Lane, ...]:
    """The lanes as one partner (0 or 1) sees them."""
    return tuple(_lane(state, kind, status, partner) for kind in KINDS)


def _lane(state: CoupleState, kind: Kind, status: CoupleStatus, partner: int) -> Lane:
    one, now = status.kinds[kind], status.as_of
    me = state.settings.partners[partner]
    snoozed = state.kinds[kind].snoozed_until
    is_set = one.date is not None and one.date.status == "scheduled"
    standing = "set" if is_set and one.state != "paused" else one.state
    reasons = tuple(Reason(reason.text, tuple(_behind(state, kind, reason, me.tz, now))) for reason in one.because)
    return Lane(
        kind=kind,
        name=NAMES[kind],
        noun=en.KIND_NAMES[kind],
        purpose=en.PURPOSES[kind],
        state=standing,
        standing=_STANDING[standing],
        due=_due(one, spoken_day(one.due_at, me.tz, now), now),
        floor=_floor(one, spoken_day(one.floor_at, me.tz, now), now),
        last=_last(one, me.tz, now),
        turn="your turn" if one.planner == me.name else f"{one.planner}’s turn",
        is_mine=one.planner == me.name,
        snoozed=spoken(snoozed, me.tz, now) if snoozed is not None and snoozed > now else None,
        date=date_view(one.date, me.tz, now) if one.date is not None else None,
        why=_why(one),
        because=reasons,
    )


def _why(one: KindStatus) -> str:
    """The reason that says most: a sign, a snooze or a date that stands comes after the cadence itself."""
    return next(reason.text for reason in reversed(one.because) if reason.rule not in _OF_REMINDERS)


def _due(one: KindStatus, day: str, now: datetime) -> str:
    if one.state == "paused":
        return "waits until you go on"
    return day if one.due_at > now else f"since {day}"


def _floor(one: KindStatus, day: str, now: datetime) -> str:
    return day if one.floor_at > now else f"passed {day}"


def _last(one: KindStatus, tz: str, now: datetime) -> str:
    return spoken_day(one.last_held.replace(second=0), tz, now) if one.last_held is not None else "none so far"


def _behind(state: CoupleState, kind: Kind, reason: Because, tz: str, now: datetime) -> Iterator[str]:
    """The events behind a reason, in words; those that are no longer kept are left out."""
    reported = {report.id: report.at for report in state.reports}
    calendars = {one.event: one.start for one in state.look_alikes}
    this = state.kinds[kind]
    for event in dict.fromkeys(reason.events):
        if event in reported:
            yield f"A check-in, {_minute(reported[event], tz, now)}"
        elif event in calendars:
            yield f"A calendar entry, {spoken(calendars[event], tz, now)}"
        elif event == this.because:
            last = max((mark.ended for mark in this.helds), default=None)
            yield f"You joined, {_minute(this.base, tz, now)}" if last is None else f"It ended {_minute(last, tz, now)}"


def _minute(instant: datetime, tz: str, now: datetime) -> str:
    """What happened at some second happened, for people, at that minute."""
    return spoken(instant.replace(second=0), tz, now)
