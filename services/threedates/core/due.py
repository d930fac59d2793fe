"""When a kind is due and when it lapses, from its anchor and from what the couple reported since.

Each sign within seven days brings the due time one day (a seventh of the target) sooner, four at most. A conflict asks
for the emotional date the day after it. Neither moves it before the report that asked for it, nor nearer to the last
date than two days (two sevenths of a shorter target), nor past the floor.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from threedates.core.pace import Pace
from threedates.core.records import Sign
from threedates.core.signs import CONFLICT, WEEK
from threedates.core.state import CoupleState, KindState
from threedates.core.walltime import add, at_local, back, local
from threedates.schemas.base import Kind
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.duration import Span

MOST_SIGNS = 4
TWO_DAYS = Span(days=2)
_AT = attrgetter("at")


class Course(NamedTuple):
    """The instants of a kind's present cycle that most rules ask for, and what they were worked out from."""

    settings: CoupleSettings
    pace: Pace
    anchor: datetime
    due_from: datetime
    signs: tuple[Sign, ...]
    proposal_at: datetime
    due_at: datetime
    floor_at: datetime
    warning_at: datetime

    def is_of(self, this: KindState, settings: CoupleSettings) -> bool:
        """Whether it was worked out from these very objects."""
        return (
            self.settings is settings
            and self.anchor is this.anchor
            and self.due_from is this.due_from
            and self.signs is this.signs
        )


def course(state: CoupleState, kind: Kind) -> Course:
    """The course of a kind's present cycle, worked out once for a state and those that follow from it."""
    this = state.kinds[kind]
    known: Course | None = this.__dict__.get("_course")
    if known is None or not known.is_of(this, state.settings):
        known = this.__dict__["_course"] = _course(this, state.settings, state.pace(kind))
    return known


def floor_at(state: CoupleState, kind: Kind) -> datetime:
    """When a kind lapses."""
    return course(state, kind).floor_at


def due_at(state: CoupleState, kind: Kind) -> datetime:
    """When the next date of a kind is due: a target after the last, sooner by what was reported, never past the floor.

    A cycle that was let go after the floor had passed counts from there: the floor cannot bound what lies behind.
    """
    return course(state, kind).due_at


def _course(this: KindState, settings: CoupleSettings, pace: Pace) -> Course:
    due, floor = pace.target_after(this.due_from), pace.floor_after(this.anchor)
    if this.due_from < floor:
        due = min(due, floor)
    signs = live_signs(this)
    if signs:
        due = max(min(_sooner(pace, due, signs), due), min(earliest(this, pace), due))
    return Course(
        settings,
        pace,
        this.anchor,
        this.due_from,
        this.signs,
        proposal_at=pace.proposal(due),
        due_at=due,
        floor_at=floor,
        warning_at=pace.floor_warning(floor),
    )


def live_signs(kind: KindState) -> tuple[Sign, ...]:
    """The signs reported since the kind's last date, oldest first."""
    return kind.signs[bisect_right(kind.signs, kind.due_from, key=_AT) :]


def earliest(kind: KindState, pace: Pace) -> datetime:
    """What no sign brings it before: two days after the last date, or two sevenths of a shorter target."""
    target = pace.cadence.target
    spacing = target.fraction(2, 7) if target.length < 7 * 86_400 else TWO_DAYS
    return add(kind.due_from, spacing, pace.tz)


def _sooner(pace: Pace, due: datetime, signs: Sequence[Sign]) -> datetime:
    """The earliest of what the signs ask for. More signs can only bring it nearer: each is one more candidate."""
    step = pace.cadence.target.fraction(1, 7)
    asked = [due]
    for count, at in _levels(signs):
        asked.append(max(back(due, step.times(count), pace.tz), at))
    conflict = next((sign for sign in signs if sign.rule == CONFLICT), None)  # the first one asks for the earliest day
    if conflict is not None:
        asked.append(_day_after(pace, conflict.at))
    return min(asked)


def _levels(signs: Sequence[Sign]) -> list[tuple[int, datetime]]:
    """For one, two, three, four signs within seven days: when that many were first reached. Signs are oldest first."""
    found: list[tuple[int, datetime]] = []
    first = 0  # of those within the seven days up to a sign
    for n, sign in enumerate(signs, 1):
        while signs[first].at <= sign.at - WEEK:
            first += 1
        if n - first > len(found):
            found.append((len(found) + 1, sign.at))
        if len(found) == MOST_SIGNS:
            break
    return found


def worth_keeping(signs: Sequence[Sign], due_from: datetime, at_most: int) -> tuple[Sign, ...]:
    """Of more signs than that, those that tell when it is due, and the latest of the others.

    Were the oldest dropped, the due time would slip away from a couple that reports trouble every day.
    """
    if len(signs) <= at_most:
        return tuple(signs)
    live = [sign for sign in signs if sign.at > due_from]
    telling = [sign for sign in live if sign.rule == CONFLICT][:1]
    for count, at in _levels(live):
        telling += [sign for sign in live if sign.at <= at][-count:]
    others = [sign for sign in live if sign not in telling]
    latest = others[-(at_most - len(set(telling))) :]
    return tuple(sign for sign in live if sign in telling or sign in latest)


def _day_after(pace: Pace, at: datetime) -> datetime:
    """The planning hour of the day after, or for a target under a day a seventh of it later."""
    if pace.is_exact:
        return add(at, pace.cadence.target.fraction(1, 7), pace.tz)
    return at_local(local(at, pace.tz).date() + timedelta(days=1), pace.planning_hour, pace.tz)
