"""What surrounds every request, as plain ASGI: security headers, the access log, and a defect's trace in the log.

Feeds are asked for far more often than all else together and go past the framework.
"""

import logging
import time
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from threedates.edge import tracing
from threedates.edge.logs import redact
from threedates.edge.metrics import REQUEST_SECONDS, REQUESTS
from threedates.gateway.feedbody import Headers, surrounded
from threedates.gateway.feeds import PREFIX

logger = logging.getLogger("threedates")
access = logging.getLogger("threedates.access")
_SECURITY = {
    b"x-content-type-options": b"nosniff",
    # Paths are credentials here: no page that is left may tell the next one where it was.
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
FEED = "feed"
_SURFACES = ((PREFIX, FEED), ("/v1/", "api"), ("/c/", "page"), ("/a/", "action"))
# Looked up once: an answer that is no more than a 304 costs little more than looking up a label.
_SECONDS = {surface: REQUEST_SECONDS.labels(surface) for surface in ("api", "page", "action", "other")}
# The framework has answered 500 by then and hands the defect on, to be logged here alone.
_FAILED = "a request failed: %s %s"
_HSTS = (b"strict-transport-security", b"max-age=31536000")


def surrounding(*, is_https: bool) -> Headers:
    """The headers of every answer that does not set them itself."""
    return [*_SECURITY.items(), *([_HSTS] if is_https else [])]


def surface_of(path: str) -> str:
    """Which of the gateway's surfaces a path belongs to, to count by; whoever asks may make up any path."""
    return next((surface for prefix, surface in _SURFACES if path.startswith(prefix)), "other")


def shown(path: str) -> str:
    """A path for the log: one line whatever it holds, and without its token."""
    return redact("".join(char if char.isprintable() else quote(char) for char in path))


class Shell:
    """Wraps the whole application. What a route has set of these headers itself is left as it is.

    ``feeds`` answers whatever begins with their prefix, and puts the headers on itself.
    """

    def __init__(self, app: ASGIApp, feeds: ASGIApp, headers: Headers) -> None:
        self._app = app
        self._feeds = feeds
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_logged = access.isEnabledFor(logging.DEBUG)
        is_feed = scope["path"].startswith(PREFIX)
        if is_feed and not is_logged and not tracing.is_on():
            await self._unwatched_feed(scope, receive, send)
            return
        started = time.perf_counter()
        surface = FEED if is_feed else surface_of(scope["path"])
        status = 0

        async def outward(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if not is_feed:
                    # A new list: routes may share theirs between requests.
                    message["headers"] = surrounded(message["headers"], self._headers)
            await send(message)

        with tracing.serving(scope, surface) as note:
            try:
                if is_feed:
                    await self._feeds(scope, receive, outward)
                else:
                    await self._app(scope, receive, outward)
            except Exception:
                logger.exception(_FAILED, scope["method"], shown(scope["path"]))
            note(status)
        took = time.perf_counter() - started
        if not is_feed:  # feeds count themselves
            _SECONDS[surface].observe(took)
            REQUESTS.labels(surface, status).inc()
        if is_logged:
            access.debug("%s %s %d %.0f ms", scope["method"], shown(scope["path"]), status, took * 1000)

    async def _unwatched_feed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A feed that neither log nor trace tells of: the most frequent answer, so nothing more is made for it."""
        try:
            await self._feeds(scope, receive, send)
        except Exception:
            logger.exception(_FAILED, scope["method"], shown(scope["path"]))
