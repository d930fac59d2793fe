"""The feed route, ``GET|HEAD /feeds/{token}.ics``: what calendars subscribe to.

The token in the path is the only credential. An unknown one gets 404, a revoked one 410, and any trouble 503 with
Retry-After: a client that is told of an empty calendar deletes what it has. Plain ASGI, because a feed that is kept
finished should cost little more than sending it.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.types import Receive, Scope, Send

from threedates.core.links import read_feed_token
from threedates.edge.errors import EdgeError
from threedates.edge.metrics import REQUEST_SECONDS, REQUESTS
from threedates.gateway.conditional import is_fresh, wants_gzip
from threedates.gateway.deps import Deps
from threedates.gateway.feedbody import FeedBody, Headers, surrounded
from threedates.gateway.feedcache import FeedCache
from threedates.gateway.feedload import Loaded, Revoked, Unknown, load_feed
from threedates.gateway.feednotes import FetchNotes

logger = logging.getLogger("threedates")
PREFIX, SUFFIX = "/feeds/", ".ics"
RETRY_AFTER_SECONDS = 120
# Shorter than what the cache takes for the time a feed may be made in.
LOAD_SECONDS = 8
_ASKED = frozenset({b"if-none-match", b"if-modified-since", b"accept-encoding"})
# Looked up once, as the shell does it.
_COUNTED = {status: REQUESTS.labels("feed", status) for status in (200, 304, 404, 405, 410, 503)}
_SECONDS = REQUEST_SECONDS.labels("feed")
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_NOT_FOUND = "There is no calendar under this address. Take it anew from your page.\n"
_GONE = "This calendar's address was revoked or replaced. Take the new one from your page.\n"
_UNAVAILABLE = "The calendar cannot be read just now. Nothing is lost; try again in a little while.\n"
_NOT_ALLOWED = "A calendar is read with GET or HEAD.\n"


class FeedApp:
    """Serves feeds. Keeps the finished ones.

    ``surround`` are headers for every answer that is no 304. They are put on once for all requests of a finished feed.
    """

    def __init__(self, deps_of: Callable[[], Deps], surround: Headers | None = None) -> None:
        self._deps_of = deps_of
        self._surround = surround or []
        self._cache: FeedCache | None = None
        self._notes = FetchNotes(deps_of)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Answer one request."""
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            await self._refuse(send, method, 405, _NOT_ALLOWED, [(b"allow", b"GET, HEAD")])
            return
        token = _token(scope["path"])
        found, now = await self._find(token)
        match found:
            case FeedBody():
                await _serve(send, scope, found, now)
                self._notes.note(token, scope["headers"], now)
            case Unknown():
                await self._refuse(send, method, 404, _NOT_FOUND)
            case Revoked():
                await self._refuse(send, method, 410, _GONE)
            case None:
                retry = [(b"retry-after", str(RETRY_AFTER_SECONDS).encode())]
                await self._refuse(send, method, 503, _UNAVAILABLE, retry)

    async def _find(self, token: str) -> tuple[FeedBody | Unknown | Revoked | None, datetime]:
        """What the token opens, None for trouble of any sort; and the instant it was asked."""
        now = _BEGINNING
        try:
            deps = self._deps_of()
            now = deps.clock()
            kept = self._cache.get(token, now) if self._cache is not None else None
            if kept is not None:
                return kept, now
            # Only what is made is timed: what is kept takes microseconds, and to time it as much again.
            with _SECONDS.time():
                return await self._made(deps, token, now), now
        except (EdgeError, TimeoutError) as error:
            # It passes by itself and was logged where it began; every subscriber's every request need not repeat it.
            logger.debug("a feed could not be served: %s", error)
        except Exception:
            # Any other fault is a defect, and still nothing that may empty somebody's calendar.
            logger.exception("a feed could not be served")
        return None, now

    async def _made(self, deps: Deps, token: str, now: datetime) -> FeedBody | Unknown | Revoked:
        """A feed from what the broker has, kept from now on. Raises EdgeError, TimeoutError."""
        cache = self._cache
        if cache is None:
            cache = self._cache = FeedCache(deps.wire, deps.clock)
        link = read_feed_token(deps.settings.link_key, token)
        if link is None:
            return Unknown()
        async with asyncio.timeout(LOAD_SECONDS):
            await cache.watch()
            connection = cache.connection
            found = await load_feed(deps, link, now)
        if not isinstance(found, Loaded):
            return found
        body = found.body.surrounded(self._surround)
        cache.keep(token, found.couple_id, body, connection)
        return body

    async def _refuse(self, send: Send, method: str, status: int, text: str, headers: Headers | None = None) -> None:
        content = text.encode()
        own = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(content)).encode()),
            (b"cache-control", b"no-store"),
            *(headers or []),
        ]
        await _send(send, status, surrounded(own, self._surround), b"" if method == "HEAD" else content)


def _token(path: str) -> str:
    """The token of ``/feeds/{token}.ics``; of any other path something that is none."""
    return path.removeprefix(PREFIX).removesuffix(SUFFIX) if path.startswith(PREFIX) and path.endswith(SUFFIX) else ""


async def _serve(send: Send, scope: Scope, body: FeedBody, now: datetime) -> None:
    """A 200, or a 304 where the client has this very feed (RFC 9110 §13.2.2)."""
    asked: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in _ASKED:
            asked[name] = f"{asked[name]}, {value.decode('latin-1')}" if name in asked else value.decode("latin-1")
    variant = body.gzipped if wants_gzip(asked.get(b"accept-encoding")) else body.plain
    tags, since = asked.get(b"if-none-match"), asked.get(b"if-modified-since")
    if asked and is_fresh(tags, since, variant.etag, body.modified, now):
        await _send(send, 304, variant.not_modified, b"")
    else:
        await _send(send, 200, variant.ok, b"" if scope["method"] == "HEAD" else variant.content)


async def _send(send: Send, status: int, headers: Headers, content: bytes) -> None:
    _COUNTED[status].inc()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
