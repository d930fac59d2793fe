"""What may fail in turn while couples fall due on three nodes with two of each service: shared by a test and a bench.

In: a directory, how many couples, over how many seconds they fall due. Out: what each did to the installation, and the
proof that every nudge was decided once and came at least once under its one id.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.e2e.cluster import Cluster, cluster, now, settings_of
from tests.e2e.network import Network
from tests.e2e.nodes import ThreeNodes, leader, three_nodes, whole
from threedates.edge.errors import Unavailable
from threedates.schemas.base import rfc3339

PIPELINE = ("cadence", "nudges")
"""What it takes from a timer to a nudge."""
Say = Callable[[str], None]
Fault = Callable[[Cluster, ThreeNodes, Say], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Survived:
    """What came of it: nudges, deliveries of them (some twice), and how long it took from the first due one."""

    nudges: int
    deliveries: int
    seconds: float


async def survive(
    directory: Path,
    couples: int,
    seconds: float,
    say: Say,
    patience: float,
    faults: Sequence[Fault],
    network: Network | None = None,
    services: Sequence[str] = PIPELINE,
) -> Survived:
    """Let one thing fail after another. Raises TimeoutError where a nudge has not come after ``patience``.

    There are two of each service. With the intake among them each couple checks in meanwhile, which must not be lost.
    """
    async with (
        asyncio.timeout(patience),
        three_nodes(directory / "nodes", network) as nodes,
        cluster(directory, broker=nodes, replicas=3) as installation,
    ):
        await installation.endpoint("nudge.due")
        ids = await installation.join(
            couples, settings_of(3600), now() + timedelta(seconds=4), timedelta(seconds=seconds)
        )
        began = time.monotonic()
        # The hard case: what leads the log is also what the services are connected to.
        leading = await leader(installation.wire, installation.settings.names.log)
        installation.env["THREEDATES_NATS_URL"] = nodes.servers[leading].url
        for service in services:
            installation.serve(service)
            installation.serve(f"{service}-2")
        reporting = asyncio.create_task(_all_check_in(installation, ids if "intake" in services else []))
        for fault in faults:
            await fault(installation, nodes, say)
        expected = {f"{couple_id}-fun-0-due-a" for couple_id in ids}
        while not expected <= set(installation.received):
            await asyncio.sleep(0.2)
        took = time.monotonic() - began
        reported = await reporting
        await whole(installation.wire, installation.settings)
        await installation.settled()
        for couple_id in ids:
            decided = (await installation.nudges(couple_id))[f"{couple_id}-fun-0-due-a"]
            assert decided == 1, f"{couple_id}: decided {decided} times"
        for couple_id in reported:
            assert _check_in(couple_id) in (await installation.state(couple_id)).seen, f"{couple_id}: not heard"
        assert set(installation.received) == expected
        return Survived(couples, installation.received.total(), took)


async def follower_is_killed(installation: Cluster, nodes: ThreeNodes, say: Say) -> None:
    """A node that does not lead the log is killed and returns."""
    leading = await leader(installation.wire, installation.settings.names.log)
    follower = next(name for name in nodes.servers if name != leading)
    say(f"node {follower} is killed and returns")
    await nodes.kill_and_return(installation.wire, installation.settings, follower)


async def services_are_killed(installation: Cluster, nodes: ThreeNodes, say: Say) -> None:
    """Every service is killed in turn, and started again."""
    for name in list(installation.processes):
        say(f"{name} is killed and started again")
        installation.kill(name)
        installation.serve(name)
        await asyncio.sleep(0.5)


async def leader_is_killed(installation: Cluster, nodes: ThreeNodes, say: Say) -> None:
    """The node that leads the log is killed and returns."""
    leading = await leader(installation.wire, installation.settings.names.log)
    say(f"node {leading}, which leads the log, is killed and returns")
    await nodes.kill_and_return(installation.wire, installation.settings, leading)


KILLED: tuple[Fault, ...] = (follower_is_killed, services_are_killed, leader_is_killed)


async def leader_is_cut_off(installation: Cluster, nodes: ThreeNodes, say: Say) -> None:
    """The node that leads the log, with services connected to it, is cut off until they have moved; and rejoins."""
    assert nodes.network is not None
    wire, settings = installation.wire, installation.settings
    leading = await leader(wire, settings.names.log)
    others = [name for name in nodes.servers if name != leading]
    while await _served_by(installation, nodes, [leading]) != len(installation.processes):
        await asyncio.sleep(0.2)
    say(f"node {leading}, which leads the log and which every service is connected to, is cut off")
    nodes.network.cut(leading)
    while await _served_by(installation, nodes, others) != len(installation.processes):
        await asyncio.sleep(0.2)
    say("the services have moved")
    while any([leading in await nodes.routes(name) for name in others]):
        await asyncio.sleep(0.2)
    say("the others have no route to it any more")
    new = await leader(wire, settings.names.log)
    assert new != leading
    say(f"node {new} leads the log")
    nodes.network.mend(leading)
    say(f"node {leading} is back")
    await whole(wire, settings)
    say("whole")


async def _served_by(installation: Cluster, nodes: ThreeNodes, names: Sequence[str]) -> int:
    """How many services are connected to those nodes."""
    clients = [await nodes.clients(name) for name in names]
    services = {name.partition("-")[0] for name in installation.processes}
    return sum(one[f"threedates-{service}"] for one in clients for service in services)


async def _all_check_in(installation: Cluster, couples: Sequence[str]) -> Sequence[str]:
    """Send a check-in of each couple, one after another, as often as it takes until the broker has it."""
    for couple_id in couples:
        subject = installation.settings.names.inbound("checkin", couple_id)
        body = json.dumps({"id": _check_in(couple_id), "partner": "sam", "at": rfc3339(now()), "mood": 4}).encode()
        while True:
            with suppress(Unavailable):
                await installation.wire.publish(subject, body)
                break
            await asyncio.sleep(0.2)
    return couples


def _check_in(couple_id: str) -> str:
    return f"told-{couple_id}"
