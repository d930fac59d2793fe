"""A load of HTTP/1.1 GETs from a process of its own: some connections, each asking anew as soon as it is answered.

``python -m bench.load PORT PATH SECONDS HEADERS`` prints the status and the answers per second; HEADERS are lines to
send along. Answers must carry a Content-Length or be 304; a connection that is closed after one is made anew.
"""

import asyncio
import re
import sys
import time

import uvloop

from bench.processes import spawn

CONNECTIONS = 32
LEAD = 0.1
"""How long it asks before it begins to count, as a part of the time it counts."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class _Asker(asyncio.Protocol):
    """One connection."""

    answers = 0
    statuses: set[bytes] = set()  # noqa: RUF012  # shared by all connections on purpose

    def __init__(self, request: bytes, lost: asyncio.Future[None]) -> None:
        self._request = request
        self._lost = lost
        self._pending = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._pending += data
        end = self._pending.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._pending[:end])
        status = head[9:12]
        length = _LENGTH.search(head)
        if len(self._pending) >= end + 4 + (int(length[1]) if length and status != b"304" else 0):
            _Asker.answers += 1
            _Asker.statuses.add(status)
            self._pending.clear()
            self._ask()

    def connection_lost(self, _: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)

    def _ask(self) -> None:
        self._transport.write(self._request)  # type: ignore[attr-defined]  # TCP transports write


async def _keep_asking(port: int, request: bytes) -> None:
    loop = asyncio.get_running_loop()
    while True:
        lost: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda lost=lost: _Asker(request, lost), "127.0.0.1", port)  # type: ignore[misc]  # a default binds it
        await lost


async def _main(port: int, path: str, seconds: float, headers: str) -> None:
    lines = "".join(f"{line}\r\n" for line in headers.splitlines())
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n".encode()
    asking = [asyncio.create_task(_keep_asking(port, request)) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds * LEAD)
    before, began = _Asker.answers, time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (_Asker.answers - before) / (time.perf_counter() - began)
    for task in asking:
        task.cancel()
    print(",".join(status.decode() for status in sorted(_Asker.statuses)), rate, flush=True)


async def load(
    port: int, path: str, seconds: float, status: int, etag: str = "", headers: dict[str, str] | None = None
) -> float:
    """Answers per second. Raises RuntimeError where an answer had another status."""
    sent = {**(headers or {}), **({"If-None-Match": etag} if etag else {})}
    lines = "\n".join(f"{name}: {value}" for name, value in sent.items())
    child = spawn("load", ["-m", "bench.load", str(port), path, str(seconds), lines], {})
    try:
        statuses, _, rate = (await child.line()).partition(" ")
    finally:
        child.end()
    if statuses != str(status):
        raise RuntimeError(f"GET {path} answered {statuses}, not {status}")
    return float(rate)


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4]))
