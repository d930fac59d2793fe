"""What the tests of polled calendars share: an instant, calendars as text, and a couple's state after what was told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.core.admission_kit import couple
from threedates.core.admission import admit
from threedates.core.fold import apply_event
from threedates.core.ics_polled import Asked, Reading, read_polled
from threedates.core.polled import Taken, Told, events
from threedates.core.refusal import Refusal
from threedates.core.state import CoupleState
from threedates.schemas.log import encode

NOW = datetime(2026, 11, 20, 20, 4, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def calendar(*events: Iterable[str], head: tuple[str, ...] = ()) -> bytes:
    """A calendar of these events, each the lines between BEGIN and END."""
    inside = [line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *head, *inside, "END:VCALENDAR", ""]).encode()


def event(uid: str, start: datetime, hours: float = 1, *more: str) -> tuple[str, ...]:
    """One event's lines, in UTC."""
    end = start + timedelta(hours=hours)
    return (f"UID:{uid}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}", *more)


def read(data: bytes, now: datetime = NOW, **asked: Any) -> Reading:
    """What is read in it."""
    return read_polled(data, Asked(now=now, tz="Europe/Berlin", **asked))


def taken(uid: str, start: datetime, hours: float = 1, **more: Any) -> Taken:
    """A time that is taken."""
    return Taken(uid=uid, start=start, end=start + timedelta(hours=hours), tz="Europe/Berlin", **more)


def after(state: CoupleState, told: Told, now: datetime) -> CoupleState:
    """The state once the pending is in the log, through the door that all input takes."""
    for one in events("ada_cal", told, ("Sam",)):
        facts = admit("calendar", "ada", encode(one), state, now)
        assert not isinstance(facts, Refusal), facts
        for fact in facts:
            state = apply_event(state, state.seq + 1, fact)
    return state


def busy_in(state: CoupleState, now: datetime) -> set[tuple[datetime, datetime]]:
    """The times still to come that the state holds taken."""
    return {(one.start, one.end) for one in state.busy if not one.is_cancelled and one.end > now}


__all__ = ["couple"]
