"""Waiting for another process, which has no event to wait for."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(ready: Callable[[], Awaitable[bool]], seconds: float, every: float = 0.1) -> bool:
    """Ask again and again until it is so, or the seconds are over; whether it is so."""
    deadline = time.monotonic() + seconds
    while True:
        if await ready():
            return True
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(every)
