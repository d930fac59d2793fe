"""What the tests of posting share: bare receivers that may answer anything, and one attempt."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

from tests.services.bare_http import listening
from threedates.core.addresses import Rules
from threedates.core.retry import Result
from threedates.edge.webhook_client import WebhookClient

LOCAL = Rules(networks=(ip_network("127.0.0.0/8"),))
Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Receiver:
    """A bare HTTP receiver, so that it can also answer nonsense. Counts connections and keeps what came."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.connections = 0
        self.requests: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await reader.readuntil(b"\r\n\r\n"):
            lower = head.lower()
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            request = head + await reader.readexactly(length)
            self.requests.append(request)
            await self.answer(request, writer)
            await writer.drain()


@asynccontextmanager
async def receiver(answer: Answer) -> AsyncIterator[Receiver]:
    made = Receiver(answer)
    async with listening(made.serve) as address:
        made.url = f"{address}/hook?secret=token"
        yield made


@asynccontextmanager
async def client(rules: Rules = LOCAL) -> AsyncIterator[WebhookClient]:
    made = WebhookClient(rules)
    try:
        yield made
    finally:
        await made.aclose()


def says(answer: bytes) -> Answer:
    async def write(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return write


async def post(url: str, rules: Rules = LOCAL, within: float = 5) -> Result:
    async with client(rules) as posting:
        return await posting.post(url, {"webhook-id": "m-1"}, b'{"type":"endpoint.test"}', within)
