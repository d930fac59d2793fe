"""The store of feeds: what each shows and whether its link still holds. The link itself is derived, never stored.

A feed belongs to a couple; its id is ``<couple_id>_<rest>`` and its bucket key ``<couple_id>.<rest>``, so that leaving
removes it with everything else of theirs. Joining makes three: the couple's, and one for each partner.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from threedates.edge.errors import Conflict
from threedates.edge.wire import Kept, Wire
from threedates.schemas.base import KINDS, Instant, Kind, Model

BUCKET = "feeds"
COUPLE_SCOPE = "couple"
PARTNER_FEEDS = ("partner-a", "partner-b")
MAX_PER_COUPLE = 20
# Revoked ones are kept, because their links answer 410 for as long as somebody may ask.
MAX_EVER = 500
_TRIES = 5
_NOT_IN_IDS = set(".*> \t\r\n")


class FeedRecord(Model):
    """One feed. ``scope`` is ``couple`` or ``partner``, then ``partner`` says which (0 or 1, in the order they joined).

    A token of an older ``generation`` is revoked, and so is every token once ``revoked_at`` (UTC) is set.
    """

    id: str
    couple_id: str
    scope: Literal["couple", "partner"]
    partner: int | None = None
    kinds: tuple[Kind, ...] = KINDS
    detail: Literal["full", "busy"] = "full"
    alarms: bool = False
    generation: int = 1
    revoked_at: Instant | None = None
    created_at: Instant

    def opens(self, generation: int) -> bool:
        """Whether a token of that generation still opens it."""
        return self.revoked_at is None and self.generation == generation


class TooManyFeedsError(Exception):
    """A couple has as many feeds as it may have, revoked ones not counted."""


def couple_feed_id(couple_id: str) -> str:
    """The id of the feed a couple is given on joining."""
    return f"{couple_id}_{COUPLE_SCOPE}"


def partner_feed_id(couple_id: str, partner: int) -> str:
    """The id of the feed a partner (0 or 1) is given on joining."""
    return f"{couple_id}_{PARTNER_FEEDS[partner]}"


class FeedRecords:
    """Makes, finds and changes feed records. All methods raise Unavailable when the broker is away."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def create_first(self, couple_id: str, now: datetime) -> None:
        """The feeds of a couple that joins: theirs, and one for each partner. Those already there stay as they are."""
        records = [FeedRecord(id=couple_feed_id(couple_id), couple_id=couple_id, scope="couple", created_at=now)]
        for partner in (0, 1):
            feed_id = partner_feed_id(couple_id, partner)
            records.append(
                FeedRecord(id=feed_id, couple_id=couple_id, scope="partner", partner=partner, created_at=now)
            )
        for record in records:
            try:
                await self._wire.put(BUCKET, _key(record.id), _bytes(record), revision=0)
            except Conflict:
                continue  # the same call came before, or comes at the same time

    async def create(self, record: FeedRecord) -> FeedRecord:
        """Keep a further feed; where its id is there already, that one stays as it is and is the answer.

        Raises TooManyFeedsError.
        """
        there = await self.of_couple(record.couple_id)
        if (found := next((one for one in there if one.id == record.id), None)) is not None:
            return found
        if sum(one.revoked_at is None for one in there) >= MAX_PER_COUPLE or len(there) >= MAX_EVER:
            raise TooManyFeedsError(f"a couple may have {MAX_PER_COUPLE} feeds; revoke one that nobody reads")
        try:
            await self._wire.put(BUCKET, _key(record.id), _bytes(record), revision=0)
        except Conflict:
            return await self.get(record.id) or record
        return record

    async def get(self, feed_id: str) -> FeedRecord | None:
        """The record of that id, a revoked one too, or None."""
        kept = await self._wire.get(BUCKET, _key(feed_id))
        return _parse(kept) if kept is not None else None

    async def of_couple(self, couple_id: str) -> list[FeedRecord]:
        """All of a couple's feeds, revoked ones too; the oldest first, the couple's before the partners'."""
        found = map(_parse, await self._wire.get_all(BUCKET, [f"{couple_id}.*"]))
        return sorted(found, key=lambda record: (record.created_at, record.id))

    async def rotate(self, feed_id: str) -> FeedRecord | None:
        """Give it another link and end the one before. A revoked feed stays revoked; None where there is none."""
        return await self._change(feed_id, lambda old: old.model_copy(update={"generation": old.generation + 1}))

    async def revoke(self, feed_id: str, now: datetime) -> FeedRecord | None:
        """End its link for good; None where there is no such feed."""
        return await self._change(feed_id, lambda old: old.model_copy(update={"revoked_at": now}))

    async def _change(self, feed_id: str, how: Callable[[FeedRecord], FeedRecord]) -> FeedRecord | None:
        for _ in range(_TRIES):
            kept = await self._wire.get(BUCKET, _key(feed_id))
            if kept is None:
                return None
            old = _parse(kept)
            if old.revoked_at is not None:
                return old
            new = how(old)
            try:
                await self._wire.put(BUCKET, kept.key, _bytes(new), kept.revision)
            except Conflict:
                continue
            return new
        raise Conflict(f"the feed {feed_id} is being changed by others")


def _key(feed_id: str) -> str:
    couple_id, _, rest = feed_id.partition("_")
    # An id that is none must not become a wildcard or somebody else's key; no entry has this one.
    return f"{couple_id}.{rest}" if couple_id and rest and not set(feed_id) & _NOT_IN_IDS else "_._"


def _parse(kept: Kept) -> FeedRecord:
    return FeedRecord.model_validate_json(kept.data)


def _bytes(record: FeedRecord) -> bytes:
    return record.model_dump_json().encode()
