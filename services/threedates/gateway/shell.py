"""What surrounds every request, as plain ASGI: security headers, the access log, and a defect's trace in the log.

Feeds are asked for far more often than all else together and go past the framework.
"""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from threedates.edge.logs import redact

logger = logging.getLogger("threedates")
access = logging.getLogger("threedates.access")
FEEDS = "/feeds/"
SECURITY = {
    b"x-content-type-options": b"nosniff",
    # Paths are credentials here: no page that is left may tell the next one where it was.
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
HSTS = (b"strict-transport-security", b"max-age=31536000")


class Shell:
    """Wraps the whole application. What a route has set of these headers itself is left as it is."""

    def __init__(self, app: ASGIApp, feeds: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._feeds = feeds
        self._headers = [*SECURITY.items(), *([HSTS] if is_https else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def outward(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A new list: routes may share theirs between requests.
                given = message["headers"]
                names = {name for name, _ in given}
                message["headers"] = [*given, *(header for header in self._headers if header[0] not in names)]
            await send(message)

        inner = self._feeds if scope["path"].startswith(FEEDS) else self._app
        try:
            await inner(scope, receive, outward)
        except Exception:
            # The framework has answered 500 by now and hands the defect on, to be logged, which happens here alone.
            logger.exception("a request failed: %s %s", scope["method"], redact(scope["path"]))
        if access.isEnabledFor(logging.DEBUG):
            took = (time.perf_counter() - started) * 1000
            access.debug("%s %s %d %.0f ms", scope["method"], redact(scope["path"]), status, took)
