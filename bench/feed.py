"""Feeds served per second, whole (200) and to clients that have them already (304), against a bare ASGI application.

Both run on the same server with the same settings and give the same bytes. A feed that nothing speaks against is kept
finished in memory; one that has just changed is made anew for every request, which is measured as well. In the same run
Radicale and Xandikos serve the same events, each as one calendar, with their own servers as they come.
"""

import asyncio
from datetime import datetime, timedelta

import httpx

from bench.caldav import Server, rivals
from bench.couples import SETTINGS
from bench.installation import KEY_ID, Installation, free_port, installation
from bench.load import LEAD, load
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
ROUNDS = 7
SECONDS = 0.8
AIMS = {200: 0.5, 304: 0.7}
RIVALS = ("radicale", "xandikos")


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
        ours = Server("threedates", port, path, {}, made.services["gateway"], etag)
        async with rivals(made.data, body) as others:
            found = await _in_turns([ours, await _start_bare(made, body), *others])
    title = f"feeds per second ({len(body) / 1000:.1f} kB, {body.count(b'BEGIN:VEVENT')} events)"
    report = Report("feed", title, "what", "threedates", "bare", "ratio", "aim", *RIVALS)
    for status, aim in AIMS.items():
        rates = {name: rate for name, (rate, _) in found[status].items()}
        report.row(f"{status}", *_compared(rates), aim, *(rates.get(name, "–") for name in RIVALS))
    for status in AIMS:
        costs = {name: cost for name, (_, cost) in found[status].items()}
        mine, bare, _ = _compared(costs)
        report.row(f"{status}, µs of CPU", mine, bare, bare / mine, "", *(costs.get(name, "–") for name in RIVALS))
    bare = found[200]["bare"][0]
    report.row("200, made anew", anew, bare, anew / bare, "", *("" for _ in RIVALS))
    report.note(f"medians of {ROUNDS} rounds of {SECONDS:g} s; one process each, the load from another")
    report.note("µs of CPU: what the server's process used per answer, which a busy machine changes less than the rate")
    report.note("a dash: not installed, or no such answer (Radicale has no 304)")
    report.publish()


def _compared(values: dict[str, float]) -> tuple[float, float, float]:
    return values["threedates"], values["bare"], values["threedates"] / values["bare"]


async def _in_turns(servers: list[Server]) -> dict[int, dict[str, tuple[float, float]]]:
    """All servers in turns; by status and name the answers per second, and the microseconds of CPU for each."""
    rates: dict[int, dict[str, list[tuple[float, float]]]] = {status: {} for status in AIMS}
    for _ in range(ROUNDS):
        for status, of in rates.items():
            for server in servers:
                if status == 200 or server.etag:
                    of.setdefault(server.name, []).append(await _measured(server, status))
    return {
        status: {name: (median([r for r, _ in both]), median([c for _, c in both])) for name, both in of.items()}
        for status, of in rates.items()
    }


async def _measured(server: Server, status: int) -> tuple[float, float]:
    before = server.child.cpu
    etag = server.etag if status == 304 else ""
    rate = await load(server.port, server.path, SECONDS, status, etag, server.headers)
    # The load asks for a little longer than it counts.
    return rate, (server.child.cpu - before) / (rate * SECONDS * (1 + LEAD)) * 1e6


async def _start_bare(made: Installation, body: bytes) -> Server:
    kept = made.data / "feed.ics"
    kept.write_bytes(body)
    child = spawn("bare", ["-m", "bench.bare_asgi", str(kept)], {})
    made.services["bare"] = child
    port = int(await child.line())

    async def answers() -> bool:
        return await _answers(port)

    if not await until(answers, 10):
        raise TimeoutError("the bare server does not answer")
    return Server("bare", port, "/", {}, child, '"bare"')


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
