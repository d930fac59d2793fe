"""Is an answer to an invite read as the partner meant it, and is what nobody should believe refused with a reason?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.core.admission_kit import DATE_UID, NOW, couple, refused, sent
from threedates.core.fold import apply_event
from threedates.core.state import CoupleState
from threedates.schemas.log import Answered, Changed

SAM, ALEX = "sam@example.org", "alex@example.org"
COUNTERED = ("DTSTART;TZID=Europe/Berlin:20261125T200000", "DTEND;TZID=Europe/Berlin:20261125T223000")


def both() -> CoupleState:
    """The couple, with an address for Alex too."""
    partners = [{"name": "Sam", "email": "Sam@example.org"}, {"name": "Alex", "email": ALEX}]
    return apply_event(couple(), 3, Changed(id="x", at=NOW, patch={"partners": partners}))


def mailed(*lines: str, method: str = "REPLY", mail: str = SAM, who: str = "PARTSTAT=ACCEPTED", **more: Any) -> Any:
    """A reply as it is sent, with further lines or in place of them."""
    head = ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", f"ATTENDEE;{who}:mailto:{mail}")
    own = () if any(line.startswith("UID") for line in lines) else (f"UID:{DATE_UID}",)
    text = "\r\n".join((*head, *own, *lines, "END:VEVENT", "END:VCALENDAR", ""))
    return {"id": "i1", "source": "mail", "ics": text, **more}


def answered(body: Any) -> Answered:
    """The one answer that it is."""
    facts = sent("calendar", body, state=both())
    assert isinstance(facts, list), facts
    (fact,) = facts
    assert isinstance(fact, Answered)
    return fact


@pytest.mark.parametrize(
    ("partstat", "answer"), [("ACCEPTED", "accept"), ("DECLINED", "decline"), ("TENTATIVE", "tentative")]
)
def test_a_reply_is_an_answer_with_the_order_it_was_made_in(partstat: str, answer: str) -> None:
    """Without an ORGANIZER too, as outlook.com sends it; the address in any letter case."""
    lines = ("SEQUENCE:2", "DTSTAMP:20261120T200000Z")
    fact = answered(mailed(*lines, who=f"PARTSTAT={partstat}", mail="SAM@EXAMPLE.ORG"))
    assert (fact.id, fact.by, fact.uid, fact.answer, fact.sequence) == ("i1:0", "Sam", DATE_UID, answer, 2)
    assert fact.dtstamp == datetime(2026, 11, 20, 20, tzinfo=UTC)


def test_a_counter_proposal_is_a_move_to_the_time_it_names() -> None:
    """As Google and Outlook send it when somebody proposes another time, whatever PARTSTAT they give."""
    fact = answered(mailed(*COUNTERED, method="COUNTER", who="PARTSTAT=TENTATIVE"))
    assert (fact.answer, fact.start, fact.end) == (
        "move", datetime(2026, 11, 25, 19, tzinfo=UTC), datetime(2026, 11, 25, 21, 30, tzinfo=UTC),
    )  # fmt: skip
    without_end = answered(mailed(COUNTERED[0], method="COUNTER"))
    assert without_end.start is not None
    assert without_end.end == without_end.start + timedelta(hours=3)


@pytest.mark.parametrize(
    "body",
    [
        mailed(sender="SAM@example.org"),
        mailed(sender=ALEX, who=f'PARTSTAT=ACCEPTED;SENT-BY="mailto:{ALEX}"'),
        mailed(*COUNTERED, f"ATTENDEE:mailto:{ALEX}", method="COUNTER", sender=SAM),
    ],
)
def test_a_mail_is_believed_where_it_is_from_whose_answer_it_is(body: Any) -> None:
    """Or from the other partner, who says so: the two share a calendar."""
    assert answered(body).by == "Sam"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (mailed("UID:x"), "unknown_date"),
        (mailed("RECURRENCE-ID:20261127T190000Z"), "unknown_date"),
        (mailed(mail="kim@example.org"), "unknown_partner"),
        (mailed(mail=""), "unknown_partner"),
        (mailed(who="PARTSTAT=DELEGATED"), "invalid"),
        (mailed(who="PARTSTAT=NEEDS-ACTION"), "invalid"),
        (mailed(f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ALEX}"), "malformed"),
        (mailed("DTSTAMP:yesterday"), "malformed"),
        (mailed("DTSTAMP:20261225T200000Z"), "in_the_future"),
        (mailed("DTSTAMP:20260101T200000Z"), "too_old"),
        (mailed(method="COUNTER"), "invalid"),
        (mailed("DTSTART;VALUE=DATE:20261125", method="COUNTER"), "invalid"),
        (mailed("DTSTART:20261119T200000Z", method="COUNTER"), "out_of_range"),
        (mailed("DTSTART:20391119T200000Z", method="COUNTER"), "out_of_range"),
        (mailed(COUNTERED[0], "DTEND:20261119T200000Z", method="COUNTER"), "ends_before_start"),
        (mailed(COUNTERED[0], "DTEND:soon", method="COUNTER"), "malformed"),
        (mailed(*COUNTERED, f"ATTENDEE:mailto:{ALEX}", method="COUNTER"), "malformed"),
        (mailed(method="DECLINECOUNTER"), "invalid"),
        (mailed(method="REFRESH"), "invalid"),
        (mailed(method="REQUEST", sender=SAM), "no_answer"),
        (mailed(sender=ALEX), "wrong_sender"),
        (mailed(sender="evil@example.net", who='PARTSTAT=DECLINED;SENT-BY="mailto:evil@example.net"'), "wrong_sender"),
        ({"id": "i", "source": "m", "ics": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"}, "malformed"),
    ],
)
def test_what_is_no_answer_of_a_partners_says_why(body: Any, code: str) -> None:
    """Every refusal has a reason that a program can tell; an address is in none of them."""
    refusal = refused("calendar", body, state=both())
    assert refusal.code == code
    assert "@" not in refusal.detail
