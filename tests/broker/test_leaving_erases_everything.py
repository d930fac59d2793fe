"""A couple leaves: nothing of it stays in any stream or bucket but a tombstone, and late messages change nothing."""

import asyncio

from tests.broker.edge_kit import edge
from threedates.cadence.app import make
from threedates.edge.clock import system_clock
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS, streams
from threedates.schemas.log import Left


async def test_nothing_is_left_but_the_tombstone(nats_url: str, prefix: str) -> None:
    """Searched in every stream and bucket, with a fact that comes in late, and with what no fact announces after it."""
    async with edge(nats_url, prefix, ack_wait=2) as e:
        names = e.wire.names
        cadence = make(e.settings, system_clock)
        await cadence.start()
        try:
            await e.join("gone")
            await e.join("stays")
            await e.wire.put("endpoints", "gone.abc", b"{}")
            await e.wire.put("feeds", "gone.abc", b"{}")
            await e.wire.put("blocks", "gone.fun-1", b"{}")
            await e.wire.put("snapshots", "gone", b"{}")
            await e.wire.put("calendars", "gone.abc", b"{}")
            await e.wire.put("calendars", "gone.abc.told", b"{}")
            for subject in (
                names.refused("gone", "checkin"),
                names.refused("gone", "mail"),
                names.dead_letter("gone", "delivery"),
                names.attempt("gone", "gone_abc"),
                names.retry("gone", "gone_abc", "m"),
                names.deliver("gone", "gone_abc"),
                names.attempt("gone", "gone_mail-a"),
                names.retry("gone", "gone_mail-a", "m"),
                names.deliver("gone", "gone_mail-a"),
                names.inbound("checkin", "gone"),
                names.poll("gone", "abc"),
                names.poll_timer("gone", "abc"),
            ):
                await e.wire.publish(subject, b"{}")
            await e.idle(CADENCE_FACTS, names.log)
            await e.couples.append_fact("gone", Left(id="bye", at=system_clock()))
            async with asyncio.timeout(60):
                while not await e.couples.is_erased("gone"):
                    await asyncio.sleep(0.05)
            await e.idle(CADENCE_FACTS, names.log)
            await e.check_in("gone", "late")
            await e.idle(CADENCE_FACTS, names.log)
            # A delivery that was under way leaves its record; the last erasure is still to come.
            await e.wire.publish(names.attempt("gone", "gone_abc"), b"{}")
            async with asyncio.timeout(60):
                while names.attempt("gone", "gone_abc") in await e.subjects(names.attempts):
                    await asyncio.sleep(0.05)
            await e.idle(CADENCE_DUE, names.timers)
        finally:
            await cadence.stop()
        found: set[str] = set()
        for stream in streams(e.settings):
            found |= await e.subjects(stream["name"])
        of_gone = {subject for subject in found if "gone" in subject}
        assert of_gone == {names.bucket_subject("tombstones", "gone")}
        assert names.fact("stays") in found
