"""Check-ins from the inbox to the log, per second, against a bare nats-py process that pulls and publishes those bytes.

The inbox is filled first; the rate is that of the log's own timestamps, from a tenth of the way on, so that neither
starting a process nor the first look at each couple counts.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bench import bare_intake, couples
from bench.couples import Message, couple_name
from bench.installation import KEY_ID, Installation, installation
from bench.processes import spawn
from bench.report import Report, median
from bench.waiting import until
from threedates.edge.clock import system_clock
from threedates.edge.embedded_files import Sync
from threedates.schemas.base import rfc3339
from threedates.schemas.log import Joined, encode

COUPLES = 500
CHECK_INS = 5_000
ROUNDS = 3
AIM = 0.35
PATIENCE_SECONDS = 60.0


async def run() -> None:
    """Measure and publish."""
    report = Report("intake", "check-ins from inbox to log (per second)", "sync", "threedates", "bare", "ratio", "aim")
    for sync in ("lazy", "always"):
        ours, bare = await _rates(sync)
        report.row(sync, ours, bare, ours / bare, AIM)
    report.note(f"medians of {ROUNDS} rounds of {CHECK_INS:,} check-ins from {COUPLES:,} couples")
    report.publish()


async def _rates(sync: Sync) -> tuple[float, float]:
    ours: list[float] = []
    bare: list[float] = []
    async with installation(sync) as made:
        await _prepare(made)
        for n in range(ROUNDS):
            ours.append(await _ours(made, f"{sync}-{n}"))
            bare.append(await _bare(made, f"{sync}-{n}"))
    return median(ours), median(bare)


async def _prepare(made: Installation) -> None:
    names, now = made.settings.names, system_clock()
    await made.apply()
    joined = (
        Joined(id=f"join-{couple_name(n)}", at=now, settings=couples.SETTINGS, key_id=KEY_ID) for n in range(COUPLES)
    )
    await couples.publish_all(made, (Message(names.fact(one.id[5:]), encode(one)) for one in joined))
    await couples.stored(made, names.log, COUPLES)
    for stream in bare_intake.streams():
        await made.wire.api(f"STREAM.CREATE.{stream['name']}", stream)
    config = {"durable_name": bare_intake.CONSUMER, "ack_policy": "explicit", "max_ack_pending": 4096}
    body = {"stream_name": bare_intake.STREAM_IN, "config": config, "action": "create"}
    await made.wire.api(f"CONSUMER.CREATE.{bare_intake.STREAM_IN}.{bare_intake.CONSUMER}", body)


def check_ins(prefix: str, name: str, couple_count: int, count: int, now: datetime) -> Iterator[Message]:
    """Check-ins for the inbox, the couples in turn, each with an id that begins with that name."""
    for n in range(count):
        body = {
            "id": f"{name}-{n}", "partner": ("sam", "alex")[n % 2], "at": rfc3339(now), "mood": 3, "connection": 4,
            "loneliness": 1, "talk": "deep", "affection": 4, "stress": ["work"], "did": ["walk", "asked"],
            "together_minutes": 40, "note": "A long walk by the river; we talked about the summer.",
        }  # fmt: skip
        yield Message(f"{prefix}.{couple_name(n % couple_count)}", json.dumps(body).encode())


async def _ours(made: Installation, name: str) -> float:
    names = made.settings.names
    async with _filled(made, names.inbox, f"{names.prefix}.in.checkin", name):
        before = await made.messages(names.log)
        await made.serve("intake")
        return await _rate(made, names.log, f"{names.prefix}.log.*.fact", before)


async def _bare(made: Installation, name: str) -> float:
    async with _filled(made, bare_intake.STREAM_IN, "bare.in.checkin", name):
        before = await made.messages(bare_intake.STREAM_OUT)
        arguments = ["-m", "bench.bare_intake", made.broker.url]
        made.services["bare"] = spawn("bare", arguments, {}, made.data / "bare.log")
        return await _rate(made, bare_intake.STREAM_OUT, "bare.out.>", before)


@asynccontextmanager
async def _filled(made: Installation, stream: str, prefix: str, name: str) -> AsyncIterator[None]:
    await couples.publish_all(made, check_ins(prefix, name, COUPLES, CHECK_INS, system_clock()))
    await couples.stored(made, stream, CHECK_INS)
    try:
        yield
    finally:
        made.stop()


async def _rate(made: Installation, stream: str, subjects: str, before: int) -> float:
    """Messages per second of a stream, from a tenth of the way to the last."""
    last = before + CHECK_INS

    async def all_there() -> bool:
        return await made.messages(stream) >= last

    if not await until(all_there, PATIENCE_SECONDS):
        raise TimeoutError(f"{stream} has not grown by {CHECK_INS} within {PATIENCE_SECONDS:g} s")
    begin = before + CHECK_INS // 10
    taken = await _stored_at(made, stream, subjects, last) - await _stored_at(made, stream, subjects, begin)
    return (last - begin) / taken.total_seconds()


async def _stored_at(made: Installation, stream: str, subjects: str, seq: int) -> timedelta:
    """When a message was stored, as time since an arbitrary instant."""
    found = await made.wire.reader.first(stream, subjects, seq)
    assert found is not None
    assert found.seq == seq
    text = found.headers["Nats-Time-Stamp"]
    # Nanoseconds, which Python does not read.
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}+00:00") - _EPOCH + timedelta(seconds=float(f"0.{fraction or 0}"))


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
