"""Is a duration read as it is meant, and as it was shown?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.gateway.page.spans import read_span, show_span
from threedates.schemas.duration import Span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 days", "P7D"),
        ("7", "P7D"),
        ("1 week", "P7D"),
        ("2 Weeks", "P14D"),
        ("1 month and 2 days", "P1M2D"),
        ("1 day, 6 hours", "P1DT6H"),
        ("45min", "PT45M"),
        ("90 seconds", "PT1M30S"),
        ("P1M", "P1M"),
        ("pt20h", "PT20H"),
        ("0", "PT0S"),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, expected: str) -> None:
    span = read_span(text)
    assert span is not None
    assert str(span) == expected


@pytest.mark.parametrize("text", ["", "soon", "seven days", "-3 days", "7 fortnights", "P", "1.5 days", "7 days!"])
def test_what_means_nothing_is_asked_for_again(text: str) -> None:
    assert read_span(text) is None


def test_a_bare_number_counts_the_fields_own_unit() -> None:
    assert read_span("45", "minute") == Span(seconds=45 * 60)


@given(st.builds(Span, st.integers(0, 40), st.integers(0, 400), st.integers(0, 90_000)))
def test_what_is_shown_is_read_back_as_the_same(span: Span) -> None:
    assert read_span(show_span(span)) == span


@given(st.text(max_size=30))
def test_anything_may_be_typed(text: str) -> None:
    read_span(text)
