"""Do times written in a form, and "until the weekend", mean what they say in the zone named beside?"""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.spoken import spoken, spoken_day, spoken_span
from threedates.gateway.when import Choice, field_value, read_choice, read_local, until

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
MINUTES = st.integers(28_000_000, 39_000_000).map(lambda minutes: datetime.fromtimestamp(minutes * 60, UTC))


@given(MINUTES, ZONES)
def test_what_a_field_shows_is_read_back_as_the_same_time(instant: datetime, tz: str) -> None:
    """The hour that comes twice is read as its first."""
    value = field_value(instant, tz)
    again = read_local(value, tz)
    assert again is not None
    assert field_value(again, tz) == value
    assert again <= instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-27T19:00", datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
        ("2026-11-27T19:00:30", datetime(2026, 11, 27, 18, 0, 30, tzinfo=UTC)),
        ("2026-11-27 19:00", datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("", None),
        ("2026-11-31T19:00", None),
        ("2026-11-27T19:00Z", None),
        ("0001-01-01T00:00", None),
        ("9999-12-31T23:59", None),
        ("1970-01-01T00:30", None),
    ],
)
def test_a_forms_time_is_local(text: str, expected: datetime | None) -> None:
    """In the gap it moves later by the gap's length; what is no time is none."""
    assert read_local(text, "Europe/Berlin") == expected


@given(st.text(max_size=30))
def test_anything_may_be_typed(text: str) -> None:
    read_local(text, "Europe/Berlin")
    read_choice(text)


@pytest.mark.parametrize(
    ("day", "choice", "starts", "expected"),
    [
        (20, "tomorrow", "monday", 21),  # a Friday
        (20, "weekend", "monday", 21),
        (20, "next_week", "monday", 23),
        (20, "next_week", "sunday", 22),
        (21, "weekend", "monday", 28),  # already the weekend: the next one is meant
        (22, "weekend", "monday", 28),
        (22, "next_week", "monday", 23),
        (22, "next_week", "sunday", 29),
        (23, "next_week", "monday", 30),
    ],
)
def test_quiet_ends_on_the_day_that_was_named(day: int, choice: Choice, starts: str, expected: int) -> None:
    end = until(choice, "Europe/Berlin", time(18), starts, NOW.replace(day=day))
    assert end == datetime(2026, 11, expected, 17, 0, tzinfo=UTC)


@given(MINUTES, ZONES, st.sampled_from(["tomorrow", "weekend", "next_week"]), st.sampled_from(["monday", "sunday"]))
def test_quiet_always_ends_ahead(now: datetime, tz: str, choice: Choice, starts: str) -> None:
    assert now < until(choice, tz, time(0), starts, now)


def test_times_are_said_as_people_say_them() -> None:
    evening = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    assert spoken(evening, "Europe/Berlin", NOW) == "Friday, 27 November, 19:00"
    assert spoken(evening.replace(year=2027), "UTC", NOW) == "Saturday, 27 November 2027, 18:00"
    assert spoken_day(NOW, "Europe/Berlin", NOW) == "today, 18:00"
    assert spoken_day(evening, "Europe/Berlin", NOW) == "Friday, 27 November"
    assert spoken_span(evening, evening.replace(hour=21), "UTC", NOW) == "Friday, 27 November, 18:00 to 21:00"
    assert spoken_span(evening, evening.replace(day=29), "UTC", NOW).endswith("to Sunday, 29 November, 18:00")
    assert spoken_span(evening, evening.replace(day=28, hour=1), "UTC", NOW).endswith("18:00 to 01:00")
