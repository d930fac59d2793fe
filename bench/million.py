"""``python -m bench million [COUPLES]``: what one embedded node takes to hold a million couples, and what it does then.

First 10,000 couples are held, then as many as asked for, each time from an empty store; every figure of the many stands
beside that of the few, of the same run. The couples have lived for some ten days (``lives``); their timers are spread
over the coming week, and those that are to fall due at once are set anew, for couples from all over the store.

They are put into the store while it syncs lazily; everything else is measured with ``sync_interval: always``, as
``threedates up`` runs the broker.
"""

from collections import Counter
from datetime import timedelta
from itertools import chain
from pathlib import Path

from bench.holding import Held, fill
from bench.installation import KEY_ID, Installation, free_port, installation
from bench.lives import lived
from bench.million_commands import commands
from bench.million_due import Due, joining, nudged, restarted
from bench.million_figures import Figures
from bench.million_ways import checked_in, left, requests, swept
from bench.report import Report, console
from bench.sink import Sink, sink
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints, key_owner

COUPLES = 1_000_000
FEW = 10_000
LIVES = 4
SERVICES = ("intake", "cadence", "invites", "nudges", "gateway")
# Nobody but those who are meant to falls due while this runs.
_TIMERS_AFTER = timedelta(hours=4)
_TIMERS_FOR = timedelta(days=7)


async def run(couples: int = COUPLES) -> None:
    """Measure and publish."""
    sizes = sorted({min(FEW, couples), couples})
    found = [await _measure(size) for size in sizes]
    report = Report("million", "couples held on one embedded node", "what", *(f"{size:,}" for size in sizes))
    for what in dict.fromkeys(chain.from_iterable(figures.values for figures in found)):
        report.row(what, *(figures.values.get(what, "") for figures in found))
    life = lived(system_clock(), 0, couples)
    kept = Counter(bucket for bucket, _, _ in life.kept)
    report.note(
        f"each couple: {len(life.log)} messages of log, {kept['blocks']} rendered dates, {kept['feeds']} feeds, "
        f"{kept['snapshots']} snapshots, a timer"
    )
    report.note("loaded while the store syncs lazily; all else with sync_interval: always")
    for text in chain.from_iterable(figures.notes for figures in found):
        report.note(text)
    report.publish()


async def _measure(count: int) -> Figures:
    figures = Figures(count)
    async with sink() as receiver, installation("lazy", http=f"127.0.0.1:{free_port()}") as made:
        held = await _loaded(made, receiver, count, figures)
        async with figures.watched(made):
            await _served(made, figures)
            due = Due(made, receiver, held)
            await nudged(made, due, figures)
            await swept(made, due, held, figures)
            await requests(made, held, figures)
            await joining(made, figures)
            await commands(made, held, figures)
            await checked_in(made, held, figures)
            figures.memory(made, "after all of it")
            await restarted(made, due, figures)
            # Last, for nobody else may choose those who have left.
            await left(made, held, figures)
    return figures


async def _loaded(made: Installation, receiver: Sink, count: int, figures: Figures) -> Held:
    now = system_clock()
    await made.create_streams()
    await Endpoints(made.wire).create(key_owner(KEY_ID), receiver.url, now, types=("nudge.due",), kinds=("fun",))
    held = Held(tuple(lived(now, begin, count) for begin in range(LIVES)), count, now + _TIMERS_AFTER, _TIMERS_FOR)
    console.print(f"[dim]loading {count:,} couples[/dim]", highlight=False)
    seconds = await fill(made, held)
    figures.add("loaded by the bench (s)", seconds)
    figures.add("disk (MB)", _disk(made.data))
    figures.add("broker memory once loaded (MB)", made.broker_memory())
    return held


async def _served(made: Installation, figures: Figures) -> None:
    with figures.timed("broker stopped (s)"):
        await made.broker.stop()
    made.broker.sync = "always"
    with figures.timed("broker started again (s)"):
        await made.broker.start()
    await made.connected()
    figures.add("broker memory when started (MB)", made.broker_memory())
    with figures.timed("consumers made (s)"):
        await made.create_consumers()
    with figures.timed("services at work (s)"):
        await made.serve(*SERVICES)


def _disk(path: Path) -> float:
    return sum(file.stat().st_blocks * 512 for file in path.rglob("*") if file.is_file()) / 1e6
