"""When is a failed delivery tried again, and when is it given up?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.retry import DELAYS, Dead, Done, Gone, Result, Retry, jittered, plan, retry_after

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_done(status: int) -> None:
    assert plan(Result(status), "m", 1, NOW) == Done()


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 502, 503, 504, 599])
def test_everything_else_is_tried_again_redirects_included(status: int) -> None:
    """A 3xx is never followed: a redirect could lead inside."""
    assert isinstance(plan(Result(status), "m", 1, NOW), Retry)


def test_410_means_never_again() -> None:
    assert isinstance(plan(Result(410), "m", 1, NOW), Gone)


def test_the_delays_are_those_of_the_plan() -> None:
    """0, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h; then a dead letter that names the last failure."""
    assert list(DELAYS) == [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for attempt in range(1, 10):
        after = plan(Result(500), "m", attempt, NOW)
        assert isinstance(after, Retry)
        assert 0.8 <= (after.at - NOW).total_seconds() / DELAYS[attempt] <= 1.2
    assert plan(Result(500), "m", 10, NOW) == Dead("given up after 10 attempts, the last with status 500")
    assert plan(Result(error="timeout"), "m", 10, NOW) == Dead("given up after 10 attempts, the last with timeout")


@given(st.text(), st.integers(1, 9))
def test_jitter_stays_within_a_fifth_and_is_always_the_same(message_id: str, attempt: int) -> None:
    """The plan can be computed again after a restart."""
    delay = jittered(100, message_id, attempt)
    assert 80 <= delay <= 120
    assert delay == jittered(100, message_id, attempt)


@pytest.mark.parametrize("now", ["2026-03-29T00:59:59+00:00", "2026-10-25T00:59:59+00:00"])
@pytest.mark.parametrize("attempt", range(1, len(DELAYS)))
def test_no_change_of_clocks_moves_a_retry(now: str, attempt: int) -> None:
    """Delays are exact, also over the hour in which Berlin's clocks change."""
    at = datetime.fromisoformat(now)
    after = plan(Result(500), "m-1", attempt, at)
    assert isinstance(after, Retry)
    assert after.at - at == timedelta(seconds=jittered(DELAYS[attempt], "m-1", attempt))


def test_jitter_spreads_messages() -> None:
    """Many failures at one moment must not come back at one moment."""
    assert len({round(jittered(100, f"m-{n}", 1)) for n in range(200)}) > 30


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", timedelta()),
        ("86400", 24 * HOUR),
        ("86401", 24 * HOUR),
        ("9" * 400, 24 * HOUR),
        ("Fri, 20 Nov 2026 21:00:00 GMT", 3 * HOUR),
        ("Friday, 20-Nov-26 21:00:00 GMT", 3 * HOUR),
        ("Fri Nov 20 21:00:00 2026", 3 * HOUR),
        ("Fri, 20 Nov 2030 21:00:00 GMT", 24 * HOUR),
        ("Fri, 20 Nov 2026 17:00:00 GMT", -HOUR),
    ],
)
def test_retry_after_is_read_as_seconds_or_http_date_and_capped(text: str, after: timedelta) -> None:
    """All three date forms of RFC 9110 count."""
    assert retry_after(text, NOW) == NOW + after


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "1.5", "１２", "Fri, 99 Nov 2026 21:00:00 GMT"])
def test_an_unreadable_retry_after_is_as_good_as_none(text: str | None) -> None:
    assert retry_after(text, NOW) is None


@given(st.text())
def test_no_retry_after_breaks_the_plan(text: str) -> None:
    """The header is a stranger's."""
    assert isinstance(plan(Result(503, retry_after=text), "m", 1, NOW), Retry)


def test_retry_after_only_ever_delays() -> None:
    """In full, but never sooner than the plan."""
    later = plan(Result(429, retry_after="7200"), "m", 1, NOW)
    assert later == Retry(NOW + 2 * HOUR)
    sooner = plan(Result(429, retry_after="1"), "m", 4, NOW)
    assert isinstance(sooner, Retry)
    assert sooner.at > NOW + HOUR


def test_a_retry_inside_quiet_hours_moves_to_their_end() -> None:
    """Nobody is woken by a second attempt."""
    morning = NOW + 12 * HOUR
    assert plan(Result(500), "m", 3, NOW, lambda _at: morning) == Retry(morning)
    asked: list[datetime] = []
    plan(Result(500, retry_after="3600"), "m", 1, NOW, asked.append)
    assert asked == [NOW + HOUR]
