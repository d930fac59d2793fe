"""Two replicas of each service, couples falling due, and kill -9 ten times in a row, the broker included."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.cluster import cluster, now, settings_of

COUPLES = 400
SECONDS = 20
KILLS = 10


@pytest.mark.timeout(180)
async def test_every_due_couple_is_nudged_once_in_the_log_and_at_least_once_at_the_receiver(tmp_path: Path) -> None:
    """The promise the whole order of things is made for: no nudge lost, none decided twice, one id per nudge."""
    dice = random.Random(7)
    async with cluster(tmp_path) as installation:
        await installation.endpoint("nudge.due")
        target = 3600
        couples = await installation.join(
            COUPLES, settings_of(target), now() + timedelta(seconds=6), timedelta(seconds=SECONDS)
        )
        services = ["cadence", "cadence-2", "nudges", "nudges-2"]
        for name in services:
            installation.serve(name)
        await asyncio.sleep(6)
        for kill in range(KILLS):
            await asyncio.sleep(SECONDS / KILLS)
            victim = "broker" if kill % 4 == 1 else dice.choice(services)
            if victim == "broker":
                installation.broker.kill()
                await installation.broker.start()
            else:
                installation.kill(victim)
                installation.serve(victim)
        expected = {f"{couple_id}-fun-0-due-a" for couple_id in couples}
        async with asyncio.timeout(90):
            while not expected <= set(installation.received):
                await asyncio.sleep(0.5)
        await installation.settled()
        for couple_id in couples:
            assert (await installation.nudges(couple_id))[f"{couple_id}-fun-0-due-a"] == 1
        assert set(installation.received) == expected
