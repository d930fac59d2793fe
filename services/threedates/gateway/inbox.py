"""The gateway's way in: what it takes travels as any producer's messages do, through the inbox stream.

A caller may wait for the look that follows: the log's own subject tells when the fact was appended, the cadence
service's announcement when it was looked at.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.msg import Msg

from threedates.edge.wire import Wire
from threedates.schemas.inbound import What


class Inbox:
    """Sends input of one couple on, as bytes that were admitted already."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def send(self, what: What, couple_id: str, body: bytes) -> None:
        """Store a message in the inbox. Raises Unavailable."""
        await self._wire.publish(self._wire.names.inbound(what, couple_id), body)

    async def send_and_wait(self, what: What, couple_id: str, event_id: str, body: bytes, seconds: float) -> bool:
        """Store a message and wait up to so long for the look that saw it; whether it came. Raises Unavailable."""
        async with self._looks(couple_id, event_id) as seen:
            await self.send(what, couple_id, body)
            try:
                async with asyncio.timeout(seconds):
                    await seen.wait()
            except TimeoutError:
                return False
            return True

    @asynccontextmanager
    async def _looks(self, couple_id: str, event_id: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set once a look has folded the fact of that id (or of ids derived from it)."""
        client, names = self._wire.client, self._wire.names
        seen = asyncio.Event()
        appended = asyncio.Event()

        async def on_fact(message: Msg) -> None:
            found = str(json.loads(message.data).get("id", ""))
            if found == event_id or found.startswith(f"{event_id}:"):
                appended.set()

        async def on_look(message: Msg) -> None:
            # A look announced before the fact was appended cannot have seen it. The two subscriptions are delivered
            # in the order the broker sent them, and the broker sends a fact before any look at it.
            if appended.is_set():
                seen.set()

        subscriptions = [
            await client.subscribe(names.fact(couple_id), cb=on_fact),
            await client.subscribe(names.looked(couple_id), cb=on_look),
        ]
        try:
            yield seen
        finally:
            for subscription in subscriptions:
                await subscription.unsubscribe()
