"""A feed (RFC 5545, RFC 7986): cached VEVENT blocks joined under one header; serving one renders no event.

Blocks come in as bytes that were written once. The order is the UIDs', so that the same blocks give the same bytes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from icalendar import Calendar

from threedates.core.calendar.block import Block
from threedates.core.calendar.event import PRODID, text_value

COLOR = "crimson"
REFRESH = timedelta(hours=1)


def feed(name: str, home_tz: str, blocks: Iterable[Block], timezones: Mapping[str, bytes]) -> bytes:
    """The bytes of a feed. ``timezones`` gives the VTIMEZONE of each zone in ``zones_of(home_tz, blocks)``.

    An iCalendar object must hold a component (§3.6), so the home zone stands there even when no date does. Raises
    KeyError for a zone that is not in ``timezones``.
    """
    blocks = sorted(blocks, key=lambda block: block.uid)
    zones = [timezones[tzid] for tzid in zones_of(home_tz, blocks)]
    begin, end = _frame(name)
    return b"".join((begin, *zones, *(block.vevent.encode() for block in blocks), end))


def zones_of(home_tz: str, blocks: Iterable[Block]) -> list[str]:
    """The zones whose VTIMEZONEs a feed of these blocks needs, each once, in order."""
    return sorted({home_tz} | {block.tz for block in blocks if block.tz is not None})


def shown(blocks: Iterable[Block], now: datetime) -> list[Block]:
    """The blocks that are still to be served: what is off goes when its time as CANCELLED is over."""
    return [block for block in blocks if block.visible_until is None or now < block.visible_until]


def _frame(name: str) -> tuple[bytes, bytes]:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar["name"] = text_value(name)
    calendar["x-wr-calname"] = text_value(name)
    calendar.add("color", COLOR)
    # icalendar leaves out the VALUE that RFC 7986 §5.7 demands.
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    begin, end, rest = bytes(calendar.to_ical()).partition(b"END:VCALENDAR")
    return begin, end + rest
