"""What may fail in turn while couples fall due on three nodes with two of each service: shared by a test and a bench.

In: a directory, how many couples, over how many seconds they fall due. Out: what each did to the installation, and the
proof that every nudge was decided once and came at least once under its one id.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.e2e.cluster import Cluster, cluster, now, settings_of
from tests.e2e.nodes import ThreeNodes, leader, three_nodes, whole

SERVICES = ("cadence", "cadence-2", "nudges", "nudges-2")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Survived:
    """What came of it: nudges, deliveries of them (some twice), and how long it took from the first due one."""

    nudges: int
    deliveries: int
    seconds: float


async def survive(directory: Path, couples: int, seconds: float, say: Say, patience: float) -> Survived:
    """Kill everything once, one thing at a time. Raises TimeoutError where a nudge has not come after ``patience``."""
    async with (
        asyncio.timeout(patience),
        three_nodes(directory / "nodes") as nodes,
        cluster(directory, broker=nodes, replicas=3) as installation,
    ):
        await installation.endpoint("nudge.due")
        ids = await installation.join(
            couples, settings_of(3600), now() + timedelta(seconds=4), timedelta(seconds=seconds)
        )
        began = time.monotonic()
        for name in SERVICES:
            installation.serve(name)
        await _everything_fails(installation, nodes, say)
        expected = {f"{couple_id}-fun-0-due-a" for couple_id in ids}
        while not expected <= set(installation.received):
            await asyncio.sleep(0.2)
        took = time.monotonic() - began
        await whole(installation.wire, installation.settings)
        await installation.settled()
        for couple_id in ids:
            decided = (await installation.nudges(couple_id))[f"{couple_id}-fun-0-due-a"]
            assert decided == 1, f"{couple_id}: decided {decided} times"
        assert set(installation.received) == expected
        return Survived(couples, installation.received.total(), took)


async def _everything_fails(installation: Cluster, nodes: ThreeNodes, say: Say) -> None:
    wire, settings = installation.wire, installation.settings
    log = settings.names.log
    leading = await leader(wire, log)
    follower = next(name for name in nodes.servers if name != leading)
    say(f"node {follower} is killed and returns")
    await nodes.kill_and_return(wire, settings, follower)
    for name in SERVICES:
        say(f"{name} is killed and started again")
        installation.kill(name)
        installation.serve(name)
        await asyncio.sleep(0.5)
    leading = await leader(wire, log)
    say(f"node {leading}, which leads the log, is killed and returns")
    await nodes.kill_and_return(wire, settings, leading)
