"""Admission of commands: each becomes one fact, where the couple's state takes it."""

from datetime import datetime, timedelta

from pydantic import ValidationError

from threedates.core.answers import takes
from threedates.core.merge import merge_settings
from threedates.core.refusal import Refused, check_near, check_span, invalid, partner_name
from threedates.core.state import OPEN, CoupleState, DateState
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.inbound import (
    AnotherIdea,
    AnswerDate,
    BookDate,
    Change,
    Command,
    Join,
    Leave,
    Pause,
    Resume,
    RotatePage,
    Snooze,
)
from threedates.schemas.log import (
    Answered,
    Booked,
    Changed,
    Fact,
    IdeaAsked,
    Joined,
    Left,
    PageRotated,
    Paused,
    Resumed,
    Snoozed,
)


def admit_command(  # noqa: C901  # one case per command
    couple_id: str, command: Command, state: CoupleState | None, now: datetime
) -> Fact:
    """The fact that a command amounts to. Raises Refused."""
    if isinstance(command, Join):
        return _join(couple_id, command, state)
    if state is None or (state.left and command.id not in state.seen):
        raise Refused("unknown_couple", f"there is no couple with the id {couple_id}")
    match command:
        case Change():
            return _change(command, state)
        case AnswerDate():
            return _answer(command, state, now)
        case BookDate():
            return _book(command, state, now)
        case Snooze():
            by = partner_name(state, command.by, "by")
            _check_until(command.until, command.at, now)
            return Snoozed(id=command.id, at=command.at, by=by, kind=command.kind, until=command.until)
        case Pause():
            by = partner_name(state, command.by, "by")
            if command.until is not None:
                _check_until(command.until, command.at, now)
            return Paused(id=command.id, at=command.at, by=by, until=command.until)
        case Resume():
            return Resumed(id=command.id, at=command.at, by=partner_name(state, command.by, "by"))
        case AnotherIdea():
            return _another_idea(command, state)
        case RotatePage():
            return PageRotated(id=command.id, at=command.at, by=partner_name(state, command.by, "by"))
        case Leave():
            return Left(id=command.id, at=command.at)


def _join(couple_id: str, command: Join, state: CoupleState | None) -> Joined:
    _check_clocks(command.settings)
    if state is not None and command.id not in state.seen:
        raise Refused("already_joined", f"somebody has joined under the id {couple_id} already")
    return Joined(id=command.id, at=command.at, settings=command.settings, key_id=command.key_id)


def _change(command: Change, state: CoupleState) -> Changed:
    try:
        settings = merge_settings(state.settings, command.patch)
    except ValidationError as error:
        raise invalid(error, command.patch) from error
    _check_clocks(settings)
    return Changed(id=command.id, at=command.at, patch=command.patch)


def _check_clocks(settings: CoupleSettings) -> None:
    """Wall-clock times carry no zone of their own: the couple's or the partner's applies."""
    clocks = {"planning_hour": settings.planning_hour}
    for n, partner in enumerate(settings.partners):
        if partner.quiet is not None:
            clocks[f"partners.{n}.quiet.from"] = partner.quiet.from_
            clocks[f"partners.{n}.quiet.to"] = partner.quiet.to
    for field, clock in clocks.items():
        if clock.tzinfo is not None:
            raise Refused("invalid", f"{field} must be a plain time such as 22:00, without a zone", field)


def _answer(command: AnswerDate, state: CoupleState, now: datetime) -> Answered:
    by = partner_name(state, command.by, "by")
    fact = Answered(id=command.id, at=command.at, by=by, uid=command.uid, answer=command.answer)
    if command.start is not None:
        fact = fact.model_copy(update={"start": command.start, "end": command.end})
    if command.id in state.seen:
        return fact  # it comes again, and finds the date as it left it
    date = _date(state, command.uid)
    if not takes(date.record.status, command.answer):
        raise Refused("date_closed", f"the date is {date.record.status} and takes no {command.answer!r}", "answer")
    if command.start is not None:
        length = date.record.end - date.record.start
        check_span(command.start, command.end or command.start + length, now)
    return fact


def _another_idea(command: AnotherIdea, state: CoupleState) -> IdeaAsked:
    by = partner_name(state, command.by, "by")
    status = _date(state, command.uid).record.status
    if status not in OPEN and command.id not in state.seen:
        raise Refused("date_closed", f"the date is {status} and takes no other idea", "uid")
    return IdeaAsked(id=command.id, at=command.at, by=by, uid=command.uid)


def _date(state: CoupleState, uid: str) -> DateState:
    date = state.dates.get(uid)
    if date is None:
        raise Refused("unknown_date", "the couple has no date with that uid", "uid")
    return date


def _book(command: BookDate, state: CoupleState, now: datetime) -> Booked:
    by = partner_name(state, command.by, "by")
    check_span(command.start, command.end, now)
    if command.status == "held" and command.start > now + timedelta(minutes=5):
        raise Refused("in_the_future", "a date that is still to come cannot have been held", "start")
    return Booked(
        id=command.id,
        at=command.at,
        by=by,
        kind=command.kind,
        start=command.start,
        end=command.end,
        status=command.status,
    )


def _check_until(until: datetime, at: datetime, now: datetime) -> None:
    if until <= at:
        raise Refused("ends_before_start", "until must lie after at", "until")
    check_near(until, now, "until")
