"""Answers to invites by mail: METHOD:REPLY and METHOD:COUNTER (RFC 5546 §3.2.3 and §3.2.7) in, answered facts out.

An answer names one ATTENDEE, who is a partner by the address. Whether it comes too late is the fold's to say, which
knows the order that replies were made in; here only what can be no answer to the couple's invites is refused.
"""

from datetime import datetime
from typing import Any, Literal

from threedates.core.ics_occurrences import listed
from threedates.core.ics_zone import Zones
from threedates.core.refusal import Refused, check_at, check_span
from threedates.core.state import CoupleState
from threedates.schemas.couple import Partner
from threedates.schemas.log import Answered, AnyAnswer, Fact

AnswerMethod = Literal["REPLY", "COUNTER"]
MAX_SEQUENCE = 2**31 - 1
"""The largest INTEGER of RFC 5545 §3.3.8, which SEQUENCE is."""
_ANSWERS: dict[str, AnyAnswer] = {"ACCEPTED": "accept", "DECLINED": "decline", "TENTATIVE": "tentative"}
_READ = frozenset(("UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "RECURRENCE-ID"))
_TIMES = frozenset(("DTSTART", "DTEND", "DURATION"))


class Replies:
    """Reads the answers in one iCalendar object. ``sender`` is whom the mail with it is from, None where none is known.

    With a sender only that partner's own answer is believed, or one that names the sender as its SENT-BY where the
    sender is the other partner.
    """

    def __init__(self, state: CoupleState, zones: Zones, now: datetime, sender: str | None) -> None:
        self._state = state
        self._zones = zones
        self._now = now
        self._sender = sender.lower() if sender is not None else None

    def facts(self, reply_id: str, method: AnswerMethod, events: list[Any]) -> list[Fact]:
        """The answers, with the ids ``<id>:<n>``. A missing ORGANIZER is accepted. Raises Refused."""
        if not events:
            raise Refused("malformed", "a reply needs a VEVENT", "ics")
        return [self._answer(f"{reply_id}:{n}", method, event) for n, event in enumerate(events)]

    def _answer(self, fact_id: str, method: AnswerMethod, event: Any) -> Answered:
        for name, _ in event.errors:
            if name in _READ or (name in _TIMES and method == "COUNTER"):
                raise Refused("malformed", f"the reply's {name} cannot be read", "ics")
        attendee = self._attendee(method, listed(event.get("ATTENDEE", [])))
        fact = Answered(
            id=fact_id,
            at=self._now,
            by=self._partner(attendee).name,
            uid=self._uid(event),
            answer="move" if method == "COUNTER" else _answer_of(attendee),
            sequence=min(max(int(event.get("SEQUENCE", 0)), 0), MAX_SEQUENCE),
            dtstamp=self._dtstamp(event),
        )
        return self._with_time(fact, event) if method == "COUNTER" else fact

    def _attendee(self, method: AnswerMethod, attendees: list[Any]) -> Any:
        """The one who answers; a counter-proposal may name the others too, and is then its sender's."""
        if method == "COUNTER" and len(attendees) > 1:
            attendees = [attendee for attendee in attendees if _address(str(attendee)) == self._sender]
        if len(attendees) != 1:
            raise Refused("malformed", "a reply names exactly one ATTENDEE, whose answer it is", "ics")
        return attendees[0]

    def _uid(self, event: Any) -> str:
        uid = str(event.get("UID", ""))
        if uid not in self._state.dates:
            raise Refused("unknown_date", "the couple has no date with the UID replied to", "ics")
        if "RECURRENCE-ID" in event:
            raise Refused(
                "unknown_date", "a date does not recur: there is no occurrence with that RECURRENCE-ID", "ics"
            )
        return uid

    def _dtstamp(self, event: Any) -> datetime | None:
        if "DTSTAMP" not in event:
            return None
        dtstamp = self._zones.instant(event["DTSTAMP"].dt)
        check_at(dtstamp, self._now, "DTSTAMP")
        return dtstamp

    def _with_time(self, fact: Answered, event: Any) -> Answered:
        """The answer with the time a counter-proposal names; without an end the date keeps its length."""
        if "DTSTART" not in event or not isinstance(event["DTSTART"].dt, datetime):
            raise Refused("invalid", "a counter-proposal needs a DTSTART with a time of day", "ics")
        record = self._state.dates[fact.uid].record
        start = self._zones.instant(event["DTSTART"].dt)
        end = start + (record.end - record.start)
        if "DTEND" in event:
            end = self._zones.instant(event["DTEND"].dt)
        elif "DURATION" in event:
            end = start + event["DURATION"].dt
        check_span(start, end, self._now)
        if start <= self._now:
            raise Refused("out_of_range", "the time proposed has gone by", "ics")
        return fact.model_copy(update={"start": start, "end": end})

    def _partner(self, attendee: Any) -> Partner:
        """The partner whose address it is, letter case aside."""
        partner = self._with_address(_address(str(attendee)))
        if partner is None:
            raise Refused("unknown_partner", "the ATTENDEE is neither partner's e-mail address", "ics")
        own = (partner.email or "").lower()
        if self._sender in (None, own):
            return partner
        if self._sender == _address(str(attendee.params.get("SENT-BY", ""))) and self._with_address(self._sender or ""):
            return partner
        raise Refused("wrong_sender", "the mail is From somebody else than the ATTENDEE whose answer it carries", "ics")

    def _with_address(self, address: str) -> Partner | None:
        partners = self._state.settings.partners
        return next((partner for partner in partners if (partner.email or "").lower() == address != ""), None)


def _address(value: str) -> str:
    return value.strip().lower().removeprefix("mailto:")


def _answer_of(attendee: Any) -> AnyAnswer:
    answer = _ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    if answer is None:
        raise Refused("invalid", "only a PARTSTAT of ACCEPTED, DECLINED or TENTATIVE is an answer to a date", "ics")
    return answer
