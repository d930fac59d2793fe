"""Are the bytes of feeds and invites the ones we looked at and approved of?

With THREEDATES_WRITE_GOLDEN=1 the files are written anew; look at the difference before committing it.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.core.calendar.examples import ORGANIZER, PARTNERS, STAMP, date_record
from threedates.core.calendar.block import Block, block_of
from threedates.core.calendar.feed import feed, zones_of
from threedates.core.calendar.invite import invite
from threedates.core.calendar.tzif import ZoneRules
from threedates.core.calendar.vtimezone import vtimezone
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord

GOLDEN = Path(__file__).parents[2] / "golden" / "calendar"
FUN = date_record(status="scheduled", sequence=1)
BUSINESS = date_record(
    uid="c1-business-2@threedates", kind="business", n=2, status="cancelled", sequence=3, tz="Africa/Cairo", idea=""
)
# The second half past one of that night in New York: times are written in UTC.
EMOTIONAL = date_record(
    uid="c1-emotional-1@threedates",
    kind="emotional",
    status="proposed",
    tz="America/New_York",
    start=datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    end=datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
    idea="Say it without words: a hand held, a long hug. 🤗\nשלום, and \\ too",
)
# Fixed too: what a machine's own files say about these zones changes with its version of them.
FOOTERS = {"Africa/Cairo": "EET-2EEST,M4.5.5/0,M10.5.4/24", "Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3"}


def timezone_block(tzid: str) -> bytes:
    """The VTIMEZONE of one of the zones above."""
    return vtimezone(tzid, ZoneRules((), FOOTERS[tzid]))


def _block(date: DateRecord) -> Block:
    return block_of(date, STAMP, 7, timezone_block(date.tz) if date is not EMOTIONAL else None)


def _feed(*dates: DateRecord) -> bytes:
    blocks = [_block(date) for date in dates]
    zones = {tzid: timezone_block(tzid) for tzid in zones_of("Europe/Berlin", blocks)}
    return feed("Three dates: sam, alex & co; 🌈", "Europe/Berlin", blocks, zones)


def _invite(date: DateRecord, organizer: str | None = None, attendees: tuple[Partner, ...] = ()) -> bytes:
    return invite(date, STAMP, timezone_block(date.tz), organizer=organizer, attendees=attendees)


CASES: dict[str, Callable[[], bytes]] = {
    "feed-empty.ics": _feed,
    "feed-three.ics": lambda: _feed(FUN, EMOTIONAL, BUSINESS),
    "invite-publish.ics": lambda: _invite(FUN),
    "invite-request.ics": lambda: _invite(FUN, ORGANIZER, PARTNERS),
    "invite-cancel.ics": lambda: _invite(BUSINESS, ORGANIZER, PARTNERS),
}


@pytest.mark.parametrize("name", CASES)
def test_wire_format_is_golden(name: str) -> None:
    """A byte that changes unnoticed makes every subscriber's client fetch and compare everything anew."""
    made, path = CASES[name](), GOLDEN / name
    if os.environ.get("THREEDATES_WRITE_GOLDEN"):
        path.write_bytes(made)
    assert made == path.read_bytes()


def test_order_of_blocks_does_not_matter() -> None:
    """A bucket may list its keys in any order."""
    assert _feed(FUN, EMOTIONAL, BUSINESS) == _feed(BUSINESS, FUN, EMOTIONAL)
