"""From due to nudge: couples falling due at a steady rate, and how late each one's nudge reaches a local receiver.

Lateness is arrival minus ``due_at``. Each load runs on a broker that syncs lazily, as a replicated one does, and on one
that syncs always; beside it a bare pipeline of the same shape. Every nudge must arrive, under one webhook-id.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench import bare_pipeline, couples
from bench.installation import KEY_ID, Installation, installation
from bench.processes import spawn
from bench.report import Report, console, quantile
from bench.sink import Sink, sink
from bench.waiting import until
from threedates.edge.clock import system_clock
from threedates.edge.embedded_files import Sync
from threedates.edge.endpoints import Endpoints, key_owner

SECONDS = 10
RATES = (300, 500, 1_000)
REPLICATED_RATE = 500
# What has not arrived this long after the last one fell due is counted as missing.
PATIENCE_SECONDS = 30.0
_SERVICES = ("cadence", "nudges")
_START = timedelta(seconds=6)
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Load:
    """One load: how many fall due each second, on which sort of broker, before how many replicas."""

    rate: int
    sync: Sync
    replicas: int = 1
    bare: bool = False

    @property
    def count(self) -> int:
        """How many couples fall due."""
        return self.rate * SECONDS

    def due_of(self, first: datetime, n: int) -> datetime:
        """When the n-th falls due."""
        return first + timedelta(microseconds=n * 1_000_000 // self.rate)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load: lateness in seconds, CPU time per nudge in milliseconds by process."""

    lateness: list[float]
    seconds: float
    repeated: int
    missing: int
    cpu: dict[str, float]


class TooLateError(Exception):
    """Loading took longer than planned: the first couple was due before everything ran."""


async def run() -> None:
    """Measure all loads."""
    report = Report(
        "nudges",
        f"due → nudge at a receiver, {SECONDS} s of couples falling due (lateness in seconds)",
        "pipeline", "sync", "due/s", "arrived/s", "p50", "p99", "max", "repeated", "missing", "CPU ms",
    )  # fmt: skip
    for load in _loads():
        console.print(f"[dim]{load}[/dim]", highlight=False)
        outcome = await _measure(load)
        late = outcome.lateness
        report.row(
            "bare" if load.bare else f"threedates ×{load.replicas}", load.sync, load.rate, len(late) / outcome.seconds,
            quantile(late, 0.5), quantile(late, 0.99), max(late, default=float("nan")), outcome.repeated,
            outcome.missing, sum(outcome.cpu.values()), cpu_ms=outcome.cpu,
        )  # fmt: skip
    report.note("CPU ms: per nudge, broker included, receiver not; by process in the JSON")
    report.publish()


def _loads() -> list[Load]:
    loads: list[Load] = []
    sync: Sync
    for sync, bare_rates in (("lazy", (500, 1_000)), ("always", (500,))):
        loads += [Load(rate, sync) for rate in RATES]
        loads += [Load(rate, sync, bare=True) for rate in bare_rates]
    return [*loads, Load(REPLICATED_RATE, "lazy", replicas=2)]


async def _measure(load: Load) -> Outcome:
    """One load; where the machine was too slow to load it in time, once more with more time."""
    margin = _START + timedelta(milliseconds=1.0) * load.count
    for _ in range(_TRIES):
        try:
            async with sink() as receiver, installation("lazy") as made:
                return await (_bare if load.bare else _ours)(made, receiver, load, margin)
        except TooLateError:
            margin *= 2
    raise TooLateError(f"{load.count} couples could not be loaded within {margin}")


async def _ours(made: Installation, receiver: Sink, load: Load, margin: timedelta) -> Outcome:
    now = system_clock()
    first = now + margin
    await made.create_streams()
    await Endpoints(made.wire).create(key_owner(KEY_ID), receiver.url, now, types=("nudge.due",), kinds=("fun",))
    await couples.load(made, load.count, lambda n: load.due_of(first, n), now)
    await made.sync(load.sync)
    await made.create_consumers()
    names = [name for service in _SERVICES for name in (service, f"{service}-2")[: load.replicas]]
    await made.serve(*names)
    due = {couples.expected_nudge(n): load.due_of(first, n).timestamp() for n in range(load.count)}
    return await _watch(made, receiver, first, due)


async def _bare(made: Installation, receiver: Sink, load: Load, margin: timedelta) -> Outcome:
    first = system_clock() + margin
    await bare_pipeline.prepare(made.wire.client)
    await bare_pipeline.load(made.wire.client, load.count, lambda n: load.due_of(first, n))
    await couples.stored(made, "BARE_TIMERS", load.count)
    await made.sync(load.sync)
    for role in bare_pipeline.ROLES:
        arguments = ["-m", "bench.bare_pipeline", role, made.broker.url, receiver.url]
        made.services[role] = spawn(role, arguments, {}, made.data / f"{role}.log")
    return await _watch(made, receiver, first, {f"c{n}": load.due_of(first, n).timestamp() for n in range(load.count)})


async def _watch(made: Installation, receiver: Sink, first: datetime, due: dict[str, float]) -> Outcome:
    """Wait for the nudges and see how late they were. ``due`` is by webhook-id. Raises TooLateError."""
    wait = (first - system_clock()).total_seconds() - 0.5
    if wait < 0:
        raise TooLateError
    await asyncio.sleep(wait)
    before = made.cpu()

    async def all_came() -> bool:
        return await receiver.count() >= len(due)

    await until(all_came, SECONDS + PATIENCE_SECONDS, every=0.5)
    after = made.cpu()
    taken = await receiver.taken()
    arrived: dict[str, float] = {}
    for one, at in taken:
        arrived.setdefault(one, at)
    assert arrived.keys() <= due.keys(), "something arrived that nobody was waiting for"
    cpu = {name: 1000 * (after[name] - before[name]) / max(1, len(arrived)) for name in before}
    lateness = [at - due[one] for one, at in arrived.items()]
    seconds = max(arrived.values(), default=0.0) - first.timestamp()
    repeated = sum(count - 1 for count in Counter(one for one, _ in taken).values())
    return Outcome(lateness, max(seconds, SECONDS), repeated, len(due) - len(arrived), cpu)
