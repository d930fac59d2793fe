"""Is anything a couple told still stored once it has left, while its messages were coming in all the time?

All services are at work; every message of every stream and bucket is read afterwards, bodies and headers included.
"""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

from tests.broker.edge_kit import Edge, edge
from tests.broker.nudges_kit import receiving
from threedates.cadence import app as cadence
from threedates.calendars import app as calendars
from threedates.edge.clock import system_clock
from threedates.edge.couples import TOMBSTONES
from threedates.edge.directget import Stored
from threedates.edge.endpoints import Endpoints
from threedates.edge.feedrecords import FeedRecords
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS, INTAKE, streams
from threedates.intake import app as intake
from threedates.invites import app as invites
from threedates.nudges import app as nudges
from threedates.schemas.base import rfc3339

WORDS = ("zebra-note", "zebra-sam", "zebra-alex", "zebra@example.org")
"""Nothing else has these words: a note, both names, a mail address."""
PARTNERS = [{"name": "zebra-sam", "quiet": None, "email": "zebra@example.org"}, {"name": "zebra-alex", "quiet": None}]


async def _send(e: Edge, what: str, **body: Any) -> None:
    await e.wire.publish(e.wire.names.inbound(what, "gone"), json.dumps(body).encode())  # type: ignore[arg-type]


async def _report(e: Edge, n: int) -> None:
    """A check-in, and one that is refused, which is kept as it came."""
    at = rfc3339(system_clock())
    await _send(e, "checkin", id=f"r{n}", partner="zebra-sam", at=at, mood=2, note="zebra-note")
    await _send(e, "checkin", id=f"x{n}", partner="nobody", at=at, note="zebra-note")


async def _stored(e: Edge) -> list[Stored]:
    found: list[Stored] = []
    for stream in streams(e.settings):
        found += await e.wire.reader.tail(str(stream["name"]), ">", 1)
    return found


def _with_words(found: list[Stored]) -> list[str]:
    return [s.subject for s in found if any(word in f"{s.data!r}{s.headers}{s.subject}" for word in WORDS)]


async def test_not_a_word_is_left_in_any_stream_or_bucket(nats_url: str, prefix: str) -> None:
    """Check-ins and refused input keep coming in until the last erasure; a webhook waits for its next try meanwhile."""
    async with AsyncExitStack() as stack:
        down = await stack.enter_async_context(receiving(500))
        e = await stack.enter_async_context(edge(nats_url, prefix, allow_networks="127.0.0.0/8", ack_wait=2))
        for make in (intake.make, cadence.make, invites.make, nudges.make, calendars.make):
            service: Any = make(e.settings)
            await service.start()
            stack.push_async_callback(service.stop)
        await Endpoints(e.wire).create("gone", down.url, system_clock())
        join = {"partners": PARTNERS, "tz": "Europe/Berlin", "cadence": {"fun": {"lead": "P8D"}}}
        await _send(e, "command", type="join", id="j", at=rfc3339(system_clock()), key_id="k", settings=join)
        await FeedRecords(e.wire).create_first("gone", system_clock())
        await down.got(1)
        await _report(e, 0)
        await e.idle(INTAKE, e.wire.names.inbox)
        assert _with_words(await _stored(e))
        await _send(e, "command", type="leave", id="l", at=rfc3339(system_clock()), by="zebra-sam")
        n = 0
        async with asyncio.timeout(60):
            while not await _is_over(e):
                n += 1
                await _report(e, n)
                await asyncio.sleep(0.05)
        await e.idle(INTAKE, e.wire.names.inbox)
        await e.idle(CADENCE_FACTS, e.wire.names.log)
        async with asyncio.timeout(60):
            while await _is_timed(e):
                await asyncio.sleep(0.05)
        await e.idle(CADENCE_DUE, e.wire.names.timers)
        found = await _stored(e)
    assert _with_words(found) == []
    kept = {s.subject for s in found if "gone" in s.subject} - {e.wire.names.bucket_subject("tombstones", "gone")}
    # What comes after the end is refused, which says so much: that the couple left.
    assert kept <= {e.wire.names.refused("gone", "checkin")}


async def _is_over(e: Edge) -> bool:
    """Whether the last erasure is due. Until then its timer is cleared, and set anew, by what comes late."""
    tombstone = await e.wire.get(TOMBSTONES, "gone")
    if tombstone is None:
        return False
    return system_clock() > datetime.fromisoformat(tombstone.data.decode()) + timedelta(seconds=2 * e.settings.ack_wait)


async def _is_timed(e: Edge) -> bool:
    """Whether the couple's last erasure is still to come."""
    return bool(await e.wire.reader.last_of(e.wire.names.timers, [e.wire.names.timer("gone")]))
