"""A couple's calendar feeds and their links. Serving a feed needs no API key and is done elsewhere."""

from fastapi import APIRouter

from threedates.core.links import feed_token, feed_url
from threedates.core.state import CoupleState
from threedates.edge.feedrecords import FeedRecord, FeedRecords
from threedates.edge.settings import Settings
from threedates.gateway.call import Call, Caller
from threedates.gateway.problems import Problem
from threedates.schemas.http import FeedList, FeedView

router = APIRouter(tags=["feeds"])


@router.get("/couples/{couple_id}/feeds")
async def list_feeds(couple_id: str, call: Caller) -> FeedList:
    """List a couple's feeds with their URLs; revoked ones without."""
    state = await call.couple(couple_id)
    records = await FeedRecords(call.deps.wire).of_couple(couple_id)
    return FeedList(items=tuple(_view(call, state, record) for record in records))


@router.post("/feeds/{feed_id}/rotate")
async def rotate_feed(feed_id: str, call: Caller) -> FeedView:
    """Give a feed another URL; the one before stops working at once."""
    state = await _owner(call, feed_id)
    record = await FeedRecords(call.deps.wire).rotate(feed_id)
    if record is None:
        raise _unknown(feed_id)
    if record.revoked_at is not None:
        raise Problem("feed_revoked", "The feed was revoked; it gets no new URL.")
    return _view(call, state, record)


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


def _view(call: Call, state: CoupleState, record: FeedRecord) -> FeedView:
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
    )
