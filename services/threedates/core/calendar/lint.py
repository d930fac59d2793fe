"""What is wrong with a feed before any calendar program sees it. Pure: bytes in, findings out.

An error is what makes some client refuse the feed, misread it or lose events; a warning is what a strict reader may
mind. Nothing here goes through a calendar library, so that what a library forgives, or gets wrong, is still found.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from threedates.core.calendar.components import Part, read_parts
from threedates.core.calendar.contentlines import ContentLine, Finding, read_lines
from threedates.schemas.base import zone

_DATED = ("VEVENT", "VTODO", "VJOURNAL")
_IDENTIFIED = (*_DATED, "VFREEBUSY")
_ONCE = (
    "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SEQUENCE", "SUMMARY", "STATUS", "TRANSP", "LAST-MODIFIED",
    "CREATED", "CLASS", "LOCATION", "DESCRIPTION", "ORGANIZER", "PRIORITY", "URL", "RECURRENCE-ID", "COLOR",
)  # fmt: skip
_TIME = re.compile(r"\d{8}(?:T\d{6}Z?)?")
_EMPTY = "has no events and no VTIMEZONE; a calendar holds one component at least"


def lint(data: bytes) -> tuple[Finding, ...]:
    """Everything that is wrong with a feed, in the order of its lines."""
    if not data.strip():
        return (_error(0, "no_calendar", "the file is empty"),)
    lines, findings = read_lines(data)
    parts, unbalanced = read_parts(lines)
    findings += unbalanced
    for calendar in (part for part in parts if part.name == "VCALENDAR"):
        for check in _CHECKS:
            findings += check(calendar)
    return tuple(sorted(findings))


def _header(calendar: Part) -> Iterator[Finding]:
    for name in ("VERSION", "PRODID"):
        found = calendar.all(name)
        if len(found) != 1:
            where = found[1].line if found else calendar.line
            yield _error(where, "header", f"{name} has to stand there once; it is there {len(found)} times")
    if (version := calendar.first("VERSION")) is not None and version.value.strip() != "2.0":
        yield _error(version.line, "header", f"VERSION is {version.value[:20]!r}; it has to be 2.0")
    if (method := calendar.first("METHOD")) is not None:
        text = f"METHOD:{method.value[:20]} makes it an invitation; a feed has no METHOD"
        yield _error(method.line, "method", text)
    for line in calendar.all("REFRESH-INTERVAL"):
        if line.parameters.get("VALUE", "").upper() != "DURATION":
            text = "REFRESH-INTERVAL needs VALUE=DURATION (RFC 7986 §5.7); without it, it is ignored"
            yield _error(line.line, "refresh_interval", text)
    if not calendar.parts:
        yield _error(calendar.line, "empty", f"the VCALENDAR {_EMPTY}")


def _identities(calendar: Part) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for part in _of(calendar, _IDENTIFIED):
        if part.first("DTSTAMP") is None:
            yield _error(part.line, "missing_dtstamp", f"the {part.name} has no DTSTAMP")
        uid = part.first("UID")
        if uid is None or not uid.value.strip():
            yield _error(part.line, "missing_uid", f"the {part.name} has no UID")
            continue
        recurrence = part.first("RECURRENCE-ID")
        key = (uid.value, recurrence.value if recurrence else "")
        if key in seen:
            text = f"the UID {uid.value[:60]!r} stands on line {seen[key]} already; clients keep one of the two"
            yield _error(uid.line, "duplicate_uid", text)
        seen.setdefault(key, uid.line)


def _repeats(calendar: Part) -> Iterator[Finding]:
    for part in _of(calendar, _DATED):
        counted = Counter(line.name for line in part.lines)
        for name in _ONCE:
            if counted[name] > 1 and not (name == "DESCRIPTION" and part.name == "VJOURNAL"):
                line = part.all(name)[1].line
                yield _error(line, "repeated", f"{name} stands {counted[name]} times in one {part.name}")


def _times(calendar: Part) -> Iterator[Finding]:
    for event in _of(calendar, ("VEVENT",)):
        start, end = event.first("DTSTART"), event.first("DTEND")
        if start is None:
            yield _error(event.line, "missing_dtstart", "the VEVENT has no DTSTART")
        if end is not None and (duration := event.first("DURATION")) is not None:
            yield _error(duration.line, "end_twice", "the VEVENT has both DTEND and DURATION")
        read = [_instant(line) for line in (start, end) if line is not None]
        for line, at in zip((line for line in (start, end) if line is not None), read, strict=True):
            if at is None:
                text = f"{line.name} {line.value[:40]!r} is no date and no date-time"
                yield _error(line.line, "bad_time", text)
        if start is not None and end is not None:
            yield from _order(start, end, read)


def _order(start: ContentLine, end: ContentLine, read: list[datetime | None]) -> Iterator[Finding]:
    begins, ends = read
    if begins is None or ends is None:
        return
    if _is_day(start) != _is_day(end):
        text = "one of DTSTART and DTEND is a day and the other a time; both have to be of one type"
        yield _error(end.line, "mixed_times", text)
    elif ends < begins:
        yield _error(end.line, "end_before_start", f"DTEND {end.value} is before DTSTART {start.value}")
    elif ends == begins:
        text = "DTEND equals DTSTART; it has to be later, for a whole day the day after"
        yield Finding(end.line, "no_duration", "warning", text)


def _days(calendar: Part) -> Iterator[Finding]:
    """A day without VALUE=DATE, which many readers take for a broken time, and the other way round."""
    for event in _of(calendar, ("VEVENT",)):
        for line in event.lines:
            if line.name not in ("DTSTART", "DTEND", "RECURRENCE-ID") or not _TIME.fullmatch(line.value):
                continue
            if _is_day(line) != ("T" not in line.value):
                text = f"{line.name}:{line.value} and its VALUE contradict each other; a day needs VALUE=DATE"
                yield _error(line.line, "day_type", text)


def _zones(calendar: Part) -> Iterator[Finding]:
    declared = {line.value for part in _of(calendar, ("VTIMEZONE",)) for line in part.all("TZID")}
    told: set[str] = set()
    for line in (line for part in calendar.walk() for line in part.lines):
        tzid = line.parameters.get("TZID")
        # A name with a slash in front is one of a global registry (§3.2.19) and needs no declaration.
        if tzid is None or tzid in declared or tzid in told or tzid.startswith("/"):
            continue
        told.add(tzid)
        text = f"{line.name} uses the zone {tzid[:60]!r}, which no VTIMEZONE here declares"
        yield _error(line.line, "undeclared_tzid", text)


_CHECKS: tuple[Callable[[Part], Iterator[Finding]], ...] = (_header, _identities, _repeats, _times, _days, _zones)


def _of(calendar: Part, names: tuple[str, ...]) -> Iterator[Part]:
    return (part for part in calendar.walk() if part.name in names)


def _is_day(line: ContentLine) -> bool:
    return line.parameters.get("VALUE", "DATE-TIME").upper() == "DATE"


def _instant(line: ContentLine) -> datetime | None:
    """The instant a time names, None where it is none. A zone that is unknown here counts as UTC."""
    if not _TIME.fullmatch(line.value):
        return None
    try:
        form = "%Y%m%dT%H%M%S" if "T" in line.value else "%Y%m%d"
        local = datetime.strptime(line.value.removesuffix("Z"), form).replace(tzinfo=UTC)
    except ValueError:
        return None
    tzid = line.parameters.get("TZID")
    if tzid is None or line.value.endswith("Z"):
        return local
    try:
        return local.replace(tzinfo=zone(tzid)).astimezone(UTC)
    except (ValueError, OverflowError):
        return local


def _error(line: int, rule: str, text: str) -> Finding:
    return Finding(line, rule, "error", text)
