"""Does any iCalendar at all end in facts or in a refusal, and never in an exception?"""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.admission_kit import NOW, couple
from tests.core.mutations import calendars, mutated
from threedates.core.admission import admit
from threedates.core.refusal import Refusal
from threedates.schemas.log import LOG_EVENT, encode

FILES = [path.read_bytes() for path in calendars()]
MUTATIONS = 400
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
    verdicts = [check(data.decode("utf-8", "replace")) for data in FILES]
    taken = [verdict for verdict in verdicts if isinstance(verdict, list)]
    assert len(FILES) > 200, "the libraries have come without their tests: bring their calendars another way"
    assert len(taken) >= len(FILES) // 2


def test_what_becomes_of_them_when_they_are_mangled() -> None:
    """A few of the ten thousand that ``python -m bench fuzz`` tries."""
    random = Random(5545)
    for _ in range(MUTATIONS):
        data = mutated(random.choice(FILES), random, FILES)
        check(data.decode("utf-8", "replace")[: 256 * 1024] or " ")


EVENT = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261127T190000Z\n{}\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    "lines",
    [
        f"RDATE;TZID={'/a' * 90_000}:20261128T190000",
        f"DTSTART;TZID={'/a' * 1_000};X={'b' * 3_000}:20261128T190000",
        "\n".join(f"RDATE;TZID=Z{n}/{'a/' * 20}:20261128T190000" for n in range(3_000)),
        "\n".join(["RDATE:20261128T190000Z"] * 10_001),
        "\n".join(["ATTENDEE:a"] * 20_000),
        f"RRULE:FREQ=YEARLY;BYMONTHDAY={'1,' * 100_000}1",
        f"CATEGORIES:{'a,' * 100_000}",
        f"SUMMARY;{'A=B;' * 50_000}X=Y:a",
    ],
    ids=["path", "parameter", "zones", "dates", "attendees", "rule", "categories", "parameters"],
)
def test_what_would_keep_a_reader_busy_is_refused_unread(lines: str) -> None:
    """One calendar must not hold up everybody's: each of these took a reader up to hours."""
    refusal = check(EVENT.format(lines))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "too_large"


USELESS = ("A:" + "b;" * 100_000, "\n".join(["A:"] * 80_000), "x" * 200_000, "X;A=" + '"b",' * 40_000)


@pytest.mark.parametrize("line", USELESS, ids=["value", "lines", "junk", "parameter"])
def test_what_is_of_no_use_is_passed_over(line: str) -> None:
    """Whatever else an event holds is not read at all."""
    assert isinstance(check(EVENT.format(line)), list)


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
