"""Which IANA zone a time of a foreign calendar is in, and the instant it names.

TZIDs come as IANA names, as Windows names, with a vendor's prefix, or made up, with the zone in X-LIC-LOCATION. Where
none of it leads anywhere the calendar's X-WR-TIMEZONE applies, then the couple's zone.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from threedates.core.refusal import Refused
from threedates.core.walltime import at_local
from threedates.schemas.base import zone

# To find that a name is no zone's takes longer than to find a zone.
MAX_TZIDS = 200
_SEGMENTS = 3


class Zones:
    """The zones of one calendar. ``locations`` holds each VTIMEZONE's X-LIC-LOCATION by its TZID."""

    def __init__(self, locations: dict[str, str], calendar_zone: str, couple_zone: str) -> None:
        self._locations = locations
        self._fallback = _known(calendar_zone) or couple_zone
        self._found: dict[str, str] = {}

    def of_tzid(self, tzid: str) -> str:
        """The IANA zone that a TZID stands for. Raises Refused where a calendar has more of them than any would."""
        found = self._found.get(tzid)
        if found is None:
            if len(self._found) >= MAX_TZIDS:
                raise Refused("too_large", f"a calendar may name {MAX_TZIDS} time zones", "ics")
            found = self._found[tzid] = next(filter(None, map(_known, self._candidates(tzid))), self._fallback)
        return found

    def _candidates(self, tzid: str) -> Iterator[str]:
        yield tzid
        yield self._locations.get(tzid, "")
        yield WINDOWS_TO_OLSON.get(tzid, "")
        parts = tzid.strip("/").rsplit("/", _SEGMENTS)[-_SEGMENTS:]
        yield from ("/".join(parts[n:]) for n in range(len(parts)))

    def name(self, value: date) -> str:
        """The zone a value is shown in: its own; for dates, floating times and times in UTC the calendar's."""
        own = value.tzinfo if isinstance(value, datetime) else None
        return own.key if isinstance(own, ZoneInfo) and own.key != "UTC" else self._fallback

    def instant(self, value: date) -> datetime:
        """The UTC instant of a date's local midnight, a floating or an aware time."""
        if not isinstance(value, datetime):
            return at_local(value, time(0), self._fallback)
        if value.tzinfo is not None:
            return value.astimezone(UTC)
        return value.replace(tzinfo=zone(self._fallback), fold=0).astimezone(UTC)


def _known(name: str) -> str | None:
    try:
        return zone(name).key if name and len(name) <= 64 else None
    except ValueError:
        return None
