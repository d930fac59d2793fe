"""A couple's dates and the answers to them; the invite of one date as iCalendar."""

from collections.abc import Awaitable, Callable
from typing import Annotated, get_args

from fastapi import APIRouter, Query
from starlette.responses import Response

from threedates.edge.errors import Unavailable
from threedates.edge.feedstore import read_invite
from threedates.gateway.call import Call, Caller
from threedates.gateway.openapi import CALENDAR, TAKES_IN, takes
from threedates.gateway.problems import Problem
from threedates.gateway.sending import Wait, take
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.dates import DateStatus
from threedates.schemas.http.common import ByBody
from threedates.schemas.http.dates import BookBody, DateList, MoveBody
from threedates.schemas.log import Answer

router = APIRouter(prefix="/couples/{couple_id}/dates", tags=["dates"])
Route = Callable[[str, str, Call, float], Awaitable[Response]]
_SUMMARIES: dict[Answer, str] = {
    "accept": "Accept a proposed date: it is scheduled, and may still be declined.",
    "decline": "Decline a date: the next-best time is proposed.",
    "held": "Say that a date took place, now or before.",
    "skip": "Let this cycle go; of a date gone by: it did not take place.",
    "cancel": "Call a date off; its kind is open again at once.",
    "move": "Move a date to another time, which also accepts it.",
}


@router.get("")
async def list_dates(
    couple_id: str,
    call: Caller,
    kind: Annotated[Kind | None, Query(description="Only dates of this kind.")] = None,
    status: Annotated[DateStatus | None, Query(description="Only dates of this status.")] = None,
) -> DateList:
    """List dates: those to come and those of the last two months, by start."""
    records = [date.record for date in (await call.couple(couple_id)).dates.values()]
    found = [r for r in records if kind in (None, r.kind) and status in (None, r.status)]
    return DateList(items=tuple(sorted(found, key=lambda r: (r.start, r.uid))))


@router.post("", responses=TAKES_IN, openapi_extra=takes(BookBody), status_code=202)
async def book_date(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Report a date arranged, or already held, outside our proposals."""
    state, data = await call.couple(couple_id), await call.data()
    if data.get("by") is None:
        planner = next((state.planner(kind) for kind in KINDS if kind == data.get("kind")), state.settings.names[0])
        data = {**data, "by": planner}
    return await take(call, state, "command", {**data, "type": "book"}, wait)


@router.get("/{uid}.ics", responses=CALENDAR, response_class=Response)
async def get_invite(couple_id: str, uid: str, call: Caller) -> Response:
    """One date as an iCalendar object (RFC 5546): REQUEST, PUBLISH or CANCEL."""
    state = await call.couple(couple_id)
    invite = await read_invite(call.deps.wire, couple_id, uid)
    if invite is None and uid in state.dates:
        raise Unavailable(f"the invite of {uid} is not written yet")
    if invite is None:
        raise Problem("unknown_date", "The couple has no date with that UID.")
    method = next(line.removeprefix(b"METHOD:") for line in invite.splitlines() if line.startswith(b"METHOD:"))
    headers = {"Content-Disposition": 'attachment; filename="date.ics"'}
    return Response(invite, media_type=f"text/calendar; charset=utf-8; method={method.decode()}", headers=headers)


@router.post("/{uid}/another-idea", responses=TAKES_IN, openapi_extra=takes(ByBody), status_code=202)
async def another_idea(couple_id: str, uid: str, call: Caller, wait: Wait = 0) -> Response:
    """Ask for another idea for a date. It is no answer: whatever was asked stays asked."""
    state = await call.couple(couple_id)
    return await take(call, state, "command", {**await call.data(), "type": "another_idea", "uid": uid}, wait)


def _answer_route(answer: Answer) -> Route:
    async def route(couple_id: str, uid: str, call: Caller, wait: Wait = 0) -> Response:
        state = await call.couple(couple_id)
        command = {**await call.data(), "type": "answer", "uid": uid, "answer": answer}
        if answer == "move" and command.get("start") is None:
            raise Problem("invalid", "start is required: the time to move the date to", "start")
        return await take(call, state, "command", command, wait)

    return route


for _answer in get_args(Answer):
    router.add_api_route(
        f"/{{uid}}/{_answer}",
        _answer_route(_answer),
        methods=["POST"],
        operation_id=f"{_answer}_date",
        summary=_SUMMARIES[_answer],
        responses=TAKES_IN,
        openapi_extra=takes(MoveBody if _answer == "move" else ByBody),
        status_code=202,
    )
