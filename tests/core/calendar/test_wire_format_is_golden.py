"""Are the bytes of feeds and invites the ones we looked at and approved of?

With THREEDATES_WRITE_GOLDEN=1 the files are written anew; look at the difference before committing it.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.calendar.examples import ORGANIZER, PARTNERS, STAMP
from tests.core.calendar.golden_feeds import BUSINESS, EMOTIONAL, FEEDS, FUN, of_dates, timezone_block
from threedates.core.calendar.invite import invite
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord

GOLDEN = Path(__file__).parents[2] / "golden" / "calendar"


def _invite(date: DateRecord, organizer: str | None = None, attendees: tuple[Partner, ...] = ()) -> bytes:
    return invite(date, STAMP, timezone_block(date.tz), organizer=organizer, attendees=attendees)


def _content(name: str) -> Callable[[], bytes]:
    return lambda: FEEDS[name]().content


CASES: dict[str, Callable[[], bytes]] = {
    **{name: _content(name) for name in FEEDS},
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
    assert of_dates(FUN, EMOTIONAL, BUSINESS).content == of_dates(BUSINESS, FUN, EMOTIONAL).content


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.glob("*.ics")} == set(CASES)
