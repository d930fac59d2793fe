"""What couples and calendars report: check-ins and calendar events."""

from fastapi import APIRouter
from starlette.responses import Response

from threedates.gateway.call import Caller
from threedates.gateway.openapi import TAKES_IN, takes
from threedates.gateway.sending import Wait, take
from threedates.schemas.http.reports import CalendarEventBody, CalendarIcsBody, CheckInBody

router = APIRouter(prefix="/couples/{couple_id}", tags=["reports"])


@router.post("/check-ins", responses=TAKES_IN, openapi_extra=takes(CheckInBody), status_code=202)
async def report_check_in(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Report what one partner says about a day. The note is for its author alone and is shown by no call."""
    return await take(call, await call.couple(couple_id), "checkin", await call.data(), wait)


@router.post(
    "/calendar-events",
    responses=TAKES_IN,
    openapi_extra=takes(CalendarEventBody, CalendarIcsBody),
    status_code=202,
)
async def report_calendar_event(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Report an event of somebody's calendar: busy time, or a date booked, moved or cancelled. At most 256 KiB."""
    return await take(call, await call.couple(couple_id), "calendar", await call.data(), wait)
