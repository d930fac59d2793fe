"""A couple's calendar feeds and their links. Serving a feed needs no API key and is done elsewhere."""

import secrets
from typing import Literal

from fastapi import APIRouter

from threedates.core.links import feed_token, feed_url
from threedates.core.state import CoupleState
from threedates.edge.feedfetches import FeedFetches
from threedates.edge.feedrecords import FeedRecord, FeedRecords, TooManyFeedsError
from threedates.edge.settings import Settings
from threedates.gateway.call import Call, Caller
from threedates.gateway.openapi import takes
from threedates.gateway.problems import Problem
from threedates.schemas.base import KINDS
from threedates.schemas.http.feeds import FeedBody, FeedFetch, FeedList, FeedView

router = APIRouter(tags=["feeds"])


@router.post("/couples/{couple_id}/feeds", status_code=201, openapi_extra=takes(FeedBody))
async def create_feed(couple_id: str, call: Caller) -> FeedView:
    """Make a further feed: of some kinds, with the times alone, with alarms. There may be 20."""
    state = await call.couple(couple_id)
    body = await call.body(FeedBody)
    scope, partner = _scope(state, body)
    record = FeedRecord(
        id=f"{couple_id}_{_new_rest(call, couple_id)}",
        couple_id=couple_id,
        scope=scope,
        partner=partner,
        kinds=tuple(kind for kind in KINDS if kind in body.kinds),
        detail=body.detail,
        alarms=body.alarms,
        created_at=call.now,
    )
    try:
        return await _view_alone(call, state, await FeedRecords(call.deps.wire).create(record))
    except TooManyFeedsError as error:
        raise Problem("too_many_feeds", str(error)) from error


@router.get("/couples/{couple_id}/feeds")
async def list_feeds(couple_id: str, call: Caller) -> FeedList:
    """List a couple's feeds with their URLs, and when each was last fetched; revoked ones without a URL."""
    state = await call.couple(couple_id)
    records = await FeedRecords(call.deps.wire).of_couple(couple_id)
    fetches = await FeedFetches(call.deps.wire).of_couple(couple_id)
    return FeedList(items=tuple(_view(call, state, record, fetches.get(record.id)) for record in records))


@router.post("/feeds/{feed_id}/rotate")
async def rotate_feed(feed_id: str, call: Caller) -> FeedView:
    """Give a feed another URL; the one before stops working at once."""
    state = await _owner(call, feed_id)
    record = await FeedRecords(call.deps.wire).rotate(feed_id)
    if record is None:
        raise _unknown(feed_id)
    if record.revoked_at is not None:
        raise Problem("feed_revoked", "The feed was revoked; it gets no new URL.")
    return await _view_alone(call, state, record)


@router.delete("/feeds/{feed_id}", status_code=204)
async def revoke_feed(feed_id: str, call: Caller) -> None:
    """End a feed's URL for good. Calendars that subscribe to it are told that it is gone."""
    await _owner(call, feed_id)
    if await FeedRecords(call.deps.wire).revoke(feed_id, call.now) is None:
        raise _unknown(feed_id)


def url_of(settings: Settings, record: FeedRecord | None) -> str | None:
    """Where a feed is read; None for one that is revoked."""
    if record is None or record.revoked_at is not None:
        return None
    return feed_url(settings.base_url, feed_token(settings.link_key, record.id, record.generation))


async def _owner(call: Call, feed_id: str) -> CoupleState:
    try:
        return await call.couple(feed_id.partition("_")[0])
    except Problem:
        raise _unknown(feed_id) from None


def _unknown(feed_id: str) -> Problem:
    return Problem("unknown_feed", f"There is no feed with the id {feed_id[:128]!r}.")


def _scope(state: CoupleState, body: FeedBody) -> tuple[Literal["couple", "partner"], int | None]:
    """Whose feed it is to be: the couple's, or that of the partner (0 or 1). Raises Problem."""
    scope = body.scope or ("couple" if body.partner is None else "partner")
    if scope == "couple":
        if body.partner is not None:
            raise Problem("invalid", "partner: a feed of the scope couple is nobody's alone", "partner")
        return "couple", None
    if body.partner is None:
        raise Problem("invalid", "partner: name the partner whose feed it is", "partner")
    found = state.settings.partner(body.partner)
    if found is None:
        first, second = state.settings.names
        raise Problem("unknown_partner", f"partner must be {first} or {second}", "partner")
    return "partner", state.settings.names.index(found.name)


def _new_rest(call: Call, couple_id: str) -> str:
    """What a new feed's id ends in: always the same for an Idempotency-Key, else a fresh one."""
    key = call.idempotency_key
    return secrets.token_hex(6) if key is None else call.derived("feed", couple_id, key)[:12].hex()


async def _view_alone(call: Call, state: CoupleState, record: FeedRecord) -> FeedView:
    fetches = await FeedFetches(call.deps.wire).of_couple(record.couple_id)
    return _view(call, state, record, fetches.get(record.id))


def _view(call: Call, state: CoupleState, record: FeedRecord, fetch: FeedFetch | None) -> FeedView:
    return FeedView(
        id=record.id,
        couple_id=record.couple_id,
        scope=record.scope,
        partner=state.settings.names[record.partner] if record.partner is not None else None,
        kinds=record.kinds,
        detail=record.detail,
        alarms=record.alarms,
        url=url_of(call.deps.settings, record),
        revoked_at=record.revoked_at,
        last_fetch=fetch,
    )
