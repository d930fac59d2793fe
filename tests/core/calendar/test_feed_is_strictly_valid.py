"""Does a feed hold what RFC 5545 and the clients ask of it, empty or not?"""

from datetime import timedelta

import pytest

from tests.core.calendar.examples import STAMP, date_record, read
from threedates.core.calendar.block import Block, block_of
from threedates.core.calendar.event import STATUSES
from threedates.core.calendar.feed import feed, shown, zones_of
from threedates.core.calendar.tzif import ZoneRules
from threedates.core.calendar.vtimezone import vtimezone
from threedates.schemas.dates import DateStatus

FOOTERS = {"Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3", "Asia/Tokyo": "JST-9", "UTC": "UTC0"}
ZONES = {tzid: vtimezone(tzid, ZoneRules((), footer)) for tzid, footer in FOOTERS.items()}


def block(n: int, tz: str = "Europe/Berlin", status: DateStatus = "scheduled") -> Block:
    """The n-th fun date as a block."""
    date = date_record(n=n, uid=f"c1-fun-{n}@threedates", tz=tz, status=status)
    return block_of(date, STAMP, n, None if tz == "UTC" else ZONES[tz])


def test_an_empty_feed_still_holds_a_component() -> None:
    """RFC 5545 §3.6: a calendar without components is not a calendar, and Outlook refuses it."""
    calendar = read(feed("ours", "Europe/Berlin", [], ZONES))
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]
    assert calendar["VERSION"] == "2.0"
    assert "METHOD" not in calendar


def test_every_zone_stands_there_once() -> None:
    blocks = [block(1), block(2), block(3, "Asia/Tokyo"), block(4, "UTC")]
    assert zones_of("Europe/Berlin", blocks) == ["Asia/Tokyo", "Europe/Berlin"]
    calendar = read(feed("ours", "Europe/Berlin", blocks, ZONES))
    assert sorted(str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")) == ["Asia/Tokyo", "Europe/Berlin"]
    used = {event["DTSTART"].params.get("TZID") for event in calendar.walk("VEVENT")}
    assert used == {"Asia/Tokyo", "Europe/Berlin", None}


def test_the_refresh_interval_names_its_type() -> None:
    """RFC 7986 §5.7 demands VALUE=DURATION; without it Apple ignores the line."""
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in feed("ours", "Europe/Berlin", [], ZONES)


@pytest.mark.parametrize("status", ["cancelled", "skipped"])
def test_what_is_off_stays_thirty_days_as_cancelled(status: DateStatus) -> None:
    """A client that fetches once a day must see the cancellation, or it keeps the event for ever."""
    off, on = block(1, status=status), block(2)
    assert "\r\nSTATUS:CANCELLED\r\n" in off.vevent
    assert shown([off, on], STAMP + timedelta(days=30, seconds=-1)) == [off, on]
    assert shown([off, on], STAMP + timedelta(days=30)) == [on]


@pytest.mark.parametrize("status", STATUSES)
def test_events_name_no_people(status: DateStatus) -> None:
    """An ORGANIZER or ATTENDEE in a subscribed feed makes clients ask for answers that lead nowhere."""
    text = block(1, status=status).vevent
    assert "ORGANIZER" not in text
    assert "ATTENDEE" not in text
    for name in ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "TRANSP", "COLOR", "CATEGORIES", "SUMMARY"):
        assert text.count(f"\r\n{name}:") == 1
