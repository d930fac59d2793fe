"""Today: the three lanes, and the one thing worth doing now. Pure.

In: the couple's state, whose page it is, the instant. Out: a :class:`Today` for the template. What is asked for first
follows the rule by which nudges speak: of several kinds the one with the largest deficit, one at a time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from threedates.core.look_alikes import open_look_alikes
from threedates.core.rules.ideas import suggestion
from threedates.core.spoken import spoken, spoken_span
from threedates.core.stages import CHECK_IN, standing
from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.core.walltime import local
from threedates.gateway.page.lanes import Lane, lanes_of
from threedates.gateway.page.picture import Picture, picture_of
from threedates.gateway.when import field_value
from threedates.schemas.base import Kind

SOON = timedelta(hours=36)
What = Literal["resume", "was_it", "answer", "soon", "plan", "check_in", "nothing"]


@dataclass(frozen=True, slots=True)
class Worth:
    """The one thing worth doing now, with the lane it is about, if any; ``when`` is a calendar entry's time."""

    what: What
    lane: Lane | None = None
    when: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The page. ``paused`` says until when, where it is; ``noted`` when today's check-in was sent."""

    me: str
    other: str
    tz: str
    day: str
    lanes: tuple[Lane, ...]
    picture: Picture
    is_paused: bool
    paused: str
    worth: Worth
    question: str
    noted: str | None


def today_of(state: CoupleState, partner: int, now: datetime) -> Today:
    """The page of one partner (0 or 1) at an instant."""
    status = status_of(state, now, ahead=0)
    me = state.settings.partners[partner]
    end = status.paused_until
    lanes = lanes_of(state, status, partner)
    noted = _noted(state, me.name, me.tz, now)
    at = local(now, me.tz)
    return Today(
        me=me.name,
        other=state.other(me.name),
        tz=me.tz,
        day=f"{at:%A}, {at.day} {at:%B}",
        lanes=lanes,
        picture=picture_of(state, status),
        is_paused=status.paused,
        paused=f"until {spoken(end, me.tz, now)}" if end is not None else "until one of you goes on",
        worth=worth_doing(state, lanes, me.tz, now, has_noted=noted is not None),
        question=suggestion(state, CHECK_IN, me.name, now),
        noted=noted,
    )


def worth_doing(state: CoupleState, lanes: tuple[Lane, ...], tz: str, now: datetime, *, has_noted: bool) -> Worth:
    """What is asked for first."""
    if state.pause is not None:
        return Worth("resume")
    by_need = sorted(lanes, key=lambda lane: -standing(state, lane.kind, now).deficit)
    for lane in by_need:
        if asked := _was_it(state, lane, tz, now):
            return asked
    for lane in by_need:
        if lane.date is not None and lane.date.is_proposed:
            return Worth("answer", lane)
        if lane.date is None and lane.state in ("due", "overdue", "lapsed"):
            return Worth("plan", lane)
    for lane in by_need:
        if _starts_soon(state, lane.kind, now):
            return Worth("soon", lane)
    return Worth("nothing" if has_noted else "check_in")


def _was_it(state: CoupleState, lane: Lane, tz: str, now: datetime) -> Worth | None:
    """What looks like a date in a calendar and is over: it is asked about, never assumed."""
    for one in open_look_alikes(state, lane.kind):
        if one.end <= now:
            when = spoken_span(one.start, one.end, tz, now)
            home = state.settings.tz
            return Worth("was_it", lane, when, field_value(one.start, home), field_value(one.end, home))
    return None


def _starts_soon(state: CoupleState, kind: Kind, now: datetime) -> bool:
    date = state.open_date(kind)
    return date is not None and date.record.status == "scheduled" and date.record.start - now < SOON


def _noted(state: CoupleState, name: str, tz: str, now: datetime) -> str | None:
    """When that partner last checked in about this local day."""
    today = local(now, tz).date()
    found = [report.at for report in state.reports if report.partner == name and local(report.at, tz).date() == today]
    return f"{local(max(found), tz):%H:%M}" if found else None
