"""Answers by mail: a whole message/rfc822 as mail gateways post it; the answer to an invite in it is taken in."""

import hashlib
import json
from typing import cast

from fastapi import APIRouter
from starlette.responses import Response

from threedates.core.ics_text import uids_in
from threedates.core.ids import couple_of
from threedates.core.mail_in import MailedAnswer, read_mail
from threedates.core.refusal import Refusal, RefusalCode, Refused
from threedates.edge.metrics import REFUSED
from threedates.edge.refusals import keep_refused
from threedates.gateway.call import Call, Caller
from threedates.gateway.openapi import TAKES_IN, takes_text
from threedates.gateway.problems import Problem
from threedates.gateway.sending import Wait, take

router = APIRouter(tags=["dates"])
PATH = "/inbound-mail"
_WHOLE = "The mail whole, header lines first (RFC 5322), at most 1 MiB."


@router.post(PATH, responses=TAKES_IN, openapi_extra=takes_text("message/rfc822", _WHOLE), status_code=202)
async def take_mail(call: Caller, wait: Wait = 0) -> Response:
    """Take in a partner's answer to an invite, as the mail it came in.

    Believed is a METHOD:REPLY or COUNTER with the UID of a date, whose ATTENDEE is a partner and whom the mail is From.
    Sent again it counts once, and one that comes too late changes nothing. What is refused is kept, with its reason.
    """
    raw = await call.raw()
    try:
        answer = read_mail(raw)
        couple_id = _couple_named(answer)
    except Refused as refused:
        REFUSED.labels("gateway", "mail", refused.refusal.code).inc()
        await _keep(call, None, raw, refused.refusal)
        raise Problem.of(refused.refusal) from refused
    return await _take(call, couple_id, answer, raw, wait)


async def _take(call: Call, couple_id: str, answer: MailedAnswer, raw: bytes, wait: float) -> Response:
    """Take in an answer to the couple that it names. Raises Problem and Unavailable."""
    try:
        state = await call.couple(couple_id)
    except Problem as problem:
        is_erased = await call.deps.couples.is_erased(couple_id)
        await _keep(call, None, raw, Refusal("unknown_couple", problem.detail), has_left=is_erased)
        raise
    data = {"id": _id(call, answer), "source": "mail", "ics": answer.ics, "sender": answer.sender}
    try:
        return await take(call, state, "calendar", data, wait)
    except Problem as problem:
        code = cast("RefusalCode", problem.code)  # all that is left is what admission refuses
        await _keep(call, couple_id, raw, Refusal(code, problem.detail, problem.field))
        raise


async def _keep(call: Call, couple_id: str | None, raw: bytes, refusal: Refusal, *, has_left: bool = False) -> None:
    await keep_refused(call.deps.wire, couple_id, "mail", f"/v1{PATH}", raw, refusal, has_left=has_left)


def _couple_named(answer: MailedAnswer) -> str:
    """The couple that the UIDs name, all the same one. Raises Refused."""
    named = {couple_of(uid) for uid in uids_in(answer.ics)}
    couple_id = next(iter(named)) if len(named) == 1 else None
    if couple_id is None:
        raise Refused("unknown_date", "the mail answers no invite of ours: its UID is no date's", "ics")
    return couple_id


def _id(call: Call, answer: MailedAnswer) -> str:
    """The same for the same answer of the same sender, in whatever mail it comes."""
    if call.idempotency_key is not None:
        return call.new_id()
    content = json.dumps([answer.sender, answer.ics.split()]).encode()
    return f"mail-{hashlib.sha256(content).hexdigest()[:32]}"
