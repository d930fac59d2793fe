"""Answers to invites by mail: the METHOD:REPLY object (RFC 5546 §3.2.3) in, answered facts out."""

from datetime import datetime
from typing import Any

from threedates.core.refusal import Refused
from threedates.core.state import CoupleState
from threedates.schemas.log import Answer, Answered, Fact

_ANSWERS: dict[str, Answer] = {"ACCEPTED": "accept", "DECLINED": "decline"}


def read_reply(reply_id: str, events: list[Any], state: CoupleState, now: datetime) -> list[Fact]:
    """The answers in a reply, with the ids ``<id>:<n>``. A missing ORGANIZER is accepted. Raises Refused."""
    if not events:
        raise Refused("malformed", "a reply needs a VEVENT", "ics")
    return [_answer(f"{reply_id}:{n}", event, state, now) for n, event in enumerate(events)]


def _answer(fact_id: str, event: Any, state: CoupleState, now: datetime) -> Answered:
    attendees = event.get("ATTENDEE")
    if attendees is None or isinstance(attendees, list):
        raise Refused("malformed", "a reply names exactly one ATTENDEE", "ics")
    date = state.dates.get(str(event.get("UID", "")))
    if date is None:
        raise Refused("unknown_date", "the couple has no date with the UID replied to", "ics")
    if int(event.get("SEQUENCE", 0)) < date.record.sequence and fact_id not in state.seen:
        raise Refused("date_closed", "the reply answers the date as it was before it changed", "ics")
    answer = _ANSWERS.get(str(attendees.params.get("PARTSTAT", "")).upper())
    if answer is None:
        raise Refused("invalid", "only a PARTSTAT of ACCEPTED or DECLINED is an answer", "ics")
    return Answered(id=fact_id, at=now, by=_partner(str(attendees), state), uid=date.record.uid, answer=answer)


def _partner(address: str, state: CoupleState) -> str:
    """The partner whose address it is, letter case aside."""
    mail = address.strip().lower().removeprefix("mailto:")
    for partner in state.settings.partners:
        if partner.email is not None and partner.email.lower() == mail:
            return partner.name
    raise Refused("unknown_partner", "the ATTENDEE is neither partner's e-mail address", "ics")
