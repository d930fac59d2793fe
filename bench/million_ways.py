"""What one asks of an installation that holds many couples: the sweep, single requests, check-ins, leaving."""

import asyncio
import math
import time
from collections import Counter

import httpx

from bench.holding import Held
from bench.installation import API_KEY, Installation
from bench.intake import check_ins
from bench.million_due import Due, steadily
from bench.million_figures import Figures
from bench.waiting import until
from threedates.core.links import feed_token
from threedates.edge.clock import system_clock
from threedates.edge.feedrecords import couple_feed_id
from threedates.edge.timers import SWEEP
from threedates.edge.wire import SUBJECTS_A_PAGE
from threedates.schemas.inbound import Leave

REQUESTS = 50
CHECK_INS = 10
LOGS = 20
REQUEST_SECONDS = 60.0
LEAVING = 10
ONE_SECONDS = 600.0
_SWEEP_SECONDS = 900.0


async def swept(made: Installation, due: Due, held: Held, figures: Figures) -> None:
    """One sweep by itself, and one while couples fall due. Each takes one page of the couples."""
    figures.add("sweeps until all have had a turn", math.ceil(held.count / SUBJECTS_A_PAGE))
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
    headers = {"Authorization": f"Bearer {API_KEY}"}
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://{made.settings.http}", headers=headers) as client:
        for what, path, chosen in (
            ("GET …/status", "/v1/couples/%s/status", _from_all_over(held, REQUESTS, 0.5)),
            ("a feed", "/feeds/%s.ics", _from_all_over(held, REQUESTS, 0.5)),
            ("GET …/log", "/v1/couples/%s/log", _from_all_over(held, LOGS, 0.7)),
        ):
            await _asked(client, what, [path % _key(made, what, name) for name in chosen], figures)


def _from_all_over(held: Held, count: int, phase: float) -> list[str]:
    """So many couples at even distances; with another phase they are others."""
    return [held.name(int((n + phase) * held.count / count)) for n in range(count)]


def _key(made: Installation, what: str, name: str) -> str:
    return feed_token(made.settings.link_key, couple_feed_id(name), 1) if what == "a feed" else name


async def _asked(client: httpx.AsyncClient, what: str, paths: list[str], figures: Figures) -> None:
    """Those that are answered are measured, the others counted."""
    taken, failed = [], Counter[str]()
    for path in paths:
        began = time.monotonic()
        try:
            answer = await client.get(path, timeout=REQUEST_SECONDS)
        except httpx.TimeoutException:
            failed[f"no answer within {REQUEST_SECONDS:g} s"] += 1
            continue
        if answer.is_success:
            taken.append(time.monotonic() - began)
        else:
            failed[f"status {answer.status_code}"] += 1
    for said, count in failed.items():
        figures.note(f"{what}: {count} of {len(paths)}: {said}")
    figures.spread(what, taken)


async def checked_in(made: Installation, held: Held, figures: Figures) -> None:
    """Check-ins of couples who have said nothing for days, one after another, until each has been looked at."""
    names, client = made.settings.names, made.wire.client
    chosen = _from_all_over(held, CHECK_INS, 0.33)
    taken = []
    for name, message in zip(chosen, check_ins("", "million", 1, len(chosen), system_clock()), strict=True):
        looked = await client.subscribe(names.looked(name))
        began = time.monotonic()
        await made.wire.publish(names.inbound("checkin", name), message.data)
        await looked.next_msg(ONE_SECONDS)
        taken.append(time.monotonic() - began)
        await looked.unsubscribe()
    figures.spread("a check-in, until looked at", taken)


async def left(made: Installation, held: Held, figures: Figures) -> None:
    """Couples leave, one after another, each until its log is gone, which is purged last."""
    names, taken = made.settings.names, []
    for name in _from_all_over(held, LEAVING, 0.83):

        async def is_gone(name: str = name) -> bool:
            return await made.wire.leader_last(names.log, names.tree(name)) is None

        began = time.monotonic()
        leave = Leave(id=f"leave-{name}", at=system_clock())
        await made.wire.publish(names.inbound("command", name), leave.model_dump_json().encode())
        if not await until(is_gone, ONE_SECONDS, every=0.05):
            figures.note(f"the log of a couple was still there {ONE_SECONDS:g} s after they had left")
            break
        taken.append(time.monotonic() - began)
    figures.spread("leaving, until the log is gone", taken)
