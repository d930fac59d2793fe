"""What one asks of an installation that holds many couples: the sweep, single requests, the operator's commands."""

import asyncio
import time

import httpx

from bench.holding import Held
from bench.installation import API_KEY, Installation
from bench.intake import check_ins
from bench.million_due import Due, steadily
from bench.million_figures import Figures
from bench.processes import spawn
from bench.report import median
from bench.waiting import until
from threedates.core.links import feed_token
from threedates.edge.clock import system_clock
from threedates.edge.feedrecords import couple_feed_id
from threedates.edge.timers import SWEEP

REQUESTS = 50
CHECK_INS = 10
CHECK_IN_SECONDS = 600.0
_SWEEP_SECONDS = 900.0


async def swept(made: Installation, due: Due, figures: Figures) -> None:
    """One sweep by itself, and one while couples fall due."""
    for name in ("broker", "cadence"):
        figures.peak(name)
    with figures.timed("sweep (s)"):
        await _sweep(made)
    for name in ("broker", "cadence"):
        figures.add(f"{name} memory at most in the sweep (MB)", figures.peak(name))
    sweeping = asyncio.create_task(_sweep(made))
    await steadily(due, figures, "sweeping")
    await sweeping


async def _sweep(made: Installation) -> None:
    names = made.settings.names
    seq = await made.wire.publish(names.due(SWEEP), b"{}")

    async def is_acknowledged() -> bool:
        return await made.wire.leader_subject(names.timers, seq) is None

    if not await until(is_acknowledged, _SWEEP_SECONDS):
        raise TimeoutError(f"a sweep takes longer than {_SWEEP_SECONDS:g} s")


async def requests(made: Installation, held: Held, figures: Figures) -> None:
    """Single calls, each for a couple of its own from all over the store."""
    step = max(1, held.count // REQUESTS)
    chosen = [held.name(n) for n in range(step // 2, held.count, step)][:REQUESTS]
    headers = {"Authorization": f"Bearer {API_KEY}"}
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://{made.settings.http}", headers=headers) as client:
        for what, path in (("GET …/status", "/v1/couples/%s/status"), ("a feed", "/feeds/%s.ics")):
            taken = [await _asked(client, path % _key(made, what, name)) for name in chosen]
            figures.add(f"{what}: median (ms)", 1000 * median(taken))
            figures.add(f"{what}: slowest of {len(taken)} (ms)", 1000 * max(taken))


def _key(made: Installation, what: str, name: str) -> str:
    return feed_token(made.settings.link_key, couple_feed_id(name), 1) if what == "a feed" else name


async def _asked(client: httpx.AsyncClient, path: str) -> float:
    began = time.monotonic()
    (await client.get(path)).raise_for_status()
    return time.monotonic() - began


async def checked_in(made: Installation, held: Held, figures: Figures) -> None:
    """Check-ins of couples who have said nothing for days, one after another, until each has been looked at."""
    names, client = made.settings.names, made.wire.client
    step = max(1, held.count // CHECK_INS)
    chosen = [held.name(n) for n in range(step // 3, held.count, step)][:CHECK_INS]
    taken = []
    for name, message in zip(chosen, check_ins("", "million", 1, len(chosen), system_clock()), strict=True):
        looked = await client.subscribe(names.looked(name))
        began = time.monotonic()
        await made.wire.publish(names.inbound("checkin", name), message.data)
        await looked.next_msg(CHECK_IN_SECONDS)
        taken.append(time.monotonic() - began)
        await looked.unsubscribe()
    figures.add("a check-in, until looked at: median (ms)", 1000 * median(taken))
    figures.add(f"a check-in, until looked at: slowest of {len(taken)} (ms)", 1000 * max(taken))


async def commands(made: Installation, held: Held, figures: Figures) -> None:
    """The operator's, each a process of its own, its start included."""
    for arguments in (
        ["explain", held.name(held.count // 3)],
        ["topology", "apply"],
        ["doctor"],
        ["backup", str(made.data / "backup")],
    ):
        with figures.timed(f"threedates {arguments[0]} (s)"):
            await _run(made, arguments)
    size = sum(file.stat().st_size for file in (made.data / "backup").iterdir())
    figures.add("the backup (MB)", size / 1e6)


async def _run(made: Installation, arguments: list[str]) -> None:
    said = made.data / f"{arguments[0]}.log"
    child = spawn(arguments[0], ["-m", "threedates.cli", *arguments], made.env, said)
    code = await asyncio.to_thread(child.popen.wait)
    # 1: the log's consumers begin after what was loaded, which is not how they are declared.
    if code > 1 or (code and arguments[0] not in ("topology", "doctor")):
        raise RuntimeError(f"threedates {' '.join(arguments)} ended with {code}: {said.read_text()[-2000:]}")
