"""What a long queue for a dead endpoint costs: the memory of the nudges service, and the lateness of a good endpoint.

Tasks for one endpoint that refuses connections are put in the stream as fast as it goes, and each is parked on a
schedule in turn. Then a good endpoint is sent something ten times a second, while parked tasks come back and are parked
anew. Once there is nothing for the dead endpoint, and once there is the queue.
"""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench import couples
from bench.couples import Message
from bench.deliveries import BODY, SECRET
from bench.installation import KEY_ID, Installation, free_port, installation
from bench.report import Report, quantile
from bench.sink import Sink, sink
from bench.waiting import until
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.topology import NUDGES_DELIVER
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined, encode
from threedates.schemas.webhook import Delivery

COUNT = int(os.environ.get("BENCH_BACKLOG", "200000"))
"""How many are queued; ``BENCH_BACKLOG`` sets it."""
SECONDS = 180
PER_SECOND = 10
_PATIENCE_SECONDS = 3_600.0


async def run() -> None:
    """Measure without a queue, then with it."""
    report = Report(
        "backlog",
        f"{COUNT:,} deliveries queued for one dead endpoint, beside a good one ({SECONDS} s)",
        "queued", "parked in s", "MB at start", "MB at most", "handed out/s", "CPU %", "p50", "p99", "missing",
        "broker MB",
    )  # fmt: skip
    for queued in (0, COUNT):
        async with sink() as there, installation("lazy") as made:
            report.row(queued, *await _measure(made, there, queued))
    report.note(
        "MB and CPU of the service; p50 and p99: lateness of the good endpoint in seconds, once the queue is parked"
    )
    report.publish()


@dataclass(slots=True)
class Watch:
    """The most memory that the service was seen with, in MB."""

    made: Installation
    most: float = 0.0

    async def keep(self) -> None:
        """Look twice a second, until cancelled."""
        while True:
            self.most = max(self.most, self.made.services["nudges"].memory)
            await asyncio.sleep(0.5)


async def _measure(made: Installation, there: Sink, queued: int) -> tuple[float, ...]:
    await made.apply()
    dead, good, last = await _prepare(made, there)
    await made.serve("nudges")
    before, began = made.services["nudges"].memory, time.monotonic()
    watch = Watch(made)
    watching = asyncio.create_task(watch.keep())
    assert await couples.publish_all(made, _tasks(made, dead, last, queued)) == queued
    if not await until(lambda: _is_parked(made, queued), _PATIENCE_SECONDS, every=0.5):
        raise RuntimeError("the queue was not parked in time")
    parked_in = time.monotonic() - began
    handed, cpu = await _handed_out(made), made.services["nudges"].cpu
    sent = await _send(made, good, last)
    handed = await _handed_out(made) - handed - len(sent)
    cpu = (made.services["nudges"].cpu - cpu) / SECONDS * 100
    await until(lambda: _all_came(there, sent), 60.0, every=1.0)
    watching.cancel()
    arrived: dict[str, float] = {}
    for one, at in await there.taken():
        arrived.setdefault(one, at)
    late = [arrived[one] - at for one, at in sent.items() if one in arrived]
    return (
        parked_in, before, watch.most, handed / SECONDS, cpu, quantile(late, 0.5), quantile(late, 0.99),
        len(sent) - len(late), made.broker_memory(),
    )  # fmt: skip


async def _prepare(made: Installation, there: Sink) -> tuple[KeptEndpoint, KeptEndpoint, int]:
    """A couple, a dead endpoint and a good one; and the sequence of the last fact."""
    now, store = system_clock(), Endpoints(made.wire)
    settings = CoupleSettings.model_validate({"tz": "UTC", "partners": [{"name": "sam"}, {"name": "alex"}]})
    joined = Joined(id="c0-join", at=now, settings=settings, key_id=KEY_ID)
    last = await made.wire.publish(made.wire.names.fact("c0"), encode(joined))
    dead = await store.create("c0", f"http://127.0.0.1:{free_port()}/hook", now, SECRET)
    return dead, await store.create("c0", there.url, now, SECRET), last


def _tasks(made: Installation, endpoint: KeptEndpoint, last: int, count: int) -> Iterator[Message]:
    for n in range(count):
        yield Message(made.wire.names.deliver("c0", endpoint.id), encode(_task(endpoint, n, last)))


def _task(endpoint: KeptEndpoint, n: int, last: int) -> Delivery:
    return Delivery(
        message_id=f"c0-fun-{n}-due-a", endpoint_id=endpoint.id, couple_id="c0", type="nudge.due", body=BODY,
        decided_seq=last + 1, kind="fun", stage="due", addressee="sam", first_at=system_clock() + timedelta(hours=1),
    )  # fmt: skip


async def _send(made: Installation, endpoint: KeptEndpoint, last: int) -> dict[str, float]:
    """Send to the good endpoint at a steady rate; when each was put in the stream, by webhook-id."""
    sent: dict[str, float] = {}
    begin = time.time()
    for n in itertools.count():
        wait = begin + n / PER_SECOND - time.time()
        if time.time() > begin + SECONDS:
            return sent
        await asyncio.sleep(max(0.0, wait))
        task = _task(endpoint, COUNT + n, last)
        sent[task.message_id] = time.time()
        await made.wire.client.publish(made.wire.names.deliver("c0", endpoint.id), encode(task))
    raise AssertionError


async def _is_parked(made: Installation, queued: int) -> bool:
    """Whether each was handed out once; what waits then are those that came back."""
    return await _handed_out(made) >= queued


async def _handed_out(made: Installation) -> int:
    return int((await _consumer(made))["delivered"]["consumer_seq"])


async def _all_came(there: Sink, sent: dict[str, float]) -> bool:
    return sent.keys() <= {one for one, _ in await there.taken()}


async def _consumer(made: Installation) -> dict[str, Any]:
    return await made.wire.api(f"CONSUMER.INFO.{made.wire.names.deliveries}.{NUDGES_DELIVER}")
