"""Conditional requests and content coding, as RFC 9110 words them: header values in, what to answer with out. Pure.

A repeated header comes in as one value, its lines joined with commas (§5.2). What cannot be read is treated as the RFC
asks: a date is ignored, an entity tag matches nothing.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_SEPARATOR = re.compile(r"[ \t]*,[ \t,]*")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = tuple(day[:3] for day in _LONG_DAYS)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DATES = (
    re.compile(rf"(?:{'|'.join(_DAYS)}), (?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_CLOCK} GMT"),
    re.compile(rf"(?:{'|'.join(_LONG_DAYS)}), (?P<day>\d\d)-{_MONTH}-(?P<year>\d\d) {_CLOCK} GMT"),
    re.compile(rf"(?:{'|'.join(_DAYS)}) {_MONTH} (?P<day>[ \d]\d) {_CLOCK} (?P<year>\d{{4}})"),
)
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_HALF_CENTURY = 50


def is_fresh(
    if_none_match: str | None, if_modified_since: str | None, etag: str, modified: datetime, now: datetime
) -> bool:
    """Whether a GET or HEAD is answered with 304 (§13.2.2).

    ``etag`` is the selected representation's, ``modified`` its Last-Modified. A date counts only where no entity tags
    were sent.
    """
    if if_none_match is not None:
        return matches(if_none_match, etag)
    since = http_date(if_modified_since, now) if if_modified_since is not None else None
    return since is not None and modified.replace(microsecond=0) <= since


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match names the entity tag, by weak comparison (§13.1.2, §8.8.3.2)."""
    if if_none_match == etag or if_none_match.strip(" \t") == "*":
        return True  # the first is what nearly every client sends
    return etag.removeprefix("W/") in _tags(if_none_match)


def _tags(value: str) -> list[str]:
    """The opaque tags of a list, quotes included; none where any of it cannot be read."""
    value = value.strip(" \t,")
    found: list[str] = []
    at = 0
    while at < len(value):
        tag = _TAG.match(value, at)
        if tag is None:
            return []
        found.append(tag[1])
        at = tag.end()
        if at < len(value):
            separator = _SEPARATOR.match(value, at)
            if separator is None:
                return []
            at = separator.end()
    return found


def http_date(text: str, now: datetime) -> datetime | None:
    """The instant of an HTTP-date in any of the three forms of §5.6.7, or None. ``now`` settles two-digit years."""
    found = next((match for form in _DATES if (match := form.fullmatch(text.strip(" \t")))), None)
    if found is None:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:
        # What seems more than 50 years ahead is the most recent year in the past that ends so.
        year += now.year - now.year % 100
        year -= 100 * (year > now.year + _HALF_CENTURY)
    second = int(found["second"])
    if second > 60:
        return None
    try:
        whole = datetime(
            year,
            _MONTHS.index(found["month"]) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            tzinfo=UTC,
        )
        return whole + timedelta(seconds=second)  # the form allows a leap second
    except (ValueError, OverflowError):
        return None


def format_http_date(instant: datetime) -> str:
    """An instant as IMF-fixdate (§5.6.7), whatever the locale."""
    at = instant.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"


@lru_cache(maxsize=256)
def wants_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip was asked for by name and is liked no less than identity (§12.5.3).

    A bare ``*`` asks for nothing in particular; it stands for gzip only where identity is refused.
    """
    if not accept_encoding:
        return False
    qualities: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        coding, _, parameters = item.partition(";")
        qualities[coding.strip().removeprefix("x-")] = _quality(parameters.strip())
    identity = qualities.get("identity")
    gzip = qualities.get("gzip", qualities.get("*", 0.0) if identity == 0 else 0.0)
    return gzip > 0 and gzip >= (identity or 0.0)


def _quality(parameters: str) -> float:
    """The weight of §12.4.2; 1 where none is given, 0 where it cannot be read."""
    if not parameters:
        return 1.0
    found = _QUALITY.fullmatch(parameters)
    return float(found[1]) if found else 0.0
