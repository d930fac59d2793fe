"""Does any text whatever come back from the lines as it went in, and are the lines well-formed?"""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.calendar.examples import ORGANIZER, STAMP, date_record, read
from threedates.core.calendar.event import clean, vevent
from threedates.core.calendar.feed import feed
from threedates.core.calendar.invite import invite
from threedates.core.calendar.tzif import ZoneRules
from threedates.core.calendar.vtimezone import vtimezone
from threedates.schemas.couple import Partner

BERLIN = vtimezone("Europe/Berlin", ZoneRules((), "CET-1CEST,M3.5.0,M10.5.0/3"))
WEIRD = [
    "👩‍❤️‍💋‍👨" * 40,
    "שלום, מה שלומך? " * 20,
    'a,b;c\\,d\\n\\\\;"e"',
    "first\nsecond\r\nthird\rfourth",
    "\n",
    "BEGIN:VEVENT\nEND:VCALENDAR\n METHOD:CANCEL",
    "x" * 10_000,
    "é" * 10_000,
    "a\u2028b\u2029c\x85d\x0be\x1cf\x00g\x7fh",
    " leading and trailing \t",
]


def assert_well_formed(data: bytes) -> None:
    """CRLF only, at most 75 octets to a line, no character torn in two, no byte order mark, a final CRLF."""
    assert data.endswith(b"\r\n")
    lines = data[:-2].split(b"\r\n")
    assert all(line and b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", WEIRD)
def test_weird_ideas_survive(text: str) -> None:
    """Ideas will come from people and translators; a comma or an emoji must not break a calendar."""
    block = vevent(date_record(idea=text), STAMP)
    assert_well_formed(block)
    assert str(read(block)["DESCRIPTION"]) == clean(text)


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=400))
@example("\r\n,")
def test_any_idea_survives(text: str) -> None:
    block = vevent(date_record(idea=text), STAMP)
    assert_well_formed(block)
    assert str(read(block).get("DESCRIPTION", "")) == clean(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_feed_name_survives(name: str) -> None:
    """NAME is a property icalendar does not escape by itself."""
    made = feed(name, "Europe/Berlin", [], {"Europe/Berlin": BERLIN})
    assert_well_formed(made)
    (line,) = (part for part in made.replace(b"\r\n ", b"").split(b"\r\n") if part.startswith(b"NAME:"))
    plain = read(b"BEGIN:VEVENT\r\nSUMMARY" + line[4:] + b"\r\nEND:VEVENT\r\n")
    assert str(plain["SUMMARY"]) == clean(name)


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"\A[^\x00-\x1f\x7f]{1,64}\Z").filter(lambda name: bool(name.strip())))
def test_any_partner_name_survives(name: str) -> None:
    """A name stands in a parameter, where quotes and backslashes cannot be kept."""
    partner = Partner(name=name, tz="Europe/Berlin", email="sam@example.org")
    made = invite(date_record(), STAMP, BERLIN, organizer=ORGANIZER, attendees=[partner])
    assert_well_formed(made)
    (event,) = read(made).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:sam@example.org"
    assert event["ATTENDEE"].params["CN"] == partner.name.replace('"', "'").replace("\\", "/")


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # Hypothesis wants naive bounds
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin")
def test_any_instant_survives(start: datetime, tz: str) -> None:
    """Both passes of a repeated hour included, which local time cannot tell apart."""
    start = start.replace(microsecond=0)
    event = read(vevent(date_record(start=start, end=start, tz=tz), STAMP))
    assert event["DTSTART"].dt.astimezone(UTC) == start
    assert event["DTEND"].dt.astimezone(UTC) == start
