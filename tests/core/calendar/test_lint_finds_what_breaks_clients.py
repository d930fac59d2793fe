"""Does the lint find each fault that makes a calendar program refuse, misread or lose events, and no other?"""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from threedates.core.calendar.lint import lint

GOLDEN = Path(__file__).parents[2] / "golden" / "calendar"
FEED = (GOLDEN / "feed-three.ics").read_bytes()
Change = Callable[[bytes], bytes]


def replaced(old: str, new: str, count: int = 1) -> Change:
    """The feed with that much of it put differently."""

    def change(feed: bytes) -> bytes:
        assert old.encode() in feed
        return feed.replace(old.encode(), new.encode(), count)

    return change


FAULTS: dict[str, tuple[Change, str, int]] = {
    "no carriage returns": (replaced("\r\n", "\n", -1), "line_end", 1),
    "one bare line feed": (replaced("VERSION:2.0\r\n", "VERSION:2.0\n"), "line_end", 2),
    "no final line end": (lambda feed: feed[:-2], "line_end", 94),
    "an unfolded line": (replaced("loser of\r\n  a coin", "loser of a coin"), "long_line", 88),
    "a torn character": (lambda feed: feed.replace("🤗".encode(), b"\xf0\x9f\r\n \xa4\x97"), "torn_character", 74),
    "another encoding": (lambda feed: feed.replace("🤗".encode(), b"\xe9"), "not_utf8", 73),
    "a control character": (replaced("hand held", "hand\x07held"), "control_character", 73),
    "a byte order mark": (lambda feed: b"\xef\xbb\xbf" + feed, "bom", 1),
    "a raw newline": (replaced("a hand held", "\r\na hand held"), "raw_newline", 74),
    "an empty line": (replaced("BEGIN:VEVENT", "\r\nBEGIN:VEVENT"), "raw_newline", 51),
    "cut off between events": (lambda feed: feed[: feed.rindex(b"BEGIN:VEVENT")], "truncated", 78),
    "cut off in an event": (lambda feed: feed[: feed.rindex(b"DESCRIPTION")], "truncated", 87),
    "an END too many": (replaced("END:VEVENT", "END:VEVENT\r\nEND:VEVENT"), "unbalanced", 64),
    "an END missing": (replaced("END:VEVENT\r\nEND:VCALENDAR", "END:VCALENDAR"), "unbalanced", 93),
    "an event in an event": (replaced("SUMMARY:Fun date", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"), "unbalanced", 80),
    "something after the end": (lambda feed: feed + b"X:1\r\n", "unbalanced", 95),
    "no version": (replaced("VERSION:2.0\r\n", ""), "header", 1),
    "the old version": (replaced("VERSION:2.0", "VERSION:1.0"), "header", 2),
    "a method": (replaced("CALSCALE", "METHOD:PUBLISH\r\nCALSCALE"), "method", 4),
    "an untyped refresh interval": (replaced(";VALUE=DURATION", ""), "refresh_interval", 8),
    "no UID": (replaced("UID:c1-fun-1@threedates\r\n", ""), "missing_uid", 79),
    "an empty UID": (replaced("UID:c1-fun-1@threedates", "UID:"), "missing_uid", 79),
    "one UID twice": (replaced("c1-fun-1@", "c1-emotional-1@"), "duplicate_uid", 84),
    "no DTSTAMP": (replaced("DTSTAMP:20261120T170000Z\r\n", "", 1), "missing_dtstamp", 51),
    "no DTSTART": (replaced("DTSTART;TZID=Europe/Berlin:20261127T190000\r\n", ""), "missing_dtstart", 79),
    "two summaries": (replaced("SUMMARY:Fun date", "SUMMARY:Fun date\r\nSUMMARY:Again"), "repeated", 81),
    "an end before the start": (replaced("Berlin:20261127T220000", "Berlin:20261127T180000"), "end_before_start", 82),
    "an end before the start, two zones": (
        replaced("DTEND;TZID=Europe/Berlin:20261127T220000", "DTEND;TZID=Africa/Cairo:20261127T193000"),
        "end_before_start",
        82,
    ),
    "no length": (replaced("Berlin:20261127T220000", "Berlin:20261127T190000"), "no_duration", 82),
    "an end and a duration": (replaced("SUMMARY:Fun date", "SUMMARY:Fun date\r\nDURATION:PT3H"), "end_twice", 81),
    "a thirteenth month": (replaced("Berlin:20261127T220000", "Berlin:20261327T220000"), "bad_time", 82),
    "a day that ends at a time": (
        replaced("DTSTART;TZID=Europe/Berlin:20261127T190000", "DTSTART;VALUE=DATE:20261127"),
        "mixed_times",
        82,
    ),
    "a day that is not said to be one": (
        replaced("DTSTART;TZID=Europe/Berlin:20261127T190000", "DTSTART:20261127"),
        "day_type",
        81,
    ),
    "an undeclared zone": (replaced("DTEND;TZID=Europe/Berlin", "DTEND;TZID=Europe/Rome"), "undeclared_tzid", 82),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_where_it_stands(name: str) -> None:
    """The line number is what a person looks for first."""
    change, rule, line = FAULTS[name]
    found = lint(change(FEED))
    assert {finding.rule for finding in found} == {rule}
    assert line in [finding.line for finding in found]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("feed-*.ics")), ids=lambda path: path.name)
def test_our_own_feeds_are_clean(path: Path) -> None:
    """What we ask of others holds for us, warnings included."""
    assert lint(path.read_bytes()) == ()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("invite-*.ics")), ids=lambda path: path.name)
def test_an_invite_is_no_feed_and_else_right(path: Path) -> None:
    assert [finding.rule for finding in lint(path.read_bytes())] == ["method"]


@pytest.mark.parametrize("data", [b"", b" \r\n", b"<!doctype html>\r\n", b"HTTP: 404\r\n"])
def test_what_is_no_calendar_is_called_that(data: bytes) -> None:
    """A server's error page is the commonest wrong feed."""
    assert "no_calendar" in [finding.rule for finding in lint(data)]


def test_one_occurrence_moved_is_no_second_event() -> None:
    """RFC 5545 §3.8.4.4: it shares its series' UID and is told apart by RECURRENCE-ID."""
    again = replaced("UID:c1-fun-1@threedates", "UID:c1-emotional-1@threedates\r\nRECURRENCE-ID:20261127T180000Z")
    assert lint(again(FEED)) == ()


@pytest.mark.parametrize("nested", [b"BEGIN:X\r\n" * 20_000, b"BEGIN:X\r\n" * 5_000 + b"END:Y\r\n" * 5_000])
def test_a_feed_of_nothing_but_begins_is_soon_read(nested: bytes) -> None:
    """Deep nesting must neither exhaust the stack nor take for ever."""
    assert {finding.rule for finding in lint(FEED.replace(b"END:VCALENDAR", nested + b"END:VCALENDAR"))} == {
        "unbalanced"
    }


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FEED)), st.binary(max_size=30), st.integers(0, 40))
@example(0, b"", len(FEED))
def test_no_feed_however_broken_breaks_the_lint(at: int, put_in: bytes, left_out: int) -> None:
    lines = FEED.count(b"\n") + 40
    assert all(0 <= finding.line <= lines for finding in lint(FEED[:at] + put_in + FEED[at + left_out :]))
