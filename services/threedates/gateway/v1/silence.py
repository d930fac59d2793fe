"""Snooze, pause, resume: how a couple makes the service be quiet, and lets it speak again."""

from fastapi import APIRouter
from starlette.responses import Response

from threedates.gateway.call import Caller
from threedates.gateway.openapi import TAKES_IN, takes
from threedates.gateway.sending import Wait, take
from threedates.schemas.http.common import ByBody
from threedates.schemas.http.silence import PauseBody, SnoozeBody

router = APIRouter(prefix="/couples/{couple_id}", tags=["silence"])


@router.post("/snooze", responses=TAKES_IN, openapi_extra=takes(SnoozeBody), status_code=202)
async def snooze(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Silence one kind, or all, until then. Nothing else changes."""
    state = await call.couple(couple_id)
    return await take(call, state, "command", {**await call.data(), "type": "snooze"}, wait)


@router.post("/pause", responses=TAKES_IN, openapi_extra=takes(PauseBody), status_code=202)
async def pause(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Pause everything, until then or until resumed; either partner may, alone. Proposals are dropped."""
    state = await call.couple(couple_id)
    return await take(call, state, "command", {**await call.data(), "type": "pause"}, wait)


@router.post("/resume", responses=TAKES_IN, openapi_extra=takes(ByBody), status_code=202)
async def resume(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """End the pause; what counts time goes on from where it stood."""
    state = await call.couple(couple_id)
    return await take(call, state, "command", {**await call.data(), "type": "resume"}, wait)
