"""Are REQUEST, CANCEL and PUBLISH what RFC 5546 §3.2 asks for?"""

from datetime import timedelta
from typing import Any

import pytest

from tests.core.calendar.examples import ORGANIZER, PARTNERS, STAMP, START, date_record, read
from threedates.core.calendar.invite import invite
from threedates.core.calendar.tzif import ZoneRules
from threedates.core.calendar.vtimezone import vtimezone
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateStatus

BERLIN = vtimezone("Europe/Berlin", ZoneRules((), "CET-1CEST,M3.5.0,M10.5.0/3"))
NO_MAIL = tuple(partner.model_copy(update={"email": None}) for partner in PARTNERS)


def method_and_event(data: bytes) -> tuple[str, Any]:
    """The METHOD and the one event of an object."""
    calendar = read(data)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


@pytest.mark.parametrize("status", ["proposed", "scheduled", "held"])
def test_a_date_with_addresses_is_a_request(status: DateStatus) -> None:
    made = invite(date_record(status=status), STAMP, BERLIN, organizer=ORGANIZER, attendees=PARTNERS)
    method, event = method_and_event(made)
    assert method == "REQUEST"
    assert str(event["ORGANIZER"]) == "mailto:dates@example.org"
    assert [str(attendee) for attendee in event["ATTENDEE"]] == ["mailto:sam@example.org", "mailto:alex@example.org"]
    for attendee in event["ATTENDEE"]:
        assert attendee.params["PARTSTAT"] == "NEEDS-ACTION"
        assert attendee.params["RSVP"] == "TRUE"
        assert attendee.params["ROLE"] == "REQ-PARTICIPANT"
        assert attendee.params["CUTYPE"] == "INDIVIDUAL"


@pytest.mark.parametrize("status", ["cancelled", "skipped"])
def test_a_date_that_is_off_is_a_cancel(status: DateStatus) -> None:
    made = invite(date_record(status=status, sequence=2), STAMP, BERLIN, organizer=ORGANIZER, attendees=PARTNERS)
    method, event = method_and_event(made)
    assert (method, str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert len(event["ATTENDEE"]) == 2
    assert all("RSVP" not in attendee.params for attendee in event["ATTENDEE"])


@pytest.mark.parametrize(
    ("organizer", "attendees"), [(None, PARTNERS), ("", PARTNERS), (ORGANIZER, ()), (ORGANIZER, NO_MAIL)]
)
def test_without_addresses_it_is_published(organizer: str | None, attendees: tuple[Partner, ...]) -> None:
    """Nobody can answer, so nobody is asked."""
    method, event = method_and_event(invite(date_record(), STAMP, BERLIN, organizer=organizer, attendees=attendees))
    assert method == "PUBLISH"
    assert "ATTENDEE" not in event


def test_a_partner_without_an_address_is_left_out() -> None:
    _, event = method_and_event(
        invite(date_record(), STAMP, BERLIN, organizer=ORGANIZER, attendees=(PARTNERS[0], NO_MAIL[1]))
    )
    assert str(event["ATTENDEE"]) == "mailto:sam@example.org"


def test_a_moved_date_keeps_its_uid() -> None:
    """Same UID, higher SEQUENCE, newer DTSTAMP: then clients move the entry they have."""
    later = STAMP + timedelta(hours=1)
    _, first = method_and_event(invite(date_record(), STAMP, BERLIN, organizer=ORGANIZER, attendees=PARTNERS))
    moved = date_record(start=START + timedelta(days=1), end=START + timedelta(days=1, hours=3), sequence=1)
    _, second = method_and_event(invite(moved, later, BERLIN, organizer=ORGANIZER, attendees=PARTNERS))
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["DTSTAMP"].dt > first["DTSTAMP"].dt
    assert second["LAST-MODIFIED"].dt == second["DTSTAMP"].dt


def test_a_missing_zone_is_refused() -> None:
    """Outlook takes a TZID without its VTIMEZONE for its own zone."""
    with pytest.raises(ValueError, match="needs the VTIMEZONE of Europe/Berlin"):
        invite(date_record(), STAMP, None)
