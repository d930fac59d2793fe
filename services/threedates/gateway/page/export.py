"""Everything about a couple for one partner to keep: the log as JSON lines, as ``threedates export`` writes it.

That partner's own check-ins are whole, with their notes; of the other's only that there was one: what a partner tells
is shown to nobody else.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import Response, StreamingResponse

from threedates.core.authors import Authors
from threedates.core.exported import exported
from threedates.gateway.html import HEADERS
from threedates.gateway.page.opened import Opened

_OF_THE_OTHER = ("v", "id", "at", "type", "partner")


async def export(opened: Opened) -> Response:
    """The download. Raises Unavailable before it begins."""
    lines = _lines(opened)
    first = await anext(lines, "")

    async def body() -> AsyncIterator[str]:
        yield first
        async for line in lines:
            yield line

    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="threedates.jsonl"'}
    return StreamingResponse(body(), media_type="application/x-ndjson", headers=headers)


async def _lines(opened: Opened) -> AsyncIterator[str]:
    """The log, page by page. Raises Unavailable."""
    couple_id, authors = opened.state.couple_id, Authors()
    async for stored in opened.tools().couples.log.pages(couple_id):
        event: dict[str, Any] = json.loads(stored.data)
        authors.saw(event)
        if event.get("type") == "checkin.reported" and authors.partner_of(event) != opened.partner:
            event = {name: event[name] for name in _OF_THE_OTHER if name in event}
        yield f"{exported(couple_id, stored.seq, json.dumps(event).encode(), with_notes=True)}\n"
