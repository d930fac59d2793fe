"""Does any iCalendar at all end in facts or in a refusal, and never in an exception?"""

import json
from pathlib import Path

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.admission_kit import NOW, couple
from threedates.core.admission import admit
from threedates.core.refusal import Refusal
from threedates.schemas.log import LOG_EVENT, encode

FILES = sorted(
    path for package in (icalendar, recurring_ical_events) for path in Path(package.__path__[0]).rglob("*.ics")
)
STATE = couple()
EXAMPLE = """BEGIN:VCALENDAR
METHOD:PUBLISH
X-WR-TIMEZONE:Europe/Paris
BEGIN:VTIMEZONE
TZID:Here
X-LIC-LOCATION:Europe/Berlin
END:VTIMEZONE
BEGIN:VEVENT
UID:a
SEQUENCE:1
DTSTART;TZID=Here:20261101T190000
DTEND;TZID=Here:20261101T200000
RRULE:FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=-1;COUNT=5;INTERVAL=1;WKST=SU
EXDATE;TZID=Here:20261110T190000
RDATE;TZID=Here:20261212T190000
CATEGORIES:fun
STATUS:CONFIRMED
END:VEVENT
BEGIN:VEVENT
UID:a
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Here:20261212T190000
DTSTART;VALUE=DATE:20261213
DURATION:P1D
END:VEVENT
END:VCALENDAR
"""


def check(text: str) -> list[object] | Refusal:
    """Read it, and read back what would be appended."""
    body = json.dumps({"id": "i", "source": "s", "ics": text}).encode()
    verdict = admit("calendar", "ada", body, STATE, NOW)
    if isinstance(verdict, Refusal):
        assert json.dumps(verdict.detail)
        return verdict
    return [LOG_EVENT.validate_json(encode(fact)) for fact in verdict]


def test_the_example_is_taken() -> None:
    """So that what follows mutates something whole."""
    assert isinstance(check(EXAMPLE), list)


def test_every_calendar_the_libraries_test_themselves_with() -> None:
    """They collect what real and broken software has sent them."""
    verdicts = [check(path.read_bytes().decode("utf-8", "replace")) for path in FILES]
    taken = [verdict for verdict in verdicts if isinstance(verdict, list)]
    # Installed without their tests the libraries bring no examples.
    assert len(taken) >= len(FILES) // 2


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mangled_lines(data: st.DataObject) -> None:
    """Lines lost, doubled, exchanged; values cut, replaced, filled with junk."""
    lines = EXAMPLE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        n = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "cut", "value", "junk"])):
            case "drop":
                del lines[n]
            case "double":
                lines.insert(n, lines[n])
            case "swap":
                m = data.draw(st.integers(0, len(lines) - 1))
                lines[n], lines[m] = lines[m], lines[n]
            case "cut":
                lines[n] = lines[n][: data.draw(st.integers(0, len(lines[n])))]
            case "value":
                other = data.draw(st.sampled_from(EXAMPLE.splitlines()))
                lines[n] = lines[n].partition(":")[0] + ":" + other.partition(":")[2]
            case _:
                lines[n] += data.draw(st.text(max_size=20))
        if not lines:
            break
    check("\r\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_calendar_at_all(text: str) -> None:
    """Any text may be sent for iCalendar."""
    if text:
        assert isinstance(check(text), Refusal)
