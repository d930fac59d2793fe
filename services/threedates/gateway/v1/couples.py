"""Couples: joining, settings, leaving. What is taken in travels through the inbox as everything else does."""

import base64
import secrets
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from threedates.core.admission import Refusal, admit
from threedates.core.links import page_url
from threedates.core.state import CoupleState
from threedates.edge.errors import Unavailable
from threedates.edge.feedrecords import FeedRecords, couple_feed_id, partner_feed_id
from threedates.edge.metrics import REFUSED
from threedates.gateway.awaiting import wait_until
from threedates.gateway.call import Call, Caller, encoded
from threedates.gateway.linking import page_token_of
from threedates.gateway.openapi import TAKES_IN, takes
from threedates.gateway.problems import Problem
from threedates.gateway.sending import Wait, accepted, take, with_id_and_time
from threedates.gateway.v1.feeds import url_of
from threedates.schemas.base import rfc3339
from threedates.schemas.http.common import ByBody
from threedates.schemas.http.couples import CoupleMade, CoupleView, JoinBody, PartnerLinks, PartnerView, SettingsPatch

router = APIRouter(prefix="/couples", tags=["couples"])
JOIN_SECONDS = 5.0
_ID_BYTES = 10


@router.post("", status_code=201, openapi_extra=takes(JoinBody))
async def join(call: Caller) -> CoupleMade:
    """Join a couple. With an Idempotency-Key, sent again it joins nobody else and answers the same."""
    couple_id = _new_couple_id(call)
    settings = await call.data()
    _check_mail(call, settings)
    state = await call.deps.couples.load(couple_id)
    if state is None:
        state = await _join(call, couple_id, settings)
    if state.left:
        raise _has_left()
    feed, partners = await _links(call, state)
    return CoupleMade(id=couple_id, feed_url=feed, partners=partners)


@router.get("/{couple_id}")
async def get_couple(couple_id: str, call: Caller) -> CoupleView:
    """A couple's settings, defaults included, and links."""
    state = await call.couple(couple_id)
    feed, links = await _links(call, state)
    settings = state.settings
    first, second = (
        PartnerView(**{**dict(partner), **dict(own)}) for partner, own in zip(settings.partners, links, strict=True)
    )
    values = {**dict(settings), "partners": (first, second)}
    # Everything in it was validated when it came; building it anew would read two partners as their bare settings.
    return CoupleView.model_construct(**values, id=couple_id, joined_at=state.joined_at, feed_url=feed)


@router.patch("/{couple_id}", status_code=202, responses=TAKES_IN, openapi_extra=takes(SettingsPatch))
async def change_settings(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Change settings by a merge patch (RFC 7396). What the couple has reported stays as it is."""
    state, patch = await call.couple(couple_id), await call.data()
    _check_mail(call, patch)
    command = {"type": "change", "id": patch.pop("id", None), "at": patch.pop("at", None), "patch": patch}
    return await take(call, state, "command", command, wait)


@router.post("/{couple_id}/rotate-page", status_code=202, responses=TAKES_IN, openapi_extra=takes(ByBody))
async def rotate_page(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Give the page of the partner who says so another address; the one before answers 410."""
    state = await call.couple(couple_id)
    return await take(call, state, "command", {**await call.data(), "type": "rotate_page"}, wait)


@router.delete("/{couple_id}", status_code=202, responses={204: {"description": "Everything is erased."}})
async def leave(couple_id: str, call: Caller, wait: Wait = 0) -> Response:
    """Leave: everything of the couple's is erased and its links end. With a wait, 204 once that is done."""
    state = await call.couple(couple_id, or_left=True)
    command = with_id_and_time(call, {"type": "leave"})
    if not state.left:
        await call.deps.inbox.send("command", couple_id, encoded(command))
    if wait > 0 and await wait_until(call.deps.couples, couple_id, wait, lambda state: state is None):
        return Response(status_code=204)
    return accepted(command["id"])


async def _join(call: Call, couple_id: str, settings: dict[str, object]) -> CoupleState:
    """Send the command and wait until the log has it. Raises Problem and Unavailable."""
    deps = call.deps
    if await deps.couples.is_erased(couple_id):
        raise _has_left()
    event_id = f"join-{couple_id}"
    command = {"type": "join", "id": event_id, "at": rfc3339(call.now), "key_id": call.key_id, "settings": settings}
    body = encoded(command)
    verdict = admit("command", couple_id, body, None, call.now)
    if isinstance(verdict, Refusal):
        REFUSED.labels("gateway", "command", verdict.code).inc()
        raise Problem.of(verdict)
    await FeedRecords(deps.wire).create_first(couple_id, call.now)
    await deps.inbox.send("command", couple_id, body)
    await wait_until(deps.couples, couple_id, JOIN_SECONDS, lambda state: state is not None)
    state = await deps.couples.load(couple_id)
    if state is None:
        raise Unavailable(f"{couple_id} has not joined within {JOIN_SECONDS:.0f} s; is the intake running?")
    return state


async def _links(call: Call, state: CoupleState) -> tuple[str | None, tuple[PartnerLinks, PartnerLinks]]:
    settings, couple_id = call.deps.settings, state.couple_id
    records = {record.id: record for record in await FeedRecords(call.deps.wire).of_couple(couple_id)}

    def links(partner: int) -> PartnerLinks:
        return PartnerLinks(
            name=state.settings.names[partner],
            feed_url=url_of(settings, records.get(partner_feed_id(couple_id, partner))),
            page_url=page_url(settings.base_url, page_token_of(settings, state, partner)),
        )

    return url_of(settings, records.get(couple_feed_id(couple_id))), (links(0), links(1))


def _check_mail(call: Call, settings: dict[str, Any]) -> None:
    """Whoever chose invites by mail would wait for them in vain where no mail is sent. Raises Problem."""
    partners = settings.get("partners")
    if call.deps.settings.mail_server is not None or not isinstance(partners, list):
        return
    for n, partner in enumerate(partners):
        if isinstance(partner, dict) and partner.get("invites") == "mail":
            detail = "This server sends no mail: its operator has not set THREEDATES_SMTP_URL."
            raise Problem("invalid", detail, field=f"partners.{n}.invites")


def _new_couple_id(call: Call) -> str:
    key = call.idempotency_key
    drawn = secrets.token_bytes(_ID_BYTES) if key is None else call.derived("couple", key)[:_ID_BYTES]
    return f"c{base64.b32encode(drawn).decode().lower()}"


def _has_left() -> Problem:
    return Problem("couple_left", "The couple that joined with this Idempotency-Key has left; use another key.")
