"""Are the odd rules understood, and the impossible ones refused with words?"""

import pytest

from tests.core.calendar.examples import read
from threedates.core.calendar.posixtz import parse_footer
from threedates.core.calendar.tzif import ZoneRules, parse_tzif
from threedates.core.calendar.vtimezone import vtimezone
from threedates.edge.tzfooter import timezone_block


def rules(footer: str) -> list[str]:
    """The RRULEs for a footer."""
    block = vtimezone("X", ZoneRules((), footer)).decode()
    return [line.removeprefix("RRULE:FREQ=YEARLY;") for line in block.splitlines() if line.startswith("RRULE")]


def test_a_zone_without_summer_time_has_one_standard() -> None:
    parts = read(vtimezone("Asia/Tokyo", ZoneRules((), "JST-9"))).subcomponents
    assert [part.name for part in parts] == ["STANDARD"]


def test_a_day_after_the_last_thursday_may_be_in_november() -> None:
    """Cairo: the midnight that ends the last Thursday of October."""
    assert rules("EET-2EEST,M4.5.5/0,M10.5.4/24")[1:] == [
        "BYDAY=FR;BYMONTHDAY=26,27,28,29,30,31;BYMONTH=10",
        "BYDAY=FR;BYMONTHDAY=1;BYMONTH=11",
    ]


def test_an_hour_before_the_last_sunday_is_a_saturday() -> None:
    """Nuuk changes with Brussels, the evening before by its own clock."""
    assert rules("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")[0] == "BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3"


def test_summer_time_is_the_one_ahead_even_in_dublin() -> None:
    """Its footer calls winter the exception; clients know only DAYLIGHT ahead of STANDARD."""
    parts = read(vtimezone("Europe/Dublin", ZoneRules((), "IST-1GMT0,M10.5.0,M3.5.0/1"))).subcomponents
    assert {part.name: str(part["TZNAME"]) for part in parts} == {"STANDARD": "GMT", "DAYLIGHT": "IST"}


@pytest.mark.parametrize("footer", ["", "CET", "CET-1CEST", "CET-1CEST,J60,J300", "CET-1CEST,M3.6.0,M10.5.0"])
def test_a_footer_nobody_uses_is_refused(footer: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        parse_footer(footer)


@pytest.mark.parametrize("data", [b"", b"TZif", b"TZif" + b"\0" * 40, b"PK\x03\x04" + b"\0" * 60])
def test_a_file_that_is_no_zone_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="TZif file"):
        parse_tzif(data)


def test_a_zone_is_found_by_its_name_alone() -> None:
    assert timezone_block("Europe/Berlin").startswith(b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n")
    for name in ("Europe/Nowhere", "../../etc/passwd", "/etc/passwd", "Europe"):
        with pytest.raises(ValueError, match="no IANA time zone"):
            timezone_block(name)
