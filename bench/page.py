"""A partner's page after a year together: milliseconds on the server for each section, and how much of it there is.

The year was lived on the virtual clock of ``threedates simulate`` and stands in the log as any couple's. The style
sheet is fetched once and kept by the browser; a first visit loads both.
"""

import asyncio
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from bench.couples import SETTINGS
from bench.installation import KEY_ID, Installation, free_port, installation
from bench.report import Report, median
from threedates.core.links import page_token
from threedates.core.simulate.habits import HABITS
from threedates.core.simulate.life import Lived, live, settings_of
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.feedrecords import FeedRecords
from threedates.gateway.page.sections import MENU
from threedates.schemas.log import CheckedIn, Joined, encode

COUPLE, OTHER = "attentive-1", "c2"
WEEKS = 52
ROUNDS = 11
AIM_MILLISECONDS = 100.0
AIM_KILOBYTES = 50.0


async def run() -> None:
    """Measure and publish."""
    async with installation("lazy", http=f"127.0.0.1:{free_port()}") as made:
        await made.apply()
        events = await prepare(made, system_clock())
        await made.serve("gateway")
        report = Report("page", "the page after a year (milliseconds, kB)", "section", "first", "median", "kB", "aim")
        path = f"/c/{page_token(made.settings.link_key, COUPLE, 0)}"
        async with httpx.AsyncClient(base_url=f"http://{made.settings.http}", trust_env=False, timeout=30) as client:
            style = (await client.get("/static/page.css")).content
            await _warm(client, made)
            for section in MENU:
                times, size = await _times(client, f"{path}/{section.name}".rstrip("/"))
                aim = AIM_MILLISECONDS if section.name == "" else ""
                report.row(section.label, times[0], median(times[1:]), size / 1000, aim)
        report.row("style sheet", "", "", len(style) / 1000, "")
        report.note(f"{events} events in the couple's log; median of {ROUNDS - 1}, one after another")
        report.note(f"the aim for the first page and the style sheet together is {AIM_KILOBYTES:g} kB")
        report.publish()


async def _warm(client: httpx.AsyncClient, made: Installation) -> None:
    """Another couple's page, so that the first of this one's is not the first of the process."""
    path = f"/c/{page_token(made.settings.link_key, OTHER, 0)}"
    for section in MENU:
        (await client.get(f"{path}/{section.name}".rstrip("/"))).raise_for_status()


async def _times(client: httpx.AsyncClient, path: str) -> tuple[list[float], int]:
    times: list[float] = []
    size = 0
    while len(times) < ROUNDS:
        began = time.perf_counter()
        answer = await client.get(path)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:  # as for anybody who asks that often
            await asyncio.sleep(int(answer.headers["retry-after"]))
            continue
        times.append(took)
        size = len(answer.raise_for_status().content)
    return times, size


async def prepare(made: Installation, now: datetime) -> int:
    """A couple that has lived for a year until now; returns how many events its log has."""
    lived = a_year(now)
    wire = made.wire
    for _, event in lived.log:
        subject = wire.names.decision(COUPLE) if event.type == "decision" else wire.names.fact(COUPLE)
        await wire.publish(subject, encode(event))
    await FeedRecords(wire).create_first(COUPLE, now)
    couples = Couples(wire)
    await couples.append_fact(OTHER, Joined(id="joined", at=now, settings=SETTINGS, key_id=KEY_ID))
    state = await couples.load(COUPLE)
    assert state is not None
    await couples.snapshot(state)
    return len(lived.log)


def a_year(now: datetime) -> Lived:
    """The log of an attentive couple's last year, with a note in every check-in."""
    habit = HABITS["attentive"]
    begin = (now - timedelta(weeks=WEEKS)).replace(microsecond=0)
    lived = live(habit, settings_of(habit), 1, WEEKS, "page", begin)
    log = tuple((seq, _noted(event)) for seq, event in lived.log)
    return Lived(lived.couple_id, lived.habit, log, lived.state, lived.end)


def _noted(event: Any) -> Any:
    match event:
        case CheckedIn():
            return event.model_copy(update={"note": "A long walk home along the river, and soup."})
        case Joined():
            return event.model_copy(update={"key_id": KEY_ID})
        case _:
            return event
