"""Do three independent readers find in the golden feeds what was put into them, and agree about every zone?"""

import io
import zoneinfo
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream

from tests.core.calendar import icaljs
from tests.core.calendar.examples import read
from tests.core.calendar.golden_feeds import FEEDS, Entry
from tests.core.calendar.test_every_zone_agrees_with_zoneinfo import NAMES, instants, packaged
from threedates.core.calendar.tzif import parse_tzif
from threedates.core.calendar.vtimezone import vtimezone

MIDNIGHT = time()
STRIDE = 5
GOLDEN = Path(__file__).parents[2] / "golden" / "calendar"


def instant(value: Any) -> date:
    """A time as an instant in UTC, a day as it is."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def by_icalendar(path: Path) -> list[Entry]:
    found = [
        Entry(
            uid=str(event["UID"]),
            summary=str(event["SUMMARY"]),
            start=instant(event["DTSTART"].dt),
            end=instant(event["DTEND"].dt),
            description=str(event.get("DESCRIPTION", "")),
            sequence=int(event["SEQUENCE"]),
            status=str(event["STATUS"]) if "STATUS" in event else None,
        )
        for event in read(path.read_bytes()).walk("VEVENT")
    ]
    return sorted(found, key=lambda one: one.uid)


def by_ical(path: Path) -> list[Entry]:
    calendar = IcsCalendarStream.calendar_from_ics(path.read_bytes().decode())
    found = [
        Entry(
            uid=event.uid,
            summary=event.summary or "",
            start=instant(event.dtstart),
            end=instant(event.dtend),
            description=event.description or "",
            sequence=event.sequence or 0,
            status=event.status.value if event.status else None,
        )
        for event in calendar.events
    ]
    return sorted(found, key=lambda one: one.uid)


@pytest.mark.parametrize("reader", [by_icalendar, by_ical])
@pytest.mark.parametrize("name", FEEDS)
def test_a_reader_finds_what_was_put_in(name: str, reader: Any) -> None:
    """Home Assistant reads with ``ical``, much else in Python with ``icalendar``."""
    assert reader(GOLDEN / name) == list(FEEDS[name]().entries)


def test_ical_js_finds_what_was_put_in(tmp_path: Path) -> None:
    """All feeds and all zones in one go, for the package has to be fetched."""
    names = list(FEEDS)
    found = icaljs.run(tmp_path, [GOLDEN / name for name in names], [asked_about(name) for name in NAMES])
    for name in names:
        told = sorted(map(from_js, found["feeds"][str(GOLDEN / name)]), key=lambda one: one.uid)
        assert told == list(FEEDS[name]().entries)
    assert found["zones"] == []


def from_js(told: dict[str, Any]) -> Entry:
    def when(value: Any) -> date:
        return date.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)

    return Entry(**{**told, "start": when(told["start"]), "end": when(told["end"])})


def asked_about(name: str) -> dict[str, Any]:
    """A zone's VTIMEZONE, with local times around each of its changes and the instants that they are."""
    data = packaged(name)
    zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(data), key=name)
    block = vtimezone(name, parse_tzif(data))
    # Midnights in UTC mostly lie between changes; what lies around a change is asked about to the second.
    some = [at for n, at in enumerate(instants(zone)) if at.time() != MIDNIGHT or n % STRIDE == 0]
    local = [at.astimezone(zone) for at in some]
    # A time that the clocks repeat is written in UTC; a local one cannot say which of the two it is.
    plain = [one for one in local if one.utcoffset() == one.replace(fold=1 - one.fold).utcoffset()]
    checks = [(one.replace(tzinfo=None).isoformat(), int(one.timestamp())) for one in plain]
    return {"tzid": name, "block": block.decode(), "checks": checks}
