"""The receiver of webhooks: a bare HTTP/1.1 server in a process of its own, which notes what arrived and when.

Started as ``python -m bench.sink``, it prints its port. A POST is noted with its webhook-id and the wall clock's
seconds; ``GET /count`` answers with how many came, ``GET /taken`` with all of them as JSON. A POST to ``/never`` gets
no answer, one to ``/slow`` gets it after fifteen seconds.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import uvloop

from bench.processes import Child, spawn

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ID = re.compile(rb"\r\nwebhook-id: *([^\r\n]+)", re.IGNORECASE)
_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
SLOW_SECONDS = 15.0
_arrivals: list[tuple[str, float]] = []


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A TCP transport writes, though uvloop's does not say so by its class.
        self._transport = cast("asyncio.WriteTransport", transport)
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end]
            length = _LENGTH.search(head)
            stop = end + 4 + (int(length[1]) if length else 0)
            if len(self._pending) < stop:
                return
            self._pending = self._pending[stop:]
            self._answer(head)

    def _answer_late(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(_OK)

    def _answer(self, head: bytes) -> None:
        if head.startswith(b"POST"):
            found = _ID.search(head)
            _arrivals.append((found[1].decode() if found else "", time.time()))
            if head.startswith(b"POST /slow"):
                asyncio.get_running_loop().call_later(SLOW_SECONDS, self._answer_late)
            elif not head.startswith(b"POST /never"):
                self._transport.write(_OK)
            return
        body = json.dumps(_arrivals if head.startswith(b"GET /taken") else len(_arrivals)).encode()
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


async def _main() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Sink:
    """The receiver, seen from the bench."""

    def __init__(self, child: Child, port: int) -> None:
        self.child = child
        self.port = port
        self.url = f"http://127.0.0.1:{port}/hook"

    async def count(self) -> int:
        """How many webhooks have come."""
        return int(await self._get("/count"))

    async def taken(self) -> list[tuple[str, float]]:
        """All webhooks: webhook-id and arrival in seconds of the wall clock."""
        return [(str(one), float(at)) for one, at in json.loads(await self._get("/taken"))]

    async def _get(self, path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**26)
        writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length is not None
        body = await reader.readexactly(int(length[1]))
        writer.close()
        return body


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    """A receiver that runs while the block does."""
    child = spawn("sink", ["-m", "bench.sink"], {})
    try:
        yield Sink(child, int(await child.line()))
    finally:
        child.end()


if __name__ == "__main__":
    uvloop.run(_main())
