"""Partners' own calendars, read from their addresses for the times they take. An address is never shown again."""

from urllib.parse import urlsplit

from fastapi import APIRouter

from threedates.core.state import CoupleState
from threedates.edge.calendar_client import https
from threedates.edge.calendars import CalendarRecord, Calendars, TooManyCalendarsError, new_record, new_rest
from threedates.edge.errors import Conflict
from threedates.gateway.call import Call, Caller
from threedates.gateway.openapi import takes
from threedates.gateway.problems import Problem
from threedates.gateway.v1.endpoint_checks import check_url
from threedates.schemas.http.calendars import CalendarBody, CalendarList, CalendarView

router = APIRouter(prefix="/couples/{couple_id}/calendars", tags=["calendars"])


@router.post("", status_code=201, openapi_extra=takes(CalendarBody))
async def create_calendar(couple_id: str, call: Caller) -> CalendarView:
    """Have a partner's calendar read: at once, and then again and again. There may be eight.

    The same address of the same partner is the same calendar.
    """
    state = await call.couple(couple_id)
    body = await call.body(CalendarBody)
    partner = state.settings.partner(body.partner)
    if partner is None:
        first, second = state.settings.names
        raise Problem("unknown_partner", f"partner must be {first} or {second}", "partner")
    # What stands after "#" is for whoever reads a page, and never sent.
    url = urlsplit(https(body.url.strip()))._replace(fragment="").geturl()
    check_url(call.deps.settings, url)
    n = state.settings.names.index(partner.name)
    record = new_record(couple_id, n, url, call.now, shared=body.shared, rest=_rest(call, couple_id))
    try:
        return _view(state, await Calendars(call.deps.wire).create(record))
    except TooManyCalendarsError as error:
        raise Problem("too_many_calendars", str(error)) from error
    except Conflict as error:
        detail = "The calendar that was made with this Idempotency-Key was deleted; use another key."
        raise Problem("calendar_deleted", detail) from error


@router.get("")
async def list_calendars(couple_id: str, call: Caller) -> CalendarList:
    """List a couple's calendars and how reading them goes; of their addresses only the hosts."""
    state = await call.couple(couple_id)
    found = await Calendars(call.deps.wire).of_couple(couple_id)
    return CalendarList(items=tuple(_view(state, record) for record in found))


@router.delete("/{calendar_id}", status_code=204)
async def delete_calendar(couple_id: str, calendar_id: str, call: Caller) -> None:
    """Read a calendar no more, and free its times within moments. A date it named stays booked."""
    await call.couple(couple_id)
    is_theirs = calendar_id.partition("_")[0] == couple_id
    if not is_theirs or not await Calendars(call.deps.wire).delete(calendar_id):
        raise Problem("unknown_calendar", f"There is no calendar with the id {calendar_id[:128]!r}.")


def _rest(call: Call, couple_id: str) -> str:
    """What a new calendar's id ends in: always the same for an Idempotency-Key, else a fresh one."""
    key = call.idempotency_key
    return new_rest() if key is None else call.derived("calendar", couple_id, key)[:12].hex()


def _view(state: CoupleState, record: CalendarRecord) -> CalendarView:
    return CalendarView(
        id=record.id,
        couple_id=record.couple_id,
        partner=state.settings.names[record.partner],
        url=f"{record.url.partition('://')[0]}://{record.host}/…",
        shared=record.shared,
        busy=record.busy,
        last_fetch=record.last_fetch,
        last_change=record.last_change,
        next_poll=record.next_at,
        failing_since=record.failing_since,
        error=record.error,
        detail=record.detail,
        created_at=record.created_at,
    )
