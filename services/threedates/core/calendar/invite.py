"""One date as an object to send or download (RFC 5546): REQUEST, CANCEL, or PUBLISH where there is nobody to invite.

With an organizer's address and attendees the object is a REQUEST, and a CANCEL once the date is off; moving a date is
a REQUEST with a higher SEQUENCE. Otherwise it is a PUBLISH without ATTENDEE.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from icalendar import Calendar, Event, vCalAddress

from threedates.core.calendar.event import PRODID, clean, event, is_off, tzid_of
from threedates.core.mail.addresses import sender
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


def method_of(date: DateRecord, organizer: str | None, attendees: Sequence[Partner]) -> Method:
    """The METHOD of a date's object; partners without an e-mail address count as nobody."""
    if not organizer or not any(partner.email for partner in attendees):
        return "PUBLISH"
    return "CANCEL" if is_off(date) else "REQUEST"


def invite(
    date: DateRecord,
    stamp: datetime,
    timezone: bytes | None,
    *,
    organizer: str | None = None,
    attendees: Sequence[Partner] = (),
    uninvite: bool = False,
) -> bytes:
    """A whole iCalendar object for one date, CRLF throughout.

    ``stamp`` (aware) is DTSTAMP and LAST-MODIFIED. ``timezone`` is the VTIMEZONE of ``tzid_of(date)``, None where that
    is None. ``organizer`` is an address, ``Name <address>`` allowed. ``uninvite`` takes a date that stands from these
    attendees' calendars: a CANCEL without STATUS (§3.2.5). Raises ValueError where the VTIMEZONE is missing.
    """
    if (timezone is None) != (tzid_of(date) is None):
        raise ValueError(f"the date {date.uid} needs the VTIMEZONE of {tzid_of(date)}, and no other")
    method = "CANCEL" if uninvite else method_of(date, organizer, attendees)
    head = Calendar()
    head.add("version", "2.0")
    head.add("prodid", PRODID)
    head.add("calscale", "GREGORIAN")
    head.add("method", method)
    made = event(date, stamp)
    if uninvite:
        del made["status"]
    if organizer:
        made.add("organizer", _organizer(organizer))
    if method != "PUBLISH":
        for partner in attendees:
            _add_attendee(made, partner, method)
    begin, end, rest = bytes(head.to_ical()).partition(b"END:VCALENDAR")
    return begin + (timezone or b"") + bytes(made.to_ical()) + end + rest


def _organizer(text: str) -> vCalAddress:
    name, address = sender(text)
    made = vCalAddress(f"mailto:{address}")
    made.params["CN"] = _parameter(name)
    return made


def _add_attendee(made: Event, partner: Partner, method: Method) -> None:
    if partner.email is None:
        return
    attendee = vCalAddress(f"mailto:{clean(partner.email)}")
    attendee.params["CN"] = _parameter(partner.name)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    if method == "REQUEST":
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        attendee.params["RSVP"] = "TRUE"
    made.add("attendee", attendee)


def _parameter(text: str) -> str:
    # RFC 5545 §3.2 knows no quote inside a parameter, and RFC 6868's way round it is unknown to Outlook. A backslash is
    # lawful, but some readers, icalendar included, take what follows for escaped.
    return clean(text).translate({ord("\n"): " ", ord('"'): "'", ord("\\"): "/"})
