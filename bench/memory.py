"""Memory per service with 1,000, 10,000 and 100,000 couples in the store: it should not grow with them.

At each size fresh services work through the same load: a check-in from each of up to 2,500 couples spread over all,
which makes their joining look, proposals, rendered dates and dropped nudges; some status calls; one sweep over all
timers.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

import httpx

from bench import couples
from bench.couples import SETTINGS, TARGET, Message, couple_name
from bench.installation import API_KEY, KEY_ID, Installation, free_port, installation
from bench.intake import check_ins
from bench.report import Report
from threedates.edge.clock import system_clock
from threedates.edge.timers import SWEEP
from threedates.schemas.base import rfc3339
from threedates.schemas.log import Joined, encode

SIZES = (1_000, 10_000, 100_000)
MOST_WORKED_ON = 2_500
STATUS_CALLS = 300
SERVICES = ("intake", "cadence", "invites", "nudges", "gateway")


async def run() -> None:
    """Measure and publish."""
    report = Report("memory", "resident memory after the same load (MB)", "couples", *SERVICES, "broker")
    for size in SIZES:
        async with installation("lazy", http=f"127.0.0.1:{free_port()}") as made:
            await _load(made, size)
            await made.serve(*SERVICES)
            await _work(made, size)
            found = {name: child.memory for name, child in made.services.items()}
            report.row(size, *(found[name] for name in SERVICES), made.broker_memory())
    report.publish()


async def _load(made: Installation, size: int) -> None:
    """Couples that joined lately, with timers as an earlier look would have left them."""
    names = made.settings.names
    await made.create_streams()
    published = await couples.publish_all(made, _couples(made, size))
    assert published == 2 * size
    await couples.stored(made, names.log, size)
    await couples.stored(made, names.timers, size)
    await made.create_consumers()


def _couples(made: Installation, size: int) -> Iterator[Message]:
    names, now = made.settings.names, system_clock()
    fact = encode(Joined(id="joined", at=now, settings=SETTINGS, key_id=KEY_ID))
    at = f"@at {rfc3339(now + TARGET)}"
    for n in range(size):
        name = couple_name(n)
        yield Message(names.fact(name), fact)
        headers = {"Nats-Schedule": at, "Nats-Schedule-Target": names.due(name)}
        yield Message(names.timer(name), json.dumps({"folded_to": n + 1}).encode(), headers)


async def _work(made: Installation, size: int) -> None:
    names, now = made.settings.names, system_clock() - timedelta(minutes=1)
    count = min(size, MOST_WORKED_ON)
    spread = size // count
    reports = (
        Message(f"{names.prefix}.in.checkin.{couple_name(n * spread)}", message.data)
        for n, message in enumerate(check_ins("", "memory", count, count, now))
    )
    await couples.publish_all(made, reports)
    await made.settled()
    async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {API_KEY}"}) as client:
        for n in range(min(STATUS_CALLS, count)):
            url = f"http://{made.settings.http}/v1/couples/{couple_name(n * spread)}/status"
            (await client.get(url)).raise_for_status()
    await made.wire.publish(names.due(SWEEP), b"{}")
    await made.settled()
