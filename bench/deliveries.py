"""Deliveries per second: task in the stream → signed POST → attempt recorded, beside bare clients that only post.

The bare ones post the same bytes to the same receiver, with as many under way: httpx over aiohttp's connections, and
aiohttp alone, which the product uses. Each runs in a process of its own.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta

import aiohttp
import httpx
import uvloop
from httpx_aiohttp import AiohttpTransport

from bench.installation import KEY_ID, Installation, installation
from bench.processes import cpu_of, spawn
from bench.report import Report, console, median
from bench.sink import Sink, sink
from bench.waiting import until
from threedates.core.signing import format_secret, signed_headers
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints, key_owner
from threedates.edge.topology import NUDGES_DELIVER
from threedates.schemas.base import rfc3339
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined, encode
from threedates.schemas.webhook import Delivery

COUNT = 10_000
ROUNDS = 3
IN_FLIGHT = (50, 200)
COUPLES = 100
ENDPOINTS = 8
BODY = json.dumps({"type": "nudge.due", "data": {"title": "A date", "message": "x" * 1_000}})
SECRET = format_secret(b"k" * 32)
_PATIENCE_SECONDS = 240.0
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: deliveries per second, CPU seconds of who posts and of the broker, repeated and missing deliveries."""

    rate: float
    cpu: float
    broker: float = 0.0
    repeated: int = 0
    missing: int = 0


async def run() -> None:
    """Measure all three at each number under way, in turns, so that whatever else the machine does falls on all."""
    report = Report(
        "deliveries",
        f"{COUNT:,} deliveries to one receiver on this machine ({ROUNDS} rounds)",
        "what", "under way", "deliveries/s", "of bare httpx", "CPU s per 10,000", "broker's", "repeated", "missing",
    )  # fmt: skip
    for in_flight in IN_FLIGHT:
        found: dict[str, list[Measured]] = {"threedates": [], "bare httpx": [], "bare aiohttp": []}
        for _ in range(ROUNDS):
            for name, rounds in found.items():
                rounds.append(await (_bare(name.split()[1], in_flight) if " " in name else _ours(in_flight)))
                console.print(f"[dim]{name}, {in_flight} under way: {rounds[-1]}[/dim]", highlight=False)
        base = median([one.rate for one in found["bare httpx"]])
        for name, rounds in found.items():
            rate, cpu, broker = (median([getattr(one, part) for one in rounds]) for part in ("rate", "cpu", "broker"))
            repeated, missing = sum(one.repeated for one in rounds), sum(one.missing for one in rounds)
            per = 10_000 / COUNT
            report.row(
                name, in_flight, rate, rate / base, cpu * per, broker * per, repeated, missing,
                rounds=[asdict(one) for one in rounds],
            )  # fmt: skip
    report.note("medians; from the first arrival to the last; CPU of the service alone, or of the bare client")
    report.publish()


async def _bare(name: str, in_flight: int) -> Measured:
    """A bare client's run."""
    async with sink() as there:
        client = spawn(name, ["-m", "bench.deliveries", name, str(in_flight), there.url], {})
        try:
            cpu = float(await client.line())
            return Measured(await _rate(there), cpu)
        finally:
            client.end()


async def _ours(in_flight: int) -> Measured:
    """The product's run; the service has started, and the tasks lie there, before any of them is handed out."""
    async with sink() as there, installation("lazy") as made:
        await made.apply()
        await _load(made, there)
        made.env["THREEDATES_IN_FLIGHT"] = str(in_flight)
        pause = f"CONSUMER.PAUSE.{made.settings.names.deliveries}.{NUDGES_DELIVER}"
        await made.wire.api(pause, {"pause_until": rfc3339(system_clock() + timedelta(hours=1))})
        await made.serve("nudges")
        before = made.cpu()
        await made.wire.api(pause, {})
        attempts = made.settings.names.attempts

        async def all_recorded() -> bool:
            return await there.count() >= COUNT and await made.messages(attempts) >= COUNT

        await until(all_recorded, _PATIENCE_SECONDS, every=0.2)
        used = {name: seconds - before[name] for name, seconds in made.cpu().items()}
        came = [one for one, _ in await there.taken()]
        arrived = len(set(came))
        return Measured(await _rate(there), used["nudges"], used["broker"], len(came) - arrived, COUNT - arrived)


async def _rate(there: Sink) -> float:
    at = sorted(when for _, when in await there.taken())
    return (len(at) - 1) / max(at[-1] - at[0], 1e-9)


async def _load(made: Installation, there: Sink) -> None:
    """Couples that joined, endpoints, and the tasks, as a decision a moment ago would have left them."""
    now, names = system_clock(), made.wire.names
    settings = CoupleSettings.model_validate({"tz": "UTC", "partners": [{"name": "sam"}, {"name": "alex"}]})
    last = 0
    for n in range(COUPLES):
        joined = Joined(id=f"c{n}-join", at=now, settings=settings, key_id=KEY_ID)
        last = await made.wire.publish(names.fact(f"c{n}"), encode(joined))
    store = Endpoints(made.wire)
    endpoints = [await store.create(key_owner(KEY_ID), there.url, now, SECRET) for _ in range(ENDPOINTS)]

    async def put(n: int) -> None:
        couple_id, endpoint = f"c{n % COUPLES}", endpoints[n % ENDPOINTS]
        task = Delivery(
            message_id=f"{couple_id}-fun-{n}-due-a", endpoint_id=endpoint.id, couple_id=couple_id, type="nudge.due",
            body=BODY, decided_seq=last + 1, kind="fun", cycle=0, stage="due", addressee="sam",
            first_at=now + timedelta(minutes=5),
        )  # fmt: skip
        await made.wire.publish(names.deliver(couple_id, endpoint.id), encode(task))

    for begin in range(0, COUNT, _AT_ONCE):
        await asyncio.gather(*(put(n) for n in range(begin, min(begin + _AT_ONCE, COUNT))))


async def _post_all(name: str, in_flight: int, url: str) -> None:
    """What a bare client does; prints its CPU seconds and waits to be ended."""
    body = BODY.encode()
    numbers = iter(range(COUNT))
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    client = httpx.AsyncClient(transport=AiohttpTransport(client=session), trust_env=False)

    async def one(n: int) -> None:
        headers = signed_headers((SECRET,), f"m-{n}", system_clock(), body)
        headers["content-type"] = "application/json"
        if name == "httpx":
            await client.post(url, content=body, headers=headers)
            return
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()

    async def lane() -> None:
        for n in numbers:
            await one(n)

    before = cpu_of(os.getpid())
    await asyncio.gather(*(lane() for _ in range(in_flight)))
    print(cpu_of(os.getpid()) - before, flush=True)
    await asyncio.sleep(_PATIENCE_SECONDS)


if __name__ == "__main__":
    uvloop.run(_post_all(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
