"""Remembering that a feed was fetched, after the answer has gone out and at nobody's expense.

A process asks the store at most once in ten minutes for each address, a few at a time; what fails is logged and left
until the next ten minutes. Nothing waits for it.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime

from threedates.core.links import read_feed_token
from threedates.edge.errors import EdgeError
from threedates.edge.feedfetches import EVERY, FeedFetches
from threedates.gateway.deps import Deps

logger = logging.getLogger("threedates")
MAX_KNOWN = 100_000
AT_ONCE = 8
TASK = "feed-fetch-note"


class FetchNotes:
    """Notes fetches in the background."""

    def __init__(self, deps_of: Callable[[], Deps]) -> None:
        self._deps_of = deps_of
        # When each address was last noted, the latest last.
        self._noted: OrderedDict[str, datetime] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._few = asyncio.Semaphore(AT_ONCE)

    def note(self, token: str, headers: Iterable[tuple[bytes, bytes]], now: datetime) -> None:
        """A feed was given out under that token, as a 200 or a 304, to a request with these headers."""
        last = self._noted.get(token)
        if last is not None and now - last < EVERY:
            return
        self._noted[token] = now
        self._noted.move_to_end(token)
        if len(self._noted) > MAX_KNOWN:
            self._noted.popitem(last=False)
        agent = next((value.decode("latin-1") for name, value in headers if name == b"user-agent"), None)
        task = asyncio.create_task(self._keep(token, agent, now), name=TASK)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, token: str, agent: str | None, now: datetime) -> None:
        try:
            async with self._few:
                deps = self._deps_of()
                link = read_feed_token(deps.settings.link_key, token)
                if link is not None:
                    await FeedFetches(deps.wire).note(link.feed_id, now, agent)
        except EdgeError as error:
            logger.warning("a feed's last fetch could not be noted: %s", error)
        except Exception:
            logger.exception("a feed's last fetch could not be noted")
