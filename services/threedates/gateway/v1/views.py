"""How a couple stands, and the log behind it. No view shows the note of a check-in: it is its author's alone."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ValidationError

from threedates.edge.directget import Stored
from threedates.edge.errors import Unavailable
from threedates.edge.standing import full_status
from threedates.gateway.call import Caller
from threedates.schemas.http.couples import LogEntry, LogPage
from threedates.schemas.log import Changed, Joined
from threedates.schemas.reading import read_event
from threedates.schemas.status import CoupleStatus

MAX_SEQUENCE = 2**53 - 1  # what JSON can name exactly; more the broker would not even parse
router = APIRouter(prefix="/couples/{couple_id}", tags=["couples"])


@router.get("/status")
async def get_status(couple_id: str, call: Caller) -> CoupleStatus:
    """How each kind stands and why, as of now; and which endpoints and calendars are in trouble."""
    return await full_status(call.deps.wire, await call.couple(couple_id), call.now)


@router.get("/log")
async def get_log(
    couple_id: str,
    call: Caller,
    after: Annotated[int, Query(ge=0, le=MAX_SEQUENCE, description="Only events after this sequence.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> LogPage:
    """Page through the couple's facts and decisions, the oldest first. Check-ins come without their notes."""
    await call.couple(couple_id)
    stored, more = await call.deps.couples.log.page(couple_id, after, limit)
    items = tuple(map(_entry, stored))
    return LogPage(items=items, next=items[-1].sequence if items and more else None)


def _entry(stored: Stored) -> LogEntry:
    try:
        event = read_event(stored.data)
    except ValidationError as error:
        raise Unavailable(f"event {stored.seq} of the log is of a kind this version does not know") from error
    # In settings null is a value; see schemas.log.encode.
    keep_null = isinstance(event, Joined | Changed)
    shown = event.model_dump(mode="json", by_alias=True, exclude_none=not keep_null, exclude={"note"})
    return LogEntry(sequence=stored.seq, event=shown)
