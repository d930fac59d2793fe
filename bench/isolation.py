"""Does a bad endpoint delay a good one? Tasks for 200 endpoints at a steady rate, with and without 40 bad among them.

Of the bad ones twenty never answer and twenty answer after fifteen seconds. Lateness is a webhook's arrival at a good
endpoint minus the moment its task was put in the stream. Both are measured several times, in turns, and of each figure
the median counts: whatever else the machine does then falls on both.
"""

import asyncio
import time
from dataclasses import asdict, dataclass
from datetime import timedelta

from bench.deliveries import BODY, SECRET
from bench.installation import KEY_ID, Installation, installation
from bench.report import Report, console, median, quantile
from bench.sink import Sink, sink
from bench.waiting import until
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined, encode
from threedates.schemas.webhook import Delivery

GOOD, NEVER, SLOW = 160, 20, 20
ROUNDS = 3
SECONDS = 30
"""Each endpoint is sent something once a second, for so long."""
_PATIENCE_SECONDS = 30.0


async def run() -> None:
    """Measure without the bad ones and with them, in turns."""
    report = Report(
        "isolation",
        f"{GOOD} good endpoints, one webhook a second each for {SECONDS} s (lateness in seconds; {ROUNDS} rounds)",
        "bad endpoints", "arrived", "p50", "p99", "p99 of without", "max", "missing", "service CPU s", "service MB",
    )  # fmt: skip
    cases = {"none": (0, 0), f"{NEVER} silent, {SLOW} slow": (NEVER, SLOW)}
    found: dict[str, list[Measured]] = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, bad in cases.items():
            found[name].append(await _measure(*bad))
            console.print(f"[dim]{name}: p99 {found[name][-1].p99:.3f} s[/dim]", highlight=False)
    base = median([one.p99 for one in found["none"]])
    for name, rounds in found.items():
        p99 = median([one.p99 for one in rounds])
        arrived, missing = sum(one.arrived for one in rounds), sum(one.missing for one in rounds)
        middle = {part: median([getattr(one, part) for one in rounds]) for part in ("p50", "most", "cpu", "memory")}
        report.row(
            name, arrived, middle["p50"], p99, p99 / base, middle["most"], missing, middle["cpu"], middle["memory"],
            rounds=[asdict(one) for one in rounds],
        )  # fmt: skip
    report.note("silent: no answer within the 20 s an attempt may take; slow: after 15 s; medians of the rounds")
    report.publish()


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: lateness in seconds, what arrived and did not, the service's CPU seconds and MB."""

    arrived: int
    missing: int
    p50: float
    p99: float
    most: float
    cpu: float
    memory: float


async def _measure(never: int, slow: int) -> Measured:
    async with sink() as there, installation("lazy") as made:
        await made.apply()
        endpoints, last = await _prepare(made, there, never, slow)
        await made.serve("nudges")
        sent = await _send(made, endpoints, last)

        async def all_came() -> bool:
            return sent.keys() <= {one for one, _ in await there.taken()}

        await until(all_came, _PATIENCE_SECONDS, every=1.0)
        arrived: dict[str, float] = {}
        for one, at in await there.taken():
            arrived.setdefault(one, at)
        late = [arrived[one] - at for one, at in sent.items() if one in arrived]
        service = made.services["nudges"]
        return Measured(
            len(late), len(sent) - len(late), quantile(late, 0.5), quantile(late, 0.99), max(late), service.cpu,
            service.memory,
        )  # fmt: skip


async def _send(made: Installation, endpoints: list[KeptEndpoint], last: int) -> dict[str, float]:
    """Put the tasks in the stream; when those for good endpoints were, by webhook-id."""
    sent: dict[str, float] = {}
    begin = time.time()
    for n in range(SECONDS * len(endpoints)):
        wait = begin + n / len(endpoints) - time.time()
        if wait > 0:
            await asyncio.sleep(wait)
        endpoint = endpoints[n % len(endpoints)]
        task = Delivery(
            message_id=f"{endpoint.owner}-fun-{n}-due-a", endpoint_id=endpoint.id, couple_id=endpoint.owner,
            type="nudge.due", body=BODY, decided_seq=last + 1, kind="fun", stage="due", addressee="sam",
            first_at=system_clock() + timedelta(minutes=5),
        )  # fmt: skip
        if endpoint.url.endswith("/hook"):
            sent[task.message_id] = time.time()
        await made.wire.client.publish(made.wire.names.deliver(task.couple_id, endpoint.id), encode(task))
    return sent


async def _prepare(made: Installation, there: Sink, never: int, slow: int) -> tuple[list[KeptEndpoint], int]:
    """A couple with one endpoint each; and the sequence of the last fact."""
    now, store, names = system_clock(), Endpoints(made.wire), made.wire.names
    settings = CoupleSettings.model_validate({"tz": "UTC", "partners": [{"name": "sam"}, {"name": "alex"}]})
    base = there.url.removesuffix("/hook")
    endpoints: list[KeptEndpoint] = []
    last = 0
    for n, path in enumerate(["never"] * never + ["slow"] * slow + ["hook"] * GOOD):
        joined = Joined(id=f"c{n}-join", at=now, settings=settings, key_id=KEY_ID)
        last = await made.wire.publish(names.fact(f"c{n}"), encode(joined))
        endpoints.append(await store.create(f"c{n}", f"{base}/{path}", now, SECRET))
    return endpoints, last
