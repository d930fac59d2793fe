"""How an endpoint that only fails is warned about, and in the end disabled: a course of five days, as pure judgements.

In: since when it has brought nothing but failures, how far its owner was warned, the clock. Out: when it is probed
next, and the next warning. One success anywhere ends the course.
"""

from datetime import datetime, timedelta

FAILING_FOR = timedelta(days=5)
"""After so long of nothing but failures an endpoint is disabled."""
LEVELS = (50, 70, 90, 100)
"""Percent of that way at which it is probed; at each but the last its owner is warned, at the last it is disabled."""
LAST_WARNING = LEVELS[-2]
# Never two steps at once, though nobody was there to take the first in time.
LEAST_APART = FAILING_FOR * (LEVELS[-1] - LAST_WARNING) / 100
PROBE_EVERY = timedelta(hours=24)
PROBED_FOR = timedelta(days=30)
"""A disabled one is asked once a day, for so long, whether it is back."""


def at_level(failing_since: datetime, level: int) -> datetime:
    """When that much of the way is gone; UTC."""
    return failing_since + FAILING_FOR * level / 100


def next_level(failing_since: datetime, warned: int, now: datetime) -> int | None:
    """The level to speak of after a probe that failed: the highest reached, but nothing is disabled unwarned."""
    reached = max((level for level in LEVELS if now >= at_level(failing_since, level)), default=0)
    level = min(reached, LAST_WARNING) if warned < LAST_WARNING else reached
    return level if level > warned else None


def next_probe(failing_since: datetime, warned: int, warned_at: datetime | None) -> datetime | None:
    """When to probe an endpoint next, UTC; ``warned_at`` is when that level was spoken of. None where never again."""
    if warned >= LEVELS[-1]:
        at = (warned_at or failing_since) + PROBE_EVERY
        return at if at < failing_since + FAILING_FOR + PROBED_FOR else None
    at = at_level(failing_since, next(level for level in LEVELS if level > warned))
    return at if warned_at is None else max(at, warned_at + LEAST_APART)
