"""With two replicas of cadence and of nudges, nothing is decided twice and, undisturbed, nothing is sent twice."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.cluster import cluster, now, settings_of

COUPLES = 1_000


@pytest.mark.timeout(180)
async def test_a_thousand_couples_bring_a_thousand_nudges(tmp_path: Path) -> None:
    """Replicas share the work through the broker alone; a nudge's id is the same whoever decides it."""
    # A wait longer than any of this machine's pauses, so that nothing is handed to another replica meanwhile.
    async with cluster(tmp_path, ack_wait=60) as installation:
        await installation.endpoint("nudge.due")
        couples = await installation.join(
            COUPLES, settings_of(3600), now() + timedelta(seconds=12), timedelta(seconds=3)
        )
        for name in ("cadence", "cadence-2", "nudges", "nudges-2"):
            installation.serve(name)
        expected = {f"{couple_id}-fun-0-due-a" for couple_id in couples}
        async with asyncio.timeout(90):
            while not expected <= set(installation.received):
                await asyncio.sleep(0.5)
        await installation.settled()
        assert installation.received == dict.fromkeys(expected, 1)
        for couple_id in couples:
            assert (await installation.nudges(couple_id))[f"{couple_id}-fun-0-due-a"] == 1
