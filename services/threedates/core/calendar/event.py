"""One date as a VEVENT (RFC 5545 §3.6.1): the record and its stamp come in, the block's bytes go out.

Same record and stamp, same bytes: nothing here looks at a clock or draws an id. The feed's events carry neither
ORGANIZER nor ATTENDEE; :mod:`threedates.core.calendar.invite` adds those.
"""

from datetime import datetime

from icalendar import Event
from icalendar.prop import vText

from threedates.schemas.base import Kind, zone
from threedates.schemas.dates import DateRecord, DateStatus

PRODID = "-//threedates//threedates//EN"
SUMMARIES: dict[Kind, str] = {"fun": "Fun date", "business": "Business date", "emotional": "Emotional date"}
COLORS: dict[Kind, str] = {"fun": "darkorange", "business": "steelblue", "emotional": "mediumorchid"}
"""CSS3 colour names, as RFC 7986 §5.9 wants them."""
STATUSES: dict[DateStatus, str] = {
    "proposed": "TENTATIVE",
    "scheduled": "CONFIRMED",
    "held": "CONFIRMED",
    "skipped": "CANCELLED",
    "cancelled": "CANCELLED",
}
_KEPT_CONTROLS = "\t\n"


def vevent(date: DateRecord, stamp: datetime) -> bytes:
    """The VEVENT of a date, ending in CRLF. ``stamp`` (aware), when the date changed, is DTSTAMP and LAST-MODIFIED."""
    return bytes(event(date, stamp).to_ical())


def event(date: DateRecord, stamp: datetime) -> Event:
    """The same, before it is serialised."""
    made = Event()
    made.add("uid", clean(date.uid))
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("sequence", date.sequence)
    _add_time(made, "dtstart", date.start, tzid_of(date))
    _add_time(made, "dtend", date.end, tzid_of(date))
    made.add("summary", _summary(date))
    if idea := clean(date.idea):
        made.add("description", idea)
    made.add("status", STATUSES[date.status])
    made.add("categories", [date.kind])
    made.add("color", COLORS[date.kind])
    # A proposal takes up nobody's time yet, and what is off takes up none.
    made.add("transp", "OPAQUE" if STATUSES[date.status] == "CONFIRMED" else "TRANSPARENT")
    return made


def tzid_of(date: DateRecord) -> str | None:
    """The TZID a date's times are written with, or None where they are written in UTC.

    That is so in UTC itself and where the start or end falls into the hour that the clocks repeat: RFC 5545 §3.3.5
    reads such a time as the first of the two, ical.js and others as the second.
    """
    local = [instant.astimezone(zone(date.tz)) for instant in (date.start, date.end)]
    repeated = any(time.utcoffset() != time.replace(fold=1 - time.fold).utcoffset() for time in local)
    return None if repeated or date.tz in ("UTC", "Etc/UTC") else date.tz


def is_off(date: DateRecord) -> bool:
    """Whether calendars are to show the date as cancelled."""
    return STATUSES[date.status] == "CANCELLED"


def clean(text: str) -> str:
    """Text that a TEXT value may hold (RFC 5545 §3.3.11): line ends as LF, other control characters left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(c for c in text if c in _KEPT_CONTROLS or not (c < " " or c == "\x7f"))


def text_value(text: str) -> vText:
    """A TEXT value for properties that icalendar knows no type for and would write unescaped."""
    return vText(clean(text))


def _summary(date: DateRecord) -> str:
    # Google and others show TENTATIVE like any other event, so the title says it too.
    return f"{SUMMARIES[date.kind]} (proposed)" if date.status == "proposed" else SUMMARIES[date.kind]


def _add_time(made: Event, name: str, instant: datetime, tzid: str | None) -> None:
    if tzid is None:
        made.add(name, instant)
    else:
        # Naive, with the TZID spelled out: the name of the zone stays exactly the couple's.
        local = instant.astimezone(zone(tzid)).replace(tzinfo=None)
        made.add(name, local, parameters={"TZID": tzid})
