"""Couples to measure with, put into the log exactly as the services would have left them after joining.

For each couple the product's own ``decide`` makes the joining look; its proposals, the facts that nobody heard the
first nudges, and the timer are published one after another without waiting, which is some ten times faster than having
the services do it. The bench is the log's only writer meanwhile, so it knows every sequence beforehand.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.installation import KEY_ID, Installation
from bench.waiting import until
from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.schemas.base import rfc3339
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined, LogEvent, NudgeDropped, encode
from threedates.schemas.outcomes import NudgeOutcome
from threedates.schemas.subjects import Names

TARGET = timedelta(hours=1)
_RARE = {"target": "P300D", "floor": "P365D"}
# Fun dates fall due an hour after joining, and nothing holds a nudge back.
SETTINGS = CoupleSettings.model_validate(
    {
        "tz": "Europe/Berlin",
        "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}],
        "cadence": {"fun": {"target": "PT1H"}, "business": _RARE, "emotional": _RARE},
        "budget": {"per_week": None, "min_gap": "PT0S"},
    }
)
_FLUSH_EVERY = 1_000
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message to publish."""

    subject: str
    data: bytes
    headers: dict[str, str] | None = None


def couple_name(n: int) -> str:
    """The id of the n-th couple."""
    return f"c{n:06d}"


def expected_nudge(n: int) -> str:
    """The webhook-id of the n-th couple's first nudge that its fun date is due."""
    return f"{couple_name(n)}-fun-0-due-a"


async def load(installation: Installation, count: int, due_of: Callable[[int], datetime], now: datetime) -> None:
    """Load couples whose fun dates fall due then, into an empty log."""
    names = installation.settings.names

    def messages() -> Iterator[Message]:
        seq = 1
        for n in range(count):
            logged, timer = settled_couple(names, couple_name(n), due_of(n) - TARGET, now, seq)
            yield from logged
            yield timer
            seq += len(logged)

    published = await publish_all(installation, messages())
    await stored(installation, names.log, published - count)
    await stored(installation, names.timers, count)


def settled_couple(
    names: Names, couple_id: str, joined_at: datetime, now: datetime, seq: int
) -> tuple[list[Message], Message]:
    """The couple's log, whose first message will have that sequence, and its timer."""
    events: list[LogEvent] = [Joined(id=f"join-{couple_id}", at=joined_at, settings=SETTINGS, key_id=KEY_ID)]
    state = fold(couple_id, [(seq, events[0])])
    assert state is not None
    look = decide(state, now)
    events.append(look)
    for outcome in look.outcomes:
        if isinstance(outcome, NudgeOutcome):
            dropped = f"{outcome.nudge_id}-dropped"
            events.append(NudgeDropped(id=dropped, at=now, nudge_id=outcome.nudge_id, reason="no_endpoint"))
    for event in events[1:]:
        state = apply_event(state, state.seq + 1, event)
    logged = [Message(names.decision(couple_id) if e is look else names.fact(couple_id), encode(e)) for e in events]
    return logged, _timer(names, state, now)


def _timer(names: Names, state: CoupleState, now: datetime) -> Message:
    decision = decide(state, now)
    assert decision.next_look is not None
    assert not decision.outcomes
    headers = {
        "Nats-Schedule": f"@at {rfc3339(decision.next_look)}",
        "Nats-Schedule-Target": names.due(state.couple_id),
    }
    return Message(names.timer(state.couple_id), json.dumps({"folded_to": state.seq}).encode(), headers)


async def publish_all(installation: Installation, messages: Iterator[Message]) -> int:
    """Publish without waiting for each; returns how many. Whether all were stored is for :func:`stored` to say."""
    client, count = installation.wire.client, 0
    for message in messages:
        await client.publish(message.subject, message.data, headers=message.headers)
        count += 1
        if count % _FLUSH_EVERY == 0:
            await client.flush(30)
    await client.flush(30)
    return count


async def stored(installation: Installation, stream: str, count: int) -> None:
    """Wait until a stream holds so many messages. Raises TimeoutError where it never does."""

    async def has_them() -> bool:
        return await installation.messages(stream) >= count

    if not await until(has_them, _PATIENCE_SECONDS):
        raise TimeoutError(f"{stream} does not hold {count} messages after {_PATIENCE_SECONDS:g} s")
