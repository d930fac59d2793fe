"""Does the system itself end a connection to a broker that confirms nothing any more, after every way to connect?"""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.broker.edge_kit import edge
from threedates.edge.connection import SILENCE_SECONDS
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.wire import Wire


def _socket(wire: Wire) -> socket.socket:
    found: socket.socket = wire.client._transport._io_writer.get_extra_info("socket")  # type: ignore[union-attr]
    return found


def _limit(wire: Wire) -> int:
    return _socket(wire).getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has it")
async def test_what_is_sent_waits_ten_seconds_and_not_a_quarter_of_an_hour(prefix: str, tmp_path: Path) -> None:
    """On the first connection, and on the one that follows it."""
    async with EmbeddedNats(tmp_path / "nats") as broker, edge(broker.url, prefix) as e:
        assert _limit(e.wire) == SILENCE_SECONDS * 1000
        before = _socket(e.wire)
        await broker.restart()
        async with asyncio.timeout(60):
            while not e.wire.is_connected or _socket(e.wire) is before:
                await asyncio.sleep(0.05)
            while _limit(e.wire) != SILENCE_SECONDS * 1000:
                await asyncio.sleep(0.05)
