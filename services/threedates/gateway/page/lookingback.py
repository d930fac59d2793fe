"""The section that looks back. The whole log is read for it, each time anew, so that no note is kept anywhere else."""

from collections.abc import AsyncIterator
from typing import Any

import orjson

from threedates.gateway.page.opened import Opened
from threedates.gateway.page.year import year_of
from threedates.gateway.page.yearview import year_view

_PAGE = 1_000


async def looking_back(opened: Opened) -> dict[str, Any]:
    """What the section shows. Raises Unavailable."""
    names, couple_id = opened.tools().wire.names, opened.state.couple_id
    # Apart: for a wildcard the broker goes through all that lies between in the stream.
    facts = [one async for one in _events(opened, names.fact(couple_id))]
    decisions = [one async for one in _events(opened, names.decision(couple_id))]
    events = sorted((*facts, *decisions), key=lambda one: one[0])
    before = opened.query.get("before", "")
    place = int(before) if before.isdecimal() and len(before) < 16 else None
    year = year_of(events, opened.partner, opened.now)
    return {"view": year_view(year, opened.tz, opened.now, place)}


async def _events(opened: Opened, subject: str) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """A subject's events as JSON objects, page by page. Raises Unavailable."""
    wire, after, more = opened.tools().wire, 0, True
    while more:
        stored, more = await wire.reader.page(wire.names.log, subject, after + 1, _PAGE)
        for one in stored:
            yield one.seq, orjson.loads(one.data)
        more = more and bool(stored)
        after = stored[-1].seq if stored else after
