"""Feeds served per second, whole (200) and to clients that have them already (304), against a bare ASGI application.

Both run on the same server with the same settings and give the same bytes. A feed that nothing speaks against is kept
finished in memory; one that has just changed is made anew for every request, which is measured as well.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from bench.couples import SETTINGS
from bench.installation import KEY_ID, Installation, free_port, installation
from bench.load import load
from bench.processes import spawn
from bench.report import Report, median
from bench.waiting import until
from threedates.core.calendar.block import block_of
from threedates.core.calendar.event import tzid_of
from threedates.core.ids import date_uid
from threedates.core.links import feed_token
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.feedrecords import FeedRecords, couple_feed_id
from threedates.edge.feedstore import keep_block
from threedates.edge.tzfooter import timezone_block
from threedates.gateway.feedcache import SETTLING
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Joined

COUPLE = "c1"
DATES_PER_KIND = 4
ROUNDS = 3
SECONDS = 1.5
AIMS = {"200": 0.5, "304": 0.7}


async def run() -> None:
    """Measure and publish."""
    async with installation("lazy", http=f"127.0.0.1:{free_port()}") as made:
        await made.apply()
        path = await _prepare(made)
        await made.serve("gateway")
        port = int(made.settings.http.rpartition(":")[2])
        await _fetch(port, path)
        anew = await load(port, path, SECONDS, 200)
        await asyncio.sleep(SETTLING.total_seconds())
        body, etag = await _fetch(port, path)
        whole, known = await _beside_bare(made, port, path, body, etag)
    title = f"feeds per second ({len(body) / 1000:.1f} kB)"
    report = Report("feed", title, "what", "threedates", "bare", "ratio", "aim")
    report.row("200", *whole, whole[0] / whole[1], AIMS["200"])
    report.row("304", *known, known[0] / known[1], AIMS["304"])
    report.row("200, made anew", anew, whole[1], anew / whole[1], "")
    report.note(f"medians of {ROUNDS} rounds of {SECONDS:g} s; one gateway process, the load from another")
    report.publish()


async def _beside_bare(
    made: Installation, port: int, path: str, body: bytes, etag: str
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Both servers in turns: the rates of 200 and of 304, ours and bare."""
    kept = made.data / "feed.ics"
    kept.write_bytes(body)
    rates: dict[str, list[float]] = {"200": [], "304": [], "bare 200": [], "bare 304": []}
    bare_port = await _start_bare(made, kept)
    for _ in range(ROUNDS):
        rates["200"].append(await load(port, path, SECONDS, 200))
        rates["bare 200"].append(await load(bare_port, path, SECONDS, 200))
        rates["304"].append(await load(port, path, SECONDS, 304, etag))
        rates["bare 304"].append(await load(bare_port, path, SECONDS, 304, '"bare"'))
    found = {name: median(values) for name, values in rates.items()}
    return (found["200"], found["bare 200"]), (found["304"], found["bare 304"])


async def _start_bare(made: Installation, body: Path) -> int:
    child = spawn("bare", ["-m", "bench.bare_asgi", str(body)], {})
    made.services["bare"] = child
    port = int(await child.line())

    async def answers() -> bool:
        return await _answers(port)

    if not await until(answers, 10):
        raise TimeoutError("the bare server does not answer")
    return port


async def _answers(port: int) -> bool:
    try:
        await _fetch(port, "/")
    except httpx.TransportError:
        return False
    return True


async def _fetch(port: int, path: str) -> tuple[bytes, str]:
    async with httpx.AsyncClient(trust_env=False, headers={"Accept-Encoding": "identity"}) as client:
        answer = (await client.get(f"http://127.0.0.1:{port}{path}")).raise_for_status()
        return answer.content, answer.headers["etag"]


async def _prepare(made: Installation) -> str:
    """A couple whose dates are rendered; returns the path of its feed."""
    wire, now = made.wire, system_clock()
    await Couples(wire).append_fact(COUPLE, Joined(id="joined", at=now, settings=SETTINGS, key_id=KEY_ID))
    records = FeedRecords(wire)
    await records.create_first(COUPLE, now)
    for n in range(1, DATES_PER_KIND + 1):
        for kind in KINDS:
            date = _date(date_uid(COUPLE, kind, n), now + timedelta(days=7 * n)).model_copy(
                update={"kind": kind, "n": n}
            )
            tzid = tzid_of(date)
            block = block_of(date, now, n, timezone_block(tzid) if tzid else None)
            await keep_block(wire, COUPLE, date, block)
    record = await records.get(couple_feed_id(COUPLE))
    assert record is not None
    return f"/feeds/{feed_token(made.settings.link_key, record.id, record.generation)}.ics"


def _date(uid: str, start: datetime) -> DateRecord:
    return DateRecord(
        uid=uid,
        kind="fun",
        n=1,
        start=start,
        end=start + timedelta(hours=3),
        tz="Europe/Berlin",
        status="scheduled",
        sequence=1,
        planner="sam",
        idea="Cook something neither of you has ever cooked.",
    )
