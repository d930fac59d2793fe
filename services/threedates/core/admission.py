"""Admission: whether what a producer sent becomes facts, and which; pure, for the intake and the gateway alike.

In: the sort of input, the couple's id, the raw bytes, the couple's state (None where nobody has joined) and the
instant. Out: the facts to append, or a :class:`Refusal` with one of these codes, which never change their meaning:

=================  ================================================================================================
too_large          the body is over 64 KiB, or raw iCalendar over 256 KiB
malformed          not JSON, not a JSON object, or iCalendar that cannot be read
invalid            a field is missing or wrong; ``field`` names it by its JSON path, such as ``partners.0.tz``
unknown_couple     nobody has joined under that id, or they left
unknown_partner    the name is neither partner's
too_old            ``at`` lies more than 90 days back: ids are not remembered for longer
in_the_future      ``at`` lies more than a day ahead, or a date still to come is reported as held
unknown_date       the couple has no date with that UID
date_closed        the date's status does not take that answer
ends_before_start  an end, or an ``until``, that does not lie after its start
out_of_range       a time more than two years away, or a date over 14 days long
already_joined     another couple joined under that id
no_answer          a mail without an answer to an invite
wrong_sender       a mail with an answer that is not its sender's own
=================  ================================================================================================
"""

import json
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from threedates.core.admission_calendar import admit_calendar
from threedates.core.admission_commands import admit_command
from threedates.core.refusal import Refusal, Refused, check_at, invalid, partner_name
from threedates.core.state import CoupleState
from threedates.schemas.base import Model
from threedates.schemas.inbound import COMMAND, CalendarEvent, CalendarIcs, CheckIn, Command, What, unwrap
from threedates.schemas.log import CheckedIn, Fact

MAX_BODY = 64 * 1024
MAX_ICS = 256 * 1024
# JSON writes a line break of iCalendar as four characters where it has two.
MAX_ICS_BODY = 2 * MAX_ICS
_Input = TypeVar("_Input", bound=Model)

__all__ = ["Refusal", "admit"]


def admit(what: What, couple_id: str, body: bytes, state: CoupleState | None, now: datetime) -> list[Fact] | Refusal:
    """The facts that the input amounts to, or why it is refused. Never raises."""
    try:
        match what:
            case "checkin":
                return [_check_in(couple_id, body, state, now)]
            case "calendar":
                event = _calendar(body)
                return admit_calendar(event, _known(couple_id, state), now)
            case "command":
                return [_command(couple_id, body, state, now)]
    except Refused as refused:
        return refused.refusal


def _known(couple_id: str, state: CoupleState | None) -> CoupleState:
    if state is None or state.left:
        raise Refused("unknown_couple", f"there is no couple with the id {couple_id}")
    return state


def _check_in(couple_id: str, body: bytes, state: CoupleState | None, now: datetime) -> CheckedIn:
    _fits(body, MAX_BODY)
    report = _plain_check_in(body) or _parsed(CheckIn, _data(body))
    known = _known(couple_id, state)
    check_at(report.at, now)
    values = {**dict(report), "partner": partner_name(known, report.partner, "partner")}
    # Validated a moment ago, field by field, in the very same types.
    return CheckedIn.model_construct(**values)


def _plain_check_in(body: bytes) -> CheckIn | None:
    """Nearly every check-in: plain JSON and right. One parse; whatever else it is, is looked at again closely."""
    if b"specversion" in body:
        return None
    try:
        return CheckIn.model_validate_json(body)
    except ValidationError:
        return None


def _calendar(body: bytes) -> CalendarEvent | CalendarIcs:
    _fits(body, MAX_ICS_BODY)
    data = _data(body)
    if "ics" not in data:
        _fits(body, MAX_BODY)
        return _parsed(CalendarEvent, data)
    if isinstance(data["ics"], str) and len(data["ics"].encode(errors="replace")) > MAX_ICS:
        raise Refused("too_large", f"raw iCalendar may have {MAX_ICS // 1024} KiB", "ics")
    return _parsed(CalendarIcs, data)


def _command(couple_id: str, body: bytes, state: CoupleState | None, now: datetime) -> Fact:
    _fits(body, MAX_BODY)
    data = _data(body)
    try:
        command: Command = COMMAND.validate_json(_text(data))
    except ValidationError as error:
        raise _of_command(error, data) from error
    check_at(command.at, now)
    return admit_command(couple_id, command, state, now)


def _of_command(error: ValidationError, data: dict[str, Any]) -> Refused:
    """The refusal of a command that does not fit; a path in a couple's settings begins there."""
    tag = data.get("type")
    if error.errors()[0]["type"].startswith("union_tag"):
        return Refused("invalid", "type must name one of the commands", "type")
    if tag == "join" and isinstance(data.get("settings"), dict):
        inside = any(found["loc"][:2] == ("join", "settings") for found in error.errors())
        return invalid(error, data["settings"], ("join", "settings")) if inside else invalid(error, data, ("join",))
    return invalid(error, data, (str(tag),))


def _fits(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise Refused("too_large", f"the body has {len(body)} bytes; {limit} are allowed")


def _data(body: bytes) -> dict[str, Any]:
    try:
        return unwrap(body)
    except ValueError as error:
        raise Refused("malformed", str(error)) from error


def _text(data: dict[str, Any]) -> str:
    # Models read text, not objects: only so are dates told from times, and broken Unicode is noticed.
    try:
        return json.dumps(data, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", "the body holds numbers or a nesting that JSON does not have") from error


def _parsed(model: type[_Input], data: dict[str, Any]) -> _Input:
    try:
        return model.model_validate_json(_text(data))
    except ValidationError as error:
        raise invalid(error, data) from error
