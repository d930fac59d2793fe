"""Time zone files from disk, as VTIMEZONEs: from where zoneinfo takes them, so that both know the same rules.

That is first the system's directories (``zoneinfo.TZPATH``), then the ``tzdata`` package. Results are kept: there are
some hundred zones and a file never changes while a process runs.
"""

import zoneinfo
from functools import lru_cache
from importlib import resources
from pathlib import Path

from threedates.core.calendar.tzif import ZoneRules, parse_tzif
from threedates.core.calendar.vtimezone import vtimezone
from threedates.schemas.base import zone


@lru_cache(maxsize=1024)
def timezone_block(tzid: str) -> bytes:
    """The VTIMEZONE of an IANA zone, ending in CRLF. Raises ValueError where there is no such zone."""
    return vtimezone(tzid, zone_rules(tzid))


def zone_rules(tzid: str) -> ZoneRules:
    """The rules of an IANA zone. Raises ValueError where there is no such zone."""
    zone(tzid)  # refuses names that are paths or name nothing
    return parse_tzif(_read(tzid))


def _read(tzid: str) -> bytes:
    for directory in zoneinfo.TZPATH:
        path = Path(directory, tzid)
        if path.is_file():
            return path.read_bytes()
    packaged = resources.files("tzdata").joinpath("zoneinfo", *tzid.split("/"))
    if not packaged.is_file():
        raise ValueError(f"there is no file for the time zone {tzid[:64]!r}; install the tzdata package anew")
    return packaged.read_bytes()
