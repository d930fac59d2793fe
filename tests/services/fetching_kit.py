"""What the tests of fetching calendars share: a bare site that may answer anything, and a client for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

from tests.services.bare_http import listening
from threedates.core.addresses import Rules
from threedates.core.poll_plan import Trouble
from threedates.edge.calendar_client import CalendarClient, Fetched, Limits, Unchanged

LOCAL = Rules(networks=(ip_network("127.0.0.0/8"),))
Answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


class Request:
    """One request: its path, and its headers by their names in lower case."""

    def __init__(self, head: str) -> None:
        first, *lines = head.strip().split("\r\n")
        self.path = first.split(" ")[1]
        self.headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines}


class Site:
    """A bare HTTP server, one request to a connection. Keeps what came."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = Request((await reader.readuntil(b"\r\n\r\n")).decode())
        self.requests.append(request)
        await self.answer(request, writer)
        await writer.drain()


@asynccontextmanager
async def site(answer: Answer) -> AsyncIterator[Site]:
    """A site on this machine."""
    made = Site(answer)
    async with listening(made.serve) as made.url:
        yield made


def says(status: str = "200 OK", body: bytes = b"", **headers: str) -> Answer:
    """An answer that is whole."""

    async def write(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(response(status, body, **headers))

    return write


def response(status: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of a response; a header's ``_`` is written ``-``."""
    told = {"content_length": str(len(body)), "connection": "close", **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


async def fetch(
    url: str, rules: Rules = LOCAL, limits: Limits | None = None, **known: str
) -> Fetched | Unchanged | Trouble:
    """One fetch."""
    client = CalendarClient(rules, limits)
    try:
        return await client.get(url, **known)
    finally:
        await client.aclose()


async def trouble(url: str, rules: Rules = LOCAL, limits: Limits | None = None) -> Trouble:
    """What is wrong with that address."""
    found = await fetch(url, rules, limits)
    assert isinstance(found, Trouble), found
    # It is shown to people: the address is a secret, and what it means inside nobody's business.
    assert "127.0.0.1" not in found.detail
    assert "private" not in found.detail
    return found
