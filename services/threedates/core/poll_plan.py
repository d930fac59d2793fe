"""When a calendar is fetched next, and when it is said that it cannot be: pure, from what the last fetch brought.

In: the calendar's id, what it and its server ask for, how often it failed in a row, the clock. Out: an instant. Jitter
is derived from the id: calendars added together drift apart, and a replica that repeats a fetch plans the same.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.retry import MAX_RETRY_AFTER, retry_after
from threedates.schemas.webhook import PollError

LEAST = timedelta(minutes=15)
MOST = timedelta(hours=24)
READ_ANEW = timedelta(hours=20)
"""After so long the whole calendar is fetched though it has not changed: the days ahead have."""
JITTER = 0.1
# Trouble that may pass by itself is spoken of once it has not.
PATIENCE = 3
_PASSING: tuple[PollError, ...] = ("http_error", "not_reachable", "too_slow", "too_costly")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fetch that brought nothing: the class, a sentence without any address in it, and what Retry-After said."""

    error: PollError
    detail: str
    retry_after: str | None = None


def max_age(cache_control: str | None) -> int | None:
    """The seconds of Cache-Control's max-age (RFC 9111 §5.2.2.1), None where it has none."""
    found = _MAX_AGE.search(cache_control or "")
    return int(found[1]) if found is not None else None


def interval(usual: timedelta, refresh: int | None, fresh_for: int | None) -> timedelta:
    """The time between two fetches: what the calendar asks for, else the usual; no sooner than its answer is stale."""
    wanted = max(usual if refresh is None else timedelta(seconds=min(refresh, MOST.total_seconds())), timedelta(0))
    stale_after = timedelta(seconds=min(fresh_for or 0, MOST.total_seconds()))
    return min(max(wanted, stale_after, min(LEAST, usual)), MOST)


def after_success(calendar_id: str, every: timedelta, now: datetime) -> datetime:
    """When to fetch it again."""
    return now + _jittered(every, calendar_id)


def after_trouble(
    calendar_id: str, every: timedelta, trouble: Trouble, failures: int, now: datetime
) -> datetime | None:
    """When to try again after so many failures in a row, this one included; None where never (410)."""
    if trouble.error == "gone":
        return None
    wait = MOST if trouble.error == "not_found" else min(every * 2 ** min(failures - 1, 16), MOST)
    asked = retry_after(trouble.retry_after, now) or now
    return max(now + _jittered(wait, calendar_id), min(asked, now + MAX_RETRY_AFTER))


def is_worth_telling(trouble: Trouble, failures: int) -> bool:
    """Whether somebody should hear of it: at once of what will not pass by itself."""
    return trouble.error not in _PASSING or failures >= PATIENCE


def must_read_anew(read_at: datetime | None, now: datetime) -> bool:
    """Whether an unchanged calendar is to be read once more, because the days ahead have moved on."""
    return read_at is None or now - read_at >= READ_ANEW


def fingerprint(data: bytes) -> str:
    """What is the same for a calendar that has not changed: some stamp every event anew on each fetch."""
    return hashlib.sha256(_STAMPS.sub(b"", data)).hexdigest()


_STAMPS = re.compile(rb"^(?:DTSTAMP|X-WR-RELCALID)[:;][^\r\n]*", re.MULTILINE)


def _jittered(wait: timedelta, calendar_id: str) -> timedelta:
    share = int.from_bytes(hashlib.sha256(calendar_id.encode()).digest()[:8], "big") / 2**64
    return wait * (1 - JITTER + 2 * JITTER * share)
