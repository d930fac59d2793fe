"""What the tests of admission share: an instant, a couple with a date, and short ways to send and to look."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from threedates.core.admission import Refusal, admit
from threedates.core.fold import fold
from threedates.core.state import CoupleState
from threedates.schemas.base import rfc3339
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.inbound import What
from threedates.schemas.log import Booked, Fact, Joined

NOW = datetime(2026, 11, 20, 20, 4, tzinfo=UTC)
AT = rfc3339(NOW)
DATE_UID = "ada-fun-1@threedates"
SETTINGS = {
    "tz": "Europe/Berlin",
    "partners": [{"name": "Sam", "email": "Sam@example.org"}, {"name": "Alex", "tz": "Europe/Lisbon"}],
}


def couple() -> CoupleState:
    """Sam and Alex, with a fun date booked for tomorrow evening."""
    start = NOW + timedelta(days=1)
    events: list[tuple[int, Fact]] = [
        (1, Joined(id="j1", at=NOW - timedelta(days=3), key_id="k", settings=CoupleSettings.model_validate(SETTINGS))),
        (
            2,
            Booked(
                id="b1", at=NOW, by="Sam", kind="fun", start=start, end=start + timedelta(hours=3), status="scheduled"
            ),
        ),
    ]
    state = fold("ada", events)
    assert state is not None
    return state


def sent(what: What, body: Any, state: CoupleState | None = None, *, nobody: bool = False) -> list[Fact] | Refusal:
    """Send a body (JSON unless bytes) to the couple, or to an id nobody joined under."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return admit(what, "ada", raw, None if nobody else state or couple(), NOW)


def taken(what: What, body: Any, **how: Any) -> Any:
    """The one fact that comes of it."""
    facts = sent(what, body, **how)
    assert isinstance(facts, list), facts
    (fact,) = facts
    return fact


def refused(what: What, body: Any, **how: Any) -> Refusal:
    """The refusal that comes of it."""
    refusal = sent(what, body, **how)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.detail
    return refusal


def check_in(**fields: Any) -> dict[str, Any]:
    return {"id": "c1", "partner": "Sam", "at": AT, **fields}


def event(**fields: Any) -> dict[str, Any]:
    times = {"start": "2026-11-27T19:00:00", "end": "2026-11-27T22:00:00"}
    return {"id": "e1", "source": "sam-google", "uid": "abc@google.com", **times, **fields}


def command(type_: str, **fields: Any) -> dict[str, Any]:
    return {"type": type_, "id": "m1", "at": AT, **fields}


def join(**settings: Any) -> dict[str, Any]:
    return command("join", key_id="k", settings={**SETTINGS, **settings})
