"""Do our VTIMEZONEs say what zoneinfo says, around every change of every IANA zone from 2026 to 2036?"""

import io
import zoneinfo
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from tests.core.calendar.examples import read
from threedates.core.calendar.tzif import parse_tzif
from threedates.core.calendar.vtimezone import vtimezone

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2037, 1, 1, tzinfo=UTC)
WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
NAMES = sorted(zoneinfo.available_timezones() - {"localtime"})


def packaged(name: str) -> bytes:
    """The file of the tzdata package: "slim", with little but the footer."""
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def systems(name: str) -> bytes:
    """The file of the operating system, often "fat", with every change up to 2037 spelled out."""
    return next(path for root in zoneinfo.TZPATH if (path := Path(root, name)).is_file()).read_bytes()


def onsets(block: bytes) -> list[tuple[datetime, timedelta]]:
    """Every onset of a VTIMEZONE from 2020 to 2036 with the offset it brings; the earliest stands for the time before.

    An evaluation of our own, of nothing but the rule parts that may appear, so that no library's error hides ours.
    """
    found: list[tuple[datetime, timedelta]] = []
    for part in read(block).subcomponents:
        start, rule = part["DTSTART"].dt, part.get("RRULE")
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        times = [start] if rule is None else [t for t in recurrences(start, rule) if t >= start]
        found += [((local - before).replace(tzinfo=UTC), after) for local in times]
    return sorted(found)


def recurrences(start: datetime, rule: dict[str, list[object]]) -> Iterator[datetime]:
    """The local times an RRULE with BYMONTH, BYDAY and perhaps BYMONTHDAY names, from 2020 to 2036."""
    assert set(rule) <= {"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY"}
    assert rule["FREQ"] == ["YEARLY"]
    (month,), (byday,) = rule["BYMONTH"], rule["BYDAY"]
    which, weekday = str(byday)[:-2], WEEKDAYS[str(byday)[-2:]]
    for year in range(2020, 2037):
        first = datetime.combine(date(year, int(str(month)), 1), start.time())
        days = [day for n in range(31) if (day := first + timedelta(days=n)).month == first.month]
        days = [day for day in days if day.weekday() == weekday]
        if which:
            yield days[int(which) - (int(which) > 0)]
        else:
            yield from (day for day in days if day.day in rule["BYMONTHDAY"])


def instants(zone: zoneinfo.ZoneInfo) -> Iterator[datetime]:
    """Instants within an hour of each of the zone's changes, to the second, and one in every few days."""
    day, step = BEGIN, timedelta(days=5)  # changes lie further apart than that, even around Ramadan
    while day < END:
        yield day
        if day.astimezone(zone).utcoffset() != (day + step).astimezone(zone).utcoffset():
            change = turn(zone, day, day + step)
            yield from (change + timedelta(seconds=s) for s in (-3600, -1800, -1, 0, 1, 1800, 3600))
        day += step


def turn(zone: zoneinfo.ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second between two instants at which the offset of the later one holds."""
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
    return high


@pytest.mark.parametrize("source", [packaged, systems])
def test_every_zone_agrees_with_zoneinfo(source: Callable[[str], bytes]) -> None:
    """Both sorts of files, because containers have only the package and most machines have their own."""
    wrong: list[str] = []
    checked = 0
    for name in NAMES:
        try:
            data = source(name)
        except (FileNotFoundError, StopIteration):
            continue  # this source lacks the zone; the other has it
        checked += 1
        zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(data), key=name)
        told = onsets(vtimezone(name, parse_tzif(data)))
        for at in instants(zone):
            index = bisect_right(told, (at, timedelta(days=2))) - 1
            if told[max(0, index)][1] != at.astimezone(zone).utcoffset():
                wrong.append(f"{name} at {at}")
    assert wrong == []
    if source is packaged:
        assert checked > 550
