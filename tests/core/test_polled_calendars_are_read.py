"""What counts in a calendar that is read from its address, and is everything else left where it is?"""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.polled_kit import DAY, HOUR, NOW, calendar, event, read
from threedates.core.ics_polled import MAX_NEAR
from threedates.core.ids import date_uid

SOON = NOW + DAY


def test_only_what_stands_and_takes_time_counts() -> None:
    """What is over, tentative, off, transparent, or takes no time is nothing to anybody."""
    found = read(
        calendar(
            event("a", SOON),
            event("over", NOW - DAY),
            event("maybe", SOON, 1, "STATUS:TENTATIVE"),
            event("off", SOON, 1, "STATUS:CANCELLED"),
            event("free", SOON, 1, "TRANSP:TRANSPARENT"),
            event("reminder", SOON, 0),
            event("far", NOW + 90 * DAY),
        )
    )
    assert [(one.start, one.end) for one in found.taken] == [(SOON.replace(second=0), SOON + HOUR)]


def test_no_title_and_no_uid_is_kept() -> None:
    """What is not kept cannot be shown to the other partner."""
    found = read(calendar(event("meet-dr-x@example.org", SOON, 1, "SUMMARY:Dr X", "DESCRIPTION:why", "LOCATION:where")))
    assert len(found.taken) == 1
    for word in ("Dr X", "dr-x", "why", "where"):
        assert word not in found.model_dump_json()


def test_words_that_look_like_a_date_are_kept_of_shared_calendars_alone() -> None:
    """And of the title nothing else."""
    data = calendar(event("a", SOON, 3, "SUMMARY:Secret Cinema with Robin"))
    assert [one.words for one in read(data).taken] == [None]
    assert [one.words for one in read(data, shared=True).taken] == ["cinema"]


def test_a_date_of_our_own_never_counts() -> None:
    """The feed that a partner subscribes to comes back with the calendar, as old as it may be."""
    own = date_uid("ada", "fun", 1)
    assert read(calendar(event(own, SOON, 1, "CATEGORIES:fun"))).taken == ()


def test_categories_name_a_kind() -> None:
    """Also of what was last week, when it was held."""
    found = read(calendar(event("a", SOON, 1, "CATEGORIES:Fun"), event("b", NOW - 2 * DAY, 1, "CATEGORIES:business")))
    assert [one.kind for one in found.taken] == ["business", "fun"]


def test_a_broken_event_is_left_out_and_harms_no_other() -> None:
    """Calendars of years hold everything; one that ends before it starts must not blind us to the rest."""
    broken = [
        ("UID:x", "DTSTART:nonsense"),
        ("UID:y",),
        event("z", SOON, -1),
        event("often", SOON, 1, "RRULE:FREQ=SECONDLY"),
        event("twice", SOON, 1, "SEQUENCE:1", "SEQUENCE:2"),
    ]
    assert len(read(calendar(*broken, event("a", SOON))).taken) == 1


def test_recurring_events_roll_on_with_the_window() -> None:
    """Later, the same bytes hold later occurrences, under names of their own."""
    weekly = calendar(event("w", NOW - 400 * DAY, 1, "RRULE:FREQ=WEEKLY"))
    now, later = read(weekly).taken, read(weekly, NOW + 7 * DAY).taken
    assert len(now) == len(later)
    assert now[1:] == later[:-1]
    assert later[-1].start == now[-1].start + 7 * DAY


def test_times_are_read_in_the_calendars_zone_else_the_partners() -> None:
    """All-day events begin at its midnight."""
    day = ("UID:d", "DTSTART;VALUE=DATE:20261201")
    (lisbon,) = read(calendar(day, head=("X-WR-TIMEZONE:Europe/Lisbon",))).taken
    (berlin,) = read(calendar(day)).taken
    assert (lisbon.start, lisbon.all_day) == (datetime(2026, 12, 1, tzinfo=UTC), True)
    assert berlin.start == lisbon.start - HOUR


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        (("REFRESH-INTERVAL;VALUE=DURATION:PT4H",), 14_400),
        (("X-PUBLISHED-TTL:P1D",), 86_400),
        (("X-PUBLISHED-TTL:PT1M", "REFRESH-INTERVAL;VALUE=DURATION:PT2H"), 7_200),
        (("REFRESH-INTERVAL:often",), None),
        ((), None),
    ],
)
def test_a_calendar_says_how_often_it_is_to_be_read(head: tuple[str, ...], seconds: int | None) -> None:
    """RFC 7986's property comes before the older one."""
    assert read(calendar(head=head)).refresh == seconds


@pytest.mark.parametrize(
    "data", [b"", b"<html>Log in</html>", b"BEGIN:VCALENDAR\r\n", calendar()[:-20], b"\xff\xfe\x00"]
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    """A login page must not free all times."""
    assert read(data).refused


def test_years_of_events_are_no_matter_and_too_many_now_are() -> None:
    """The far ones cost next to nothing."""
    old = [event(f"o{n}", NOW - (100 + n % 900) * DAY) for n in range(6_000)]
    assert len(read(calendar(*old, event("a", SOON))).taken) == 1
    many = [event(f"n{n}", SOON) for n in range(MAX_NEAR + 1)]
    assert str(MAX_NEAR) in (read(calendar(*many)).refused or "")


LINES = st.sampled_from(
    (
        "RRULE:FREQ=DAILY;COUNT=5",
        "RRULE:FREQ=MONTHLY",
        "RDATE:20261125T100000Z",
        "STATUS:CONFIRMED",
        "X-A:b",
        "SEQUENCE:2",
    )
)
EVENTS = st.lists(
    st.tuples(st.integers(-120, 120), st.sampled_from((1, 30, 2_000)), st.lists(LINES, max_size=2)), max_size=8
)


@settings(max_examples=100, deadline=None)
@example(found=[(0, 1, []), (-10, 1, ["SEQUENCE:2", "SEQUENCE:2"])], moved=False)
@given(EVENTS, st.booleans())
def test_looking_at_the_digits_loses_nothing_that_is_near(found: list[tuple[int, int, list[str]]], moved: bool) -> None:
    """Where every event is kept whatever its day the same times come out."""
    events = [event(f"u{n}", NOW + day * DAY, hours, *more) for n, (day, hours, more) in enumerate(found)]
    if moved:
        away = f"RECURRENCE-ID:{NOW - 70 * DAY:%Y%m%dT%H%M%SZ}"
        events += [event("r", NOW - 100 * DAY, 1, "RRULE:FREQ=DAILY;INTERVAL=30"), event("r", SOON, 1, away)]
    # An RDATE of its own start changes nothing, and makes every event one that may recur.
    kept = [(*lines, lines[1].replace("DTSTART", "RDATE")) for lines in events]
    plain = {(one.start, one.end) for one in read(calendar(*events)).taken}
    assert plain == {(one.start, one.end) for one in read(calendar(*kept)).taken}


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mangled_calendars_are_read_or_refused(data: st.DataObject) -> None:
    """And nothing is raised, whatever lines are lost, doubled or torn."""
    lines = calendar(
        event("a", SOON, 1, "RRULE:FREQ=WEEKLY;BYDAY=MO,2TU;COUNT=9", "CATEGORIES:fun"),
        ("UID:a", f"RECURRENCE-ID:{SOON:%Y%m%dT%H%M%SZ}", "DTSTART;VALUE=DATE:20261201", "DURATION:P1D"),
        head=("X-WR-TIMEZONE:Asia/Tokyo", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"),
    ).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        n = data.draw(st.integers(0, len(lines) - 1))
        torn = lines[n][: data.draw(st.integers(0, len(lines[n])))] + data.draw(st.binary(max_size=4))
        lines[n : n + 1] = data.draw(st.sampled_from(([], [lines[n], lines[n]], [torn])))
        if not lines:
            break
    read(b"\r\n".join(lines))
