"""Does a partner's own feed ask what can be answered, with links that hold, and always in the same bytes?"""

from datetime import timedelta

import pytest

from tests.core.calendar.examples import STAMP, START, date_record, read
from tests.core.calendar.test_any_text_survives import assert_well_formed
from threedates.core.calendar.block import Block, block_of
from threedates.core.calendar.questions import GOOD_AFTER, Questions
from threedates.core.calendar.view import view
from threedates.core.links import ActionLink, read_action_token
from threedates.schemas.dates import DateStatus

KEY = b"a key for tests, 16 bytes or more"
BASE = "https://dates.example.org"
ASK = Questions(KEY, BASE, "c1", 1)
ASKED: dict[DateStatus, list[str]] = {
    "proposed": ["accept", "move", "skip"],
    "scheduled": ["move", "skip"],
    "held": [],
    "skipped": [],
    "cancelled": [],
}


def block(status: DateStatus = "proposed", idea: str = "Swap a favourite film each.") -> Block:
    return block_of(date_record(status=status, idea=idea, tz="UTC"), STAMP, 7, None)


def links(text: str) -> list[ActionLink]:
    found = [line.partition(f"{BASE}/a/")[2] for line in text.splitlines() if f"{BASE}/a/" in line]
    read_back = [read_action_token(KEY, token) for token in found]
    assert None not in read_back
    return [link for link in read_back if link is not None]


@pytest.mark.parametrize("status", ASKED)
def test_each_status_is_asked_what_it_takes(status: DateStatus) -> None:
    """What is over, or off, is not asked about for as long as it stands in the feed."""
    assert [link.action for link in links(ASK.of_date(block(status)))] == ASKED[status]


def test_links_are_the_partners_own_and_expire_by_the_date() -> None:
    """An expiry by the clock would give other bytes with every fetch."""
    first = links(ASK.of_date(block()))[0]
    assert first == ActionLink("c1", 1, "accept", "fun", "c1-fun-1@threedates", START + GOOD_AFTER)
    moved = block_of(
        date_record(tz="UTC", start=START + timedelta(days=1), end=START + timedelta(days=2)), STAMP, 8, None
    )
    assert links(ASK.of_date(moved))[0].expires == first.expires + timedelta(days=1)


@pytest.mark.parametrize("idea", ["Swap a favourite film each.", "", "שלום, \\ ; 👩‍❤️‍💋‍👨" * 20])
def test_they_stand_under_the_description(idea: str) -> None:
    shown = view(block(idea=idea), "full", alarms=False, asked=ASK.of_date(block()))
    assert_well_formed(shown.vevent.encode())
    event = read(shown.vevent.encode())
    assert str(event["DESCRIPTION"]) == (f"{idea}\n\n" if idea else "") + ASK.of_date(block())
    plain = read(block(idea=idea).vevent.encode())
    assert {name: value for name, value in event.items() if name != "DESCRIPTION"} == {
        name: value for name, value in plain.items() if name != "DESCRIPTION"
    }


def test_a_feed_of_times_alone_asks_nothing() -> None:
    assert BASE not in view(block(), "busy", alarms=True, asked=ASK.of_date(block())).vevent


def test_a_block_of_an_older_version_is_shown_as_it_was() -> None:
    """It tells neither status nor start; it is rendered anew with the date's next change."""
    old = Block.model_validate_json(block().model_dump_json(exclude={"status", "start"}))
    assert ASK.of_date(old) == ""
    assert view(old, "full", alarms=False, asked=ASK.of_date(old)) == old
