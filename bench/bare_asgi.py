"""The bare alternative to the gateway's feeds: an ASGI application that gives the same bytes, and 304 for their ETag.

``python -m bench.bare_asgi BODY_FILE`` prints its port. Server settings and event loop are the gateway's.
"""

import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn

from bench.loop import run

ETAG = b'"bare"'
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Feed:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._headers = [
            (b"content-type", b"text/calendar; charset=utf-8"),
            (b"etag", ETAG),
            (b"cache-control", b"private, max-age=300"),
        ]

    async def __call__(self, scope: dict[str, Any], _: Callable[[], Awaitable[Any]], send: Send) -> None:
        is_known = (b"if-none-match", ETAG) in scope["headers"]
        body, status = (b"", 304) if is_known else (self._body, 200)
        length = [] if is_known else [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": self._headers + length})
        await send({"type": "http.response.body", "body": body})


async def _main(body: bytes) -> None:
    # Named as TCP, because asyncio turns Nagle's delay off only where a socket says that it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        _Feed(body),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    await uvicorn.Server(config).serve([listener])


if __name__ == "__main__":
    run(_main(Path(sys.argv[1]).read_bytes()))
