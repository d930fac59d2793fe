"""A couple for tests of single rules: sam and alex in Berlin, who joined on Friday, 20 November 2026, at 18:00."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from threedates.core.decide import decide
from threedates.core.evolve import evolve
from threedates.core.fold import apply_event, fold
from threedates.core.records import NudgeMark
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Answer, Answered, Booked, CalendarSeen, CheckedIn, Joined, LogEvent

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(text: str, tz: str = "Europe/Berlin") -> datetime:
    """The UTC instant of a local time such as ``2026-11-20 18:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


JOINED = at("2026-11-20 18:00")


def couple(**settings: Any) -> CoupleState:
    """A couple that has just joined, with settings beside the defaults."""
    given = {"tz": "Europe/Berlin", "partners": [{"name": "sam"}, {"name": "alex"}], **settings}
    event = Joined(id="joined", at=JOINED, key_id="k", settings=CoupleSettings.model_validate(given))
    state = fold("c1", [(1, event)])
    assert state is not None
    return state


def after(state: CoupleState, *events: LogEvent) -> CoupleState:
    """The state after some more events."""
    for event in events:
        state = apply_event(state, state.seq + 1, event)
    return state


def looked(state: CoupleState, now: datetime) -> CoupleState:
    """The state after a look."""
    return after(state, decide(state, now))


def report(when: datetime, by: str = "sam", **fields: Any) -> CheckedIn:
    """A check-in; its id is made of who reported when."""
    return CheckedIn(id=f"{by}-{when:%m%d%H%M%S}", at=when, partner=by, **fields)


def held(kind: Kind, end: datetime, told: datetime | None = None) -> Booked:
    """A date that was held and ended then, told at once or later."""
    when = told or end
    start = end - HOUR
    return Booked(id=f"held-{kind}-{end:%m%d%H%M}", at=when, by="sam", kind=kind, start=start, end=end, status="held")


def booked(kind: Kind, start: datetime, when: datetime = JOINED) -> Booked:
    """A date arranged for an hour."""
    return Booked(
        id=f"booked-{kind}-{start:%m%d%H%M}",
        at=when,
        by="sam",
        kind=kind,
        start=start,
        end=start + HOUR,
        status="scheduled",
    )


def answer(state: CoupleState, kind: Kind, said: Answer, when: datetime, by: str = "sam") -> Answered:
    """An answer about the kind's open date."""
    date = state.open_date(kind)
    assert date is not None
    return Answered(id=f"{by}-{said}-{kind}-{when:%m%d%H%M%S}", at=when, by=by, uid=date.record.uid, answer=said)


def seen(start: datetime, when: datetime = JOINED, **fields: Any) -> CalendarSeen:
    """An event in a calendar, two hours long unless said otherwise."""
    values = {"uid": "abc", "sequence": 0, "status": "confirmed", "end": start + 2 * HOUR, **fields}
    event_id = f"seen-{values['uid']}-{values['sequence']}-{values['status']}"
    return CalendarSeen(id=event_id, at=when, source="s", start=start, tz="Europe/Berlin", **values)


def nudged(state: CoupleState, when: datetime, to: str = "sam", kind: Kind | None = "fun") -> CoupleState:
    """The state with one more nudge on record, in the kind's present cycle."""
    cycle = state.kinds[kind].cycle if kind is not None else when.toordinal()
    mark = NudgeMark(f"n{len(state.nudges)}", kind, cycle, "due", to, when)
    return evolve(state, nudges=(*state.nudges, mark))
