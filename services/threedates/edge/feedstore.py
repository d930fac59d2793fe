"""The bucket of rendered dates: kept by the invites service, read by the gateway.

One JSON value per date, under ``<couple_id>.<kind>-<n>``. A newer value is never replaced by an older one, whatever
order decisions come in. The last ``KEPT_PER_KIND`` dates of a kind are kept, so that a feed and a couple's keys stay
within bounds (a direct get answers for 1,024 subjects at most).
"""

import re
from collections.abc import Iterable
from datetime import datetime

from threedates.core.calendar.block import Block
from threedates.core.calendar.feed import feed, shown, zones_of
from threedates.core.ids import date_key, date_uid
from threedates.edge.errors import Conflict
from threedates.edge.tzfooter import timezone_block
from threedates.edge.wire import Wire
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import encode

BLOCKS = "blocks"
# Three years of weekly dates.
KEPT_PER_KIND = 150
_TRIES = 8
_UID_TAIL = re.compile(rf"-({'|'.join(KINDS)})-([1-9]\d{{0,8}})@")


async def read_feed_blocks(wire: Wire, couple_id: str, now: datetime) -> list[Block]:
    """The couple's dates that feeds show at ``now``, sorted by UID; one request. Raises Unavailable.

    No dates are an empty list, trouble is always an error: an empty feed makes clients delete what they have.
    """
    kept = await wire.get_all(BLOCKS, [f"{couple_id}.*"])
    return sorted(shown((Block.model_validate_json(entry.data) for entry in kept), now), key=lambda block: block.uid)


async def read_invite(wire: Wire, couple_id: str, uid: str) -> bytes | None:
    """The iCalendar object of one of the couple's dates, or None where there is no such date. Raises Unavailable."""
    key = _key_of(couple_id, uid)
    kept = await wire.get(BLOCKS, key) if key else None
    return Block.model_validate_json(kept.data).invite.encode() if kept else None


async def keep_block(wire: Wire, couple_id: str, date: DateRecord, block: Block) -> bool:
    """Keep a date's block unless a newer one is there; returns whether it was written.

    Raises Conflict when others keep writing the same date, Unavailable for trouble.
    """
    key = date_key(couple_id, date.kind, date.n)
    for _ in range(_TRIES):
        kept = await wire.get(BLOCKS, key)
        if kept is not None and Block.model_validate_json(kept.data).seq >= block.seq:
            return False
        try:
            await wire.put(BLOCKS, key, encode(block), revision=kept.revision if kept else 0)
        except Conflict:
            continue
        return True
    raise Conflict(f"the block of {date.uid} keeps changing")


async def drop_oldest(wire: Wire, couple_id: str, date: DateRecord) -> None:
    """Drop the block that this date pushes out, if any. Raises Unavailable."""
    oldest = date.n - KEPT_PER_KIND
    if oldest > 0:
        key = date_key(couple_id, date.kind, oldest)
        await wire.purge(wire.names.bucket_stream(BLOCKS), wire.names.bucket_subject(BLOCKS, key))


def feed_bytes(name: str, home_tz: str, blocks: Iterable[Block]) -> bytes:
    """A whole feed of these blocks. ``home_tz`` is the couple's zone, which stands there even when no date does."""
    blocks = list(blocks)
    timezones = {tzid: timezone_block(tzid) for tzid in zones_of(home_tz, blocks)}
    return feed(name, home_tz, blocks, timezones)


def _key_of(couple_id: str, uid: str) -> str | None:
    """The key of the date with that UID, or None where it is none of this couple's."""
    found = _UID_TAIL.search(uid)
    if found is None:
        return None
    kind = next(kind for kind in KINDS if kind == found[1])
    n = int(found[2])
    return date_key(couple_id, kind, n) if uid == date_uid(couple_id, kind, n) else None
