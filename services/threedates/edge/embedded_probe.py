"""One question to a NATS server on this machine: who are you, and does JetStream answer?

In: a port on 127.0.0.1. Out: a `ServerInfo`, or None while nobody gives a whole answer. It speaks the few lines of the
client protocol itself, since a client library would log, retry and reconnect where a plain "not yet" is wanted.
"""

import asyncio
import json
import re
from typing import NamedTuple

TIMEOUT_S = 2.0
_ASK = b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB probe 1\r\nPUB $JS.API.INFO probe 0\r\n\r\nPING\r\n'


class ServerInfo(NamedTuple):
    """What the server says of itself."""

    name: str
    version: tuple[int, ...]
    jetstream: bool


async def probe(port: int) -> ServerInfo | None:
    """Ask once; None if nothing answers properly within two seconds."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await _ask(port)
    except (OSError, ValueError, EOFError):  # refused, timed out, or not a NATS server: not ready, whatever it is
        return None


async def _ask(port: int) -> ServerInfo | None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        verb, _, body = (await reader.readline()).partition(b" ")
        if verb != b"INFO":
            return None
        info = json.loads(body)
        writer.write(_ASK)
        ready = bool(info.get("jetstream")) and await _answers(reader)
        numbers = re.findall(r"\d+", str(info.get("version", "")))
        return ServerInfo(str(info.get("server_name", "")), tuple(map(int, numbers[:3])), ready)
    finally:
        writer.close()


async def _answers(reader: asyncio.StreamReader) -> bool:
    """Whether the reply to $JS.API.INFO is an account's JetStream figures and not an error or 503 (no responders)."""
    while line := await reader.readline():
        if line.startswith(b"MSG "):
            return "error" not in json.loads(await reader.readline())
        if line.startswith((b"HMSG ", b"-ERR")):
            return False
    return False
