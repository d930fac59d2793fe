"""The retry plan: what the result of one delivery attempt means for the task, as one closed union.

In: the result, which attempt it was, the clock and the addressee's quiet hours. Out: done, try again at an instant,
dead, or gone (410: the receiver wants no more, ever). Jitter is derived from the message, not drawn.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MINUTE, _HOUR = 60.0, 3600.0
DELAYS = (0.0, 5.0, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR)
"""Seconds before each attempt, counted from the one before it."""
JITTER = 0.2
MAX_RETRY_AFTER = timedelta(hours=24)

QuietEnd = Callable[[datetime], datetime | None]
"""When the quiet hours that hold at an instant end; None outside them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one attempt brought: a status, or the class of an error where none came. Latency in milliseconds.

    ``permanent`` says that this very message will never be taken; ``error`` then says why.
    """

    status: int | None = None
    error: str | None = None
    retry_after: str | None = None
    latency_ms: int = 0
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """Delivered: a 2xx came."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at this instant, UTC."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """The plan is used up, or the message was refused for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The receiver answered 410: give up, and disable the endpoint."""

    reason: str = "the endpoint answered 410 Gone"


Plan = Done | Retry | Dead | Gone


def never_quiet(_instant: datetime) -> datetime | None:
    """The quiet hours of nobody: for messages that are addressed to neither partner."""
    return None


def plan(result: Result, message_id: str, attempt: int, now: datetime, quiet_end: QuietEnd = never_quiet) -> Plan:
    """What follows attempt number ``attempt`` (from 1), which ended at ``now``.

    3xx counts as failed and is never followed. Retry-After (RFC 9110 §10.2.3) only ever delays, by 24 hours at most.
    A retry that falls into quiet hours moves to their end.
    """
    if result.status is not None and 200 <= result.status < 300:
        return Done()
    if result.permanent:
        return Dead(f"refused for good: {result.error}")
    if result.status == 410:
        return Gone()
    what = f"status {result.status}" if result.status is not None else (result.error or "no answer")
    if attempt >= len(DELAYS):
        return Dead(f"given up after {attempt} attempts, the last with {what}")
    at = now + timedelta(seconds=jittered(DELAYS[attempt], message_id, attempt))
    asked = retry_after(result.retry_after, now)
    if asked is not None:
        at = max(at, asked)
    return Retry(quiet_end(at) or at)


def jittered(seconds: float, message_id: str, attempt: int) -> float:
    """The delay, moved by up to ±20 %: always the same for the same message and attempt."""
    digest = hashlib.sha256(f"{message_id}:{attempt}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return seconds * (1 - JITTER + 2 * JITTER * share)


def retry_after(text: str | None, now: datetime) -> datetime | None:
    """The instant a Retry-After header asks for, seconds or HTTP date, capped; None if it is missing or unreadable."""
    if text is None:
        return None
    text = text.strip()
    latest = now + MAX_RETRY_AFTER
    if text.isascii() and text.isdigit():
        # More digits than any delay has would overflow; the cap holds anyway.
        return min(now + timedelta(seconds=int(text[:9])), latest)
    try:
        asked = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # HTTP dates are GMT, also where a sender leaves it out (RFC 9110 §5.6.7).
    return min(asked.replace(tzinfo=asked.tzinfo or UTC).astimezone(UTC), latest)
