"""Raw iCalendar made safe to parse: counted, unfolded, and cut down to its events, with zones by their IANA names.

A library that reads a VTIMEZONE works out its transitions, for as long as its rules ask; and nothing of VTODO, VALARM
or VFREEBUSY is of use here. So only VCALENDAR and VEVENT lines go on, and zones are told by their names alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from threedates.core.ics_zone import Zones
from threedates.core.refusal import Refused

MAX_COMPONENTS = 500
USED = frozenset(
    ("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS",
     "TRANSP", "CATEGORIES", "SUMMARY")
)  # fmt: skip
"""The properties of an event that say when it is, and what it means here."""
_OF_ANSWERS = frozenset(("ATTENDEE", "DTSTAMP"))
_OF_CALENDARS = frozenset(("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD"))
_LISTS = ("RDATE", "EXDATE", "SUMMARY")
MAX_LINES = 10_000
MAX_LINE = 4_000
_BEGIN = re.compile(r"BEGIN:", re.IGNORECASE)
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_LINE = re.compile(r"\r\n|\n|\r")
_TZID = re.compile(r'^((?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)[^:"]*;TZID=)(?:"([^"]*)"|([^";:]*))', re.IGNORECASE)


@dataclass(slots=True)
class IcsText:
    """What there was: the lines of the events, each VTIMEZONE's X-LIC-LOCATION by its TZID, and X-WR-TIMEZONE.

    ``refresh`` is how often the calendar wants to be read, a DURATION: its REFRESH-INTERVAL or X-PUBLISHED-TTL.
    """

    lines: list[str] = field(default_factory=list)
    locations: dict[str, str] = field(default_factory=dict)
    calendar_zone: str = ""
    refresh: str = ""
    events: int = 0

    def with_zones(self, zones: Zones) -> str:
        """The text, every TZID replaced by the IANA zone it stands for."""

        def named(line: str) -> str:
            return _TZID.sub(lambda found: found[1] + zones.of_tzid(found[2] or found[3] or ""), line)

        return "\r\n".join(map(named, self.lines)) + "\r\n"


def reduced(
    ics: str, at_most: int = MAX_COMPONENTS, pick: Callable[[list[str]], list[str]] = lambda lines: lines
) -> IcsText:
    """The calendar with its events alone. Raises Refused where there is none, or too much of it.

    ``pick`` gets an event's lines between BEGIN and END, and answers with those to keep; none leave the event out.
    """
    if len(_BEGIN.findall(ics)) > at_most:
        raise Refused("too_large", f"raw iCalendar may have {at_most} components", "ics")
    kept, zone_lines, event = IcsText(), {"TZID": "", "X-LIC-LOCATION": ""}, list[str]()
    inside: list[str] = []
    for line in filter(None, _LINE.split(_FOLD.sub("", ics.removeprefix("\ufeff")))):
        name, value = name_of(line), line.partition(":")[2].strip()
        if name == "BEGIN":
            inside.append(value.upper())
        match inside:
            case ["VCALENDAR"]:
                _head(kept, name, value)
                kept.lines += [line] if name in _OF_CALENDARS else []
            case ["VCALENDAR", "VEVENT"]:
                event.append(line)
            case ["VCALENDAR", "VTIMEZONE"]:
                zone_lines[name] = value
            case _:
                pass  # of no use here
        if name == "END":
            _close(inside, value)
            kept.locations[zone_lines["TZID"]] = zone_lines["X-LIC-LOCATION"]
            if inside == ["VCALENDAR"] and event:
                _keep(kept, event, pick(event[1:-1]))
                event = []
    if not kept.lines or inside:
        raise Refused("malformed", "it holds no whole VCALENDAR", "ics")
    return kept


def bounded() -> Callable[[list[str]], list[str]]:
    """A picker for :func:`reduced` of the lines that count, so many and so long that reading them takes no second.

    It raises Refused where there are more: each line costs a library some 40 microseconds, a long one more.
    """
    left = MAX_LINES

    def pick(lines: list[str]) -> list[str]:
        nonlocal left
        named = [(name_of(line), line) for line in lines]
        used = [(name, line) for name, line in named if name in USED or name in _OF_ANSWERS]
        left -= len(used)
        if left < 0:
            raise Refused("too_large", f"events may have {MAX_LINES} lines in all that count", "ics")
        for name, line in used:
            if len(line) > MAX_LINE and (name not in _LISTS or line.find(":") > MAX_LINE):
                raise Refused("too_large", f"an event's {name} may have {MAX_LINE} characters", "ics")
        return [line for _, line in used]

    return pick


def uids_in(ics: str) -> set[str]:
    """The UIDs of a calendar's events, as they stand there. Raises Refused as :func:`reduced` does."""
    lines = reduced(ics, pick=bounded()).lines
    return {line.partition(":")[2].strip() for line in lines if name_of(line) == "UID"}


def name_of(line: str) -> str:
    """A content line's property, in upper case, without its parameters."""
    return line.partition(":")[0].partition(";")[0].strip().upper()


def _head(kept: IcsText, name: str, value: str) -> None:
    """Note what the calendar says of itself."""
    match name:
        case "X-WR-TIMEZONE":
            kept.calendar_zone = value
        case "REFRESH-INTERVAL":
            kept.refresh = value
        case "X-PUBLISHED-TTL":
            kept.refresh = kept.refresh or value
        case _:
            pass  # none of it changes how the events are read


def _keep(kept: IcsText, event: list[str], picked: list[str]) -> None:
    if picked:
        kept.lines += [event[0], *picked, event[-1]]
        kept.events += 1


def _close(inside: list[str], name: str) -> None:
    if not inside or inside.pop() != name.upper():
        raise Refused("malformed", f"the iCalendar has an END:{name[:20]} without its BEGIN", "ics")
