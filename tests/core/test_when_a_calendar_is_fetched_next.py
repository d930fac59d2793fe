"""Is a calendar fetched as often as it asks for, within bounds, and ever less often while it fails?"""

from datetime import UTC, datetime, timedelta

import pytest

from threedates.core.poll_plan import (
    LEAST,
    MOST,
    Trouble,
    after_success,
    after_trouble,
    fingerprint,
    interval,
    is_worth_telling,
    max_age,
    must_read_anew,
)
from threedates.schemas.webhook import PollError

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOWN = Trouble("http_error", "its server answers 500")


@pytest.mark.parametrize(
    ("refresh", "fresh_for", "expected"),
    [
        (None, None, HOUR),
        (4 * 3600, None, 4 * HOUR),
        (60, None, LEAST),
        (0, None, LEAST),
        (10**12, None, MOST),
        (None, 7_200, 2 * HOUR),
        (1_800, 7_200, 2 * HOUR),
        (None, 0, HOUR),
        (None, 10**12, MOST),
    ],
)
def test_what_it_asks_for_is_respected_within_bounds(
    refresh: int | None, fresh_for: int | None, expected: timedelta
) -> None:
    """A quarter of an hour at least, a day at most, and not while its last answer is fresh."""
    assert interval(HOUR, refresh, fresh_for) == expected


def test_who_sets_a_shorter_interval_gets_it() -> None:
    """To watch it live."""
    assert interval(timedelta(seconds=5), None, None) == timedelta(seconds=5)
    assert interval(timedelta(seconds=5), 1, None) == timedelta(seconds=5)


def test_jitter_is_the_calendars_own() -> None:
    """Always the same for one, and spread over a tenth to either side."""
    found = [after_success(f"c_{n}", HOUR, NOW) for n in range(200)]
    assert found == [after_success(f"c_{n}", HOUR, NOW) for n in range(200)]
    assert min(found) >= NOW + 0.9 * HOUR
    assert max(found) <= NOW + 1.1 * HOUR
    assert len(set(found)) == 200


def test_failures_in_a_row_bring_ever_fewer_tries() -> None:
    """Doubling from the usual interval to a day."""
    waits = [(after_trouble("c_a", HOUR, DOWN, n, NOW) or NOW) - NOW for n in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] <= 1.1 * MOST


def test_retry_after_only_ever_delays() -> None:
    """By a day at most."""
    asked = Trouble("http_error", "its server answers 503", "7200")
    assert after_trouble("c_a", HOUR, asked, 1, NOW) == NOW + 2 * HOUR
    assert after_trouble("c_a", HOUR, Trouble("http_error", "", "1"), 1, NOW) == after_success("c_a", HOUR, NOW)
    assert after_trouble("c_a", HOUR, Trouble("http_error", "", "999999999"), 1, NOW) == NOW + MOST


def test_what_is_gone_is_asked_no_more_and_what_is_missing_slowly() -> None:
    """410 is for good, 404 may be a mistake."""
    assert after_trouble("c_a", HOUR, Trouble("gone", ""), 1, NOW) is None
    missing = after_trouble("c_a", HOUR, Trouble("not_found", ""), 1, NOW)
    assert missing is not None
    assert missing >= NOW + 0.9 * MOST


def test_what_may_pass_is_spoken_of_once_it_has_not() -> None:
    """The rest at once: nothing will change by itself."""
    assert [is_worth_telling(DOWN, n) for n in (1, 2, 3)] == [False, False, True]
    lasting: tuple[PollError, ...] = ("not_found", "gone", "not_a_calendar", "address_refused")
    assert all(is_worth_telling(Trouble(error, ""), 1) for error in lasting)


def test_an_unchanged_calendar_is_read_anew_once_a_day() -> None:
    """The days ahead move on though its bytes do not."""
    assert must_read_anew(None, NOW)
    assert not must_read_anew(NOW - HOUR, NOW)
    assert must_read_anew(NOW - 21 * HOUR, NOW)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("max-age=60", 60), ("private, max-age=0", 0), ('no-cache,Max-Age="5"', 5), ("s-maxage=9", None), (None, None)],
)
def test_max_age_is_read(header: str | None, seconds: int | None) -> None:
    """RFC 9111 §5.2.2.1; what is meant for shared caches is not for us."""
    assert max_age(header) == seconds


def test_stamps_of_the_moment_are_no_change() -> None:
    """Google stamps every event anew on each fetch."""
    assert fingerprint(b"UID:a\r\nDTSTAMP:1\r\nX:y") == fingerprint(b"UID:a\r\nDTSTAMP:2\r\nX:y")
    assert fingerprint(b"UID:a\r\nDTSTAMP:1") != fingerprint(b"UID:b\r\nDTSTAMP:1")
