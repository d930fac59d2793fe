"""The section that looks back. The whole log is read for it, each time anew, so that no note is kept anywhere else."""

from typing import Any

import orjson

from threedates.gateway.page.opened import Opened
from threedates.gateway.page.year import year_of
from threedates.gateway.page.yearview import year_view


async def looking_back(opened: Opened) -> dict[str, Any]:
    """What the section shows. Raises Unavailable."""
    log = opened.tools().couples.log.pages(opened.state.couple_id)
    events = [(stored.seq, orjson.loads(stored.data)) async for stored in log]
    before = opened.query.get("before", "")
    place = int(before) if before.isdecimal() and len(before) < 16 else None
    year = year_of(events, opened.partner, opened.now)
    return {"view": year_view(year, opened.tz, opened.now, place)}
