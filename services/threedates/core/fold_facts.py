"""What each fact does to a couple's state. Facts take effect at once; decisions later announce what they changed."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import timedelta
from operator import attrgetter, itemgetter
from typing import Any

from pydantic import ValidationError

from threedates.core.answers import takes
from threedates.core.change import (
    answered,
    changed,
    drop_proposals,
    held,
    in_order,
    new_date,
    next_cycle,
    not_held,
    not_then,
    resumed,
    with_date,
    with_kind,
    with_record,
)
from threedates.core.due import worth_keeping
from threedates.core.evolve import evolve
from threedates.core.fold_calendar import calendar_seen
from threedates.core.fold_replies import heard, replied
from threedates.core.merge import merge_settings
from threedates.core.records import Pause, Report, Sign
from threedates.core.signs import signs_in
from threedates.core.state import OPEN, CoupleState, DateState, KindState
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateChange
from threedates.schemas.log import (
    Answered,
    Booked,
    CalendarSeen,
    Changed,
    CheckedIn,
    Fact,
    IdeaAsked,
    Joined,
    Left,
    NudgeDropped,
    PageRotated,
    Paused,
    Resumed,
    Snoozed,
)

REPORTS_KEPT = timedelta(days=35)
REPORTS_AT_MOST = 150
SIGNS_KEPT = 40
PASSED_KEPT = 60
_TELLS = itemgetter(*Report._fields)
_BY_TIME, _BY_REPORT, _BY_SIGN = attrgetter("at"), attrgetter("at", "id"), attrgetter("at", "event", "rule")


def apply_fact(state: CoupleState, fact: Fact) -> CoupleState:
    """Apply one fact, seen for the first time."""
    return _EFFECTS[type(fact)](state, fact)


def _settings_changed(state: CoupleState, fact: Changed) -> CoupleState:
    try:
        return evolve(state, settings=merge_settings(state.settings, fact.patch))
    except ValidationError:
        return state  # refused at the door; only a later version's stricter rules get here


def _reported(state: CoupleState, fact: CheckedIn) -> CoupleState:
    """A check-in: kept for the window the rules need, its signs with the kinds they ask for."""
    report = Report._make(_TELLS(fact.__dict__))
    kinds = state.kinds
    for kind, sign in signs_in(report, state.reports):
        kinds = kinds | {kind: _with_sign(kinds[kind], sign)}
    reports = in_order(state.reports, report, by=_BY_REPORT)
    first = bisect_left(reports, reports[-1].at - REPORTS_KEPT, key=_BY_TIME)
    return evolve(state, kinds=kinds, reports=reports[first:][-REPORTS_AT_MOST:])


def _with_sign(this: KindState, sign: Sign) -> KindState:
    """The kind with a sign more, in its place, and no more than are kept."""
    return evolve(this, signs=worth_keeping(in_order(this.signs, sign, by=_BY_SIGN), this.due_from, SIGNS_KEPT))


def _answered(state: CoupleState, fact: Answered) -> CoupleState:
    if fact.sequence is not None:
        return replied(state, fact)
    date = state.dates.get(fact.uid)
    if date is None or not takes(date.record.status, fact.answer):
        return state
    kind = date.record.kind
    state = answered(state, kind, fact.at)
    match fact.answer:
        case "accept":
            return with_date(state, heard(changed(date, "scheduled", fact.id, status="scheduled"), fact))
        case "decline":
            return _declined(state, date, fact)
        case "tentative":
            return state  # neither yes nor no
        case "held":
            return _reported_held(state, date, fact)
        case "skip":
            return _skipped(state, date, fact)
        case "cancel":
            state = not_then(state, date.record, fact.at)
            return with_date(state, changed(date, "cancelled", fact.id, status="cancelled"))
        case "move":
            return _moved(state, date, fact)


def _declined(state: CoupleState, date: DateState, fact: Answered) -> CoupleState:
    if state.pause is not None:  # nothing is proposed during a pause, so there is no next-best time
        return with_date(state, changed(date, "cancelled", fact.id, status="cancelled"))
    state = not_then(state, date.record, fact.at)
    # The record stays as it is until a decision finds the next-best slot and raises SEQUENCE with it.
    change: DateChange = "moved" if date.record.status == "scheduled" else "proposed"
    record = date.record.model_copy(update={"status": "proposed"})
    date = with_record(date, record, change=change, cause=fact.id, wants_slot=True)
    return with_date(state, heard(date, fact))


def _reported_held(state: CoupleState, date: DateState, fact: Answered) -> CoupleState:
    record = date.record
    length = record.end - record.start
    # "We did it" about a time still to come means: we did it already.
    end = min(record.end, fact.at)
    start = record.start if record.start < end else end - length
    date = changed(date, "held", fact.id, status="held", start=start, end=end)
    state = with_date(state, date)
    return drop_proposals(held(state, date.record, fact.id), record.kind, fact.id)


def _skipped(state: CoupleState, date: DateState, fact: Answered) -> CoupleState:
    was_held, kind = date.record.status == "held", date.record.kind
    state = with_date(state, changed(date, "skipped", fact.id, status="skipped"))
    if was_held or date.record.end <= fact.at:
        return not_held(state, date.record, fact.id)
    # Said long ago and sent only now, it makes nothing due sooner than it was.
    return next_cycle(state, kind, due_from=max(fact.at, state.kinds[kind].due_from))


def _moved(state: CoupleState, date: DateState, fact: Answered) -> CoupleState:
    if fact.start is None:
        return state
    end = fact.end or fact.start + (date.record.end - date.record.start)
    # Whoever names another time has accepted it.
    change: DateChange = "moved" if date.record.status == "scheduled" else "scheduled"
    return with_date(state, changed(date, change, fact.id, status="scheduled", start=fact.start, end=end))


def _booked(state: CoupleState, fact: Booked) -> CoupleState:
    state = answered(state, fact.kind, fact.at)
    state, date = new_date(state, fact.kind, fact.start, fact.end, "booked", fact.id)
    if fact.status == "held":
        record = date.record.model_copy(update={"status": "held"})
        date = evolve(date, record=record, change="held")
        state = held(state, record, fact.id)
    return drop_proposals(with_date(state, date), fact.kind, fact.id, but=date.record.uid)


def _snoozed(state: CoupleState, fact: Snoozed) -> CoupleState:
    for kind in KINDS if fact.kind == "all" else (fact.kind,):
        state = answered(with_kind(state, kind, snoozed_until=fact.until), kind, fact.at)
    return state


def _idea_asked(state: CoupleState, fact: IdeaAsked) -> CoupleState:
    """A decision picks the idea, so that the log and not the catalogue says later which one it was."""
    date = state.dates.get(fact.uid)
    if date is None or date.record.status not in OPEN:
        return state
    passed = (*date.passed, date.record.idea_id) if date.record.idea_id else date.passed
    return with_date(state, evolve(date, wants_idea=fact.id, passed=passed[-PASSED_KEPT:]))


def _page_rotated(state: CoupleState, fact: PageRotated) -> CoupleState:
    first, second = state.pages
    pages = {state.settings.names[0]: (first + 1, second), state.settings.names[1]: (first, second + 1)}
    return evolve(state, pages=pages.get(fact.by, state.pages))


def _nudge_dropped(state: CoupleState, fact: NudgeDropped) -> CoupleState:
    return evolve(state, nudges=tuple(mark for mark in state.nudges if mark.nudge_id != fact.nudge_id))


def _paused(state: CoupleState, fact: Paused) -> CoupleState:
    if fact.until is not None and fact.until <= fact.at:
        return state
    since = state.pause.since if state.pause else fact.at
    state = evolve(state, pause=Pause(since, fact.until), holds=())
    for kind in KINDS:
        state = drop_proposals(state, kind, fact.id)
    return state


# By the very type: asking a model of pydantic's whether it is an instance of another is a call of Python's own.
_EFFECTS: dict[type[Fact], Callable[[CoupleState, Any], CoupleState]] = {
    Joined: lambda state, _: state,  # the first one made the couple
    Changed: _settings_changed,
    CheckedIn: _reported,
    CalendarSeen: calendar_seen,
    Answered: _answered,
    Booked: _booked,
    Snoozed: _snoozed,
    Paused: _paused,
    Resumed: lambda state, fact: resumed(state, fact.at),
    IdeaAsked: _idea_asked,
    PageRotated: _page_rotated,
    NudgeDropped: _nudge_dropped,
    Left: lambda state, _: evolve(state, left=True),
}
