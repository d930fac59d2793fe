"""Is every form of a conditional request understood, and nothing taken for one that is none (RFC 9110 §13, §5.6.7)?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.gateway.conditional import format_http_date, http_date, is_fresh, matches, wants_gzip

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TAGS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"\x7f'), max_size=12)
INSTANTS = st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def tag(text: str, is_weak: bool) -> str:
    return f'{"W/" if is_weak else ""}"{text}"'


@given(st.lists(st.tuples(TAGS, st.booleans()), min_size=1, max_size=6), st.data())
def test_a_list_matches_each_of_its_tags(listed: list[tuple[str, bool]], data: st.DataObject) -> None:
    """Weakly, so W/ makes no difference; commas within a tag belong to it."""
    separator = data.draw(st.sampled_from([",", ", ", " ,\t", ", ,"]))
    header = separator.join(tag(text, is_weak) for text, is_weak in listed)
    assert all(matches(header, tag(text, is_weak=False)) for text, _ in listed)


@given(st.lists(TAGS, max_size=6), TAGS)
def test_a_list_matches_no_other_tag(listed: list[str], other: str) -> None:
    header = ", ".join(tag(text, is_weak=False) for text in listed)
    assert matches(header, tag(other, is_weak=False)) == (other in listed)


@given(st.text(max_size=40))
def test_whatever_comes_is_read_without_fault(text: str) -> None:
    matches(text, '"abc"')
    http_date(text, NOW)
    wants_gzip(text)


@pytest.mark.parametrize("header", ["", "abc", '"abc', "'abc'", '"abc" "def"', 'w/"abc"', '"abc"; q=1', "* , *", ","])
def test_what_is_no_list_of_tags_matches_nothing(header: str) -> None:
    assert not matches(header, '"abc"')


def test_an_asterisk_matches_anything() -> None:
    assert matches(" * ", '"abc"')
    assert not matches('"*"', '"abc"')


@given(INSTANTS)
def test_a_date_is_read_in_all_three_forms(at: datetime) -> None:
    """IMF-fixdate, and the two obsolete forms that must still be accepted."""
    now = at + timedelta(days=400)
    imf = format_http_date(at)
    rfc850 = f"{at:%A}, {at.day:02}-{imf[8:11]}-{at:%y} {at:%H:%M:%S} GMT"
    asctime = f"{imf[:3]} {imf[8:11]} {at.day:2} {at:%H:%M:%S} {at.year}"
    assert [http_date(text, now) for text in (imf, rfc850, asctime)] == [at, at, at]


def test_a_date_is_written_as_the_rfc_writes_it() -> None:
    assert format_http_date(datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)) == "Sun, 06 Nov 1994 08:49:37 GMT"


def test_two_digits_of_a_year_more_than_fifty_ahead_are_past() -> None:
    assert http_date("Sunday, 06-Nov-94 08:49:37 GMT", NOW) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
    assert http_date("Friday, 06-Nov-76 08:49:37 GMT", NOW) == datetime(2076, 11, 6, 8, 49, 37, tzinfo=UTC)
    assert http_date("Friday, 06-Nov-77 08:49:37 GMT", NOW) == datetime(1977, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "Fri, 31 Feb 2026 08:49:37 GMT",
        "Fri, 20 Nov 2026 08:49:37 +0100",
        "Fri, 20 Nov 2026 08:49:37",
        "Fri, 20 nov 2026 08:49:37 GMT",
        "Fri, 20 Nov 2026 24:00:00 GMT",
        "Fri, 20 Nov 2026 08:49:61 GMT",
        "Fri, 20 Nov 2026 08:49:37 GMT, Fri, 20 Nov 2026 08:49:37 GMT",
        "2026-11-20T08:49:37Z",
    ],
)
def test_what_is_no_date_is_ignored(text: str) -> None:
    assert http_date(text, NOW) is None
    assert not is_fresh(None, text, '"abc"', NOW, LATER)


@given(INSTANTS, st.integers(-3, 3))
def test_a_feed_is_fresh_unless_it_changed_after_the_date(modified: datetime, seconds: int) -> None:
    since = format_http_date(modified + timedelta(seconds=seconds))
    assert is_fresh(None, since, '"abc"', modified, LATER) == (seconds >= 0)


@given(INSTANTS, INSTANTS, st.booleans())
def test_tags_outweigh_dates(modified: datetime, since: datetime, is_same: bool) -> None:
    header = '"abc"' if is_same else '"abd"'
    assert is_fresh(header, format_http_date(since), '"abc"', modified, LATER) == is_same


def test_without_conditions_nothing_is_fresh() -> None:
    assert not is_fresh(None, None, '"abc"', NOW, LATER)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=nonsense", False),
        ("gzip;q=0.5, identity", False),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("identity", False),
        ("*", False),
        ("*;q=0", False),
        ("identity;q=0, *", True),
        ("br", False),
    ],
)
def test_gzip_is_sent_only_when_asked_for(header: str | None, expected: bool) -> None:
    assert wants_gzip(header) == expected
