"""Is a duration or a window, once written, read as the very same one?"""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.schemas.duration import Span
from threedates.schemas.window import DAYS, Window

SPANS = st.builds(Span, st.integers(0, 999), st.integers(0, 9_999), st.integers(0, 9_999_999))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
DAY = st.sampled_from(DAYS)


@given(SPANS)
def test_a_duration_reads_back_as_it_was_written(span: Span) -> None:
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize(
    ("text", "written"), [("P1W", "P7D"), ("P1Y", "P12M"), ("PT90M", "PT1H30M"), ("PT0S", "PT0S"), ("P1DT2H", "P1DT2H")]
)
def test_a_duration_is_written_in_one_way(text: str, written: str) -> None:
    assert str(Span.parse(text)) == written


@pytest.mark.parametrize("text", ["", "P", "PT", "7D", "P-7D", "P1.5D", "p7d", "P7D ", "P1H", "PT1D"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 duration"):
        Span.parse(text)


@given(DAY, DAY, CLOCKS, CLOCKS)
def test_a_window_reads_back_as_it_was_written(first: str, last: str, one: time, other: time) -> None:
    opens, closes = sorted((one, other))
    text = f"{first}-{last} {opens:%H:%M}-{closes:%H:%M}"
    if opens == closes != time(0):
        with pytest.raises(ValueError, match="ends before it starts"):
            Window.parse(text)
    else:
        window = Window.parse(text)
        assert Window.parse(str(window)) == window


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily 18:00-22:00", (0, 1, 2, 3, 4, 5, 6)),
        ("fri 18-23", (4,)),
        ("sat-mon 12:00-24:00", (0, 5, 6)),
        ("SUN 09:00-10:00", (6,)),
    ],
)
def test_a_window_covers_the_days_it_names(text: str, days: tuple[int, ...]) -> None:
    assert Window.parse(text).days == days
