"""Does a feed's own view of a date stay a valid event, and does ``busy`` tell nothing but the time?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.core.calendar.examples import read
from threedates.core.calendar.block import Block, block_of
from threedates.core.calendar.feed import feed
from threedates.core.calendar.view import view
from threedates.schemas.dates import DateRecord, DateStatus

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
IDEA = "Swap a favourite film each; “one picks”, the other brings snacks, and both of you stay for the credits. " * 2


def block(status: DateStatus = "scheduled") -> Block:
    record = DateRecord(
        uid="c1-fun-1@threedates",
        kind="fun",
        n=1,
        start=NOW,
        end=NOW + timedelta(hours=3),
        tz="UTC",
        status=status,
        planner="sam",
        idea=IDEA,
    )
    return block_of(record, NOW, 7, None)


def parsed(shown: Block) -> Any:
    return read(feed("ours", "UTC", [shown], {"UTC": b""}))


def test_in_full_and_without_alarms_it_is_the_block_itself() -> None:
    assert view(block(), "full", alarms=False) == block()


def test_busy_tells_the_time_and_nothing_else() -> None:
    """Neither what is planned nor of which kind it is."""
    shown = view(block(), "busy", alarms=False)
    (event,) = parsed(shown).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Busy"
    assert {"DESCRIPTION", "CATEGORIES", "COLOR"}.isdisjoint(event)
    assert "film" not in shown.vevent
    assert (event.start, event.end) == (NOW, NOW + timedelta(hours=3))
    (full,) = parsed(block()).walk("VEVENT")
    for name in ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "TRANSP"):
        assert event[name] == full[name]


@pytest.mark.parametrize("status", ["scheduled", "proposed", "cancelled"])
def test_alarms_go_on_dates_that_stand(status: DateStatus) -> None:
    """A proposal is nobody's appointment yet."""
    (event,) = parsed(view(block(status), "full", alarms=True)).walk("VEVENT")
    alarms = event.walk("VALARM")
    assert len(alarms) == (status == "scheduled")
    for alarm in alarms:
        assert (str(alarm["ACTION"]), str(alarm["DESCRIPTION"])) == ("DISPLAY", "Fun date")
        assert alarm["TRIGGER"].dt == timedelta(hours=-1)


def test_an_alarm_on_a_busy_date_is_no_less_discreet() -> None:
    (event,) = parsed(view(block(), "busy", alarms=True)).walk("VEVENT")
    assert str(event.walk("VALARM")[0]["DESCRIPTION"]) == "Busy"


@pytest.mark.parametrize("detail", ["full", "busy"])
def test_lines_stay_folded_and_end_in_crlf(detail: str) -> None:
    shown = view(block(), "busy" if detail == "busy" else "full", alarms=True)
    assert shown.vevent.endswith("END:VEVENT\r\n")
    assert "\n" not in shown.vevent.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in shown.vevent.split("\r\n"))
