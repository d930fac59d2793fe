"""When each feed was last fetched and by which program: kept beside its record, under ``<couple>.<rest>.fetch``.

Beside it, because a record that changes makes gateways render its couple's feeds anew, and this changes nothing in
them. Written once in ``EVERY`` for each feed, whatever the number of gateways and of programs that read it.
"""

from datetime import datetime, timedelta

from threedates.edge.errors import Conflict
from threedates.edge.feedrecords import BUCKET
from threedates.edge.wire import Kept, Wire
from threedates.schemas.http.feeds import FeedFetch
from threedates.schemas.log import encode

EVERY = timedelta(minutes=10)
MAX_USER_AGENT = 200
_TAIL = "fetch"


class FeedFetches:
    """Keeps and tells the last fetch of each feed. Both methods raise Unavailable when the broker is away."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def note(self, feed_id: str, at: datetime, user_agent: str | None) -> bool:
        """Keep that a feed was fetched, unless one of the last ten minutes is kept; returns whether it was written."""
        couple_id, _, rest = feed_id.partition("_")
        key = f"{couple_id}.{rest}.{_TAIL}"
        kept = await self._wire.get(BUCKET, key)
        if kept is not None and at - _parse(kept).at < EVERY:
            return False
        try:
            await self._wire.put(BUCKET, key, encode(_fetch(at, user_agent)), kept.revision if kept else 0)
        except Conflict:
            return False  # another gateway has just done it
        return True

    async def of_couple(self, couple_id: str) -> dict[str, FeedFetch]:
        """The last fetch of each of a couple's feeds that was ever fetched, by the feed's id."""
        found = await self._wire.get_all(BUCKET, [f"{couple_id}.*.{_TAIL}"])
        return {"_".join(kept.key.split(".")[:2]): _parse(kept) for kept in found}


def _fetch(at: datetime, user_agent: str | None) -> FeedFetch:
    # It is shown to people later, and anybody may send anything as their program's name.
    shown = "".join(c for c in user_agent or "" if c.isprintable())[:MAX_USER_AGENT].strip()
    return FeedFetch(at=at, user_agent=shown or None)


def _parse(kept: Kept) -> FeedFetch:
    return FeedFetch.model_validate_json(kept.data)
