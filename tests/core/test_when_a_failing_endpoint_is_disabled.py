"""When is an endpoint that only fails probed, warned about and disabled? Never unwarned, never twice in a row."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.health import FAILING_FOR, LEAST_APART, LEVELS, PROBED_FOR, next_level, next_probe

SINCE = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_course_of_five_days() -> None:
    """Probed at 50, 70, 90 and 100 %, then once a day for a month."""
    warned, warned_at, course = 0, None, []
    while (at := next_probe(SINCE, warned, warned_at)) is not None:
        level = next_level(SINCE, warned, at)
        course.append(((at - SINCE) / HOUR, level))
        warned, warned_at = level or warned, at
    assert course[:6] == [(60, 50), (84, 70), (108, 90), (120, 100), (144, None), (168, None)]
    assert at is None
    assert timedelta(hours=course[-1][0]) < FAILING_FOR + PROBED_FOR
    assert len(course) == 4 + 29


@given(st.lists(st.integers(0, 400), max_size=30))
def test_nobody_is_disabled_unwarned_however_late_the_probes_come(delays: list[int]) -> None:
    """An outage of ours is no failure of theirs: each step has its time."""
    warned, warned_at = 0, None
    steps: list[tuple[int, datetime]] = []
    for delay in delays:
        at = next_probe(SINCE, warned, warned_at)
        if at is None:
            break
        now = at + delay * HOUR
        level = next_level(SINCE, warned, now)
        if level is not None:
            steps.append((level, now))
        warned, warned_at = level or warned, now
    levels = [level for level, _ in steps]
    assert levels == sorted(set(levels))
    assert LEVELS[-1] not in levels or levels[-2] == 90
    assert all(later - earlier >= LEAST_APART for (_, earlier), (_, later) in pairwise(steps))


@pytest.mark.parametrize(("hours", "warned", "level"), [(59, 0, None), (60, 0, 50), (60, 50, None), (999, 50, 90)])
def test_a_level_is_spoken_of_once(hours: int, warned: int, level: int | None) -> None:
    assert next_level(SINCE, warned, SINCE + hours * HOUR) == level
