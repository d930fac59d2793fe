"""Reading again what does not hold together, because a replica has not caught up with what others know."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from threedates.edge.errors import Unavailable

_READINGS = 3
_PAUSE_SECONDS = 0.05
T = TypeVar("T")


class Behind(Unavailable):
    """What was read does not hold together: a replica has not caught up, or more came meanwhile. Read it again."""

    def __init__(self, couple_id: str) -> None:
        super().__init__(f"a replica has not caught up with the log of {couple_id}")


async def until_caught_up(read: Callable[[], Awaitable[T]]) -> T:
    """What is read, after some more readings where it does not hold together. Raises Unavailable."""
    for _ in range(_READINGS - 1):
        try:
            return await read()
        except Behind:
            await asyncio.sleep(_PAUSE_SECONDS)
    return await read()
