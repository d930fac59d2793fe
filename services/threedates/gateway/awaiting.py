"""Waiting until a couple's log says what nobody announces: that they joined, left, or have another address."""

import asyncio
from collections.abc import Callable

from threedates.core.state import CoupleState
from threedates.edge.couples import Couples

_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.25


async def wait_until(
    couples: Couples, couple_id: str, seconds: float, holds: Callable[[CoupleState | None], bool]
) -> bool:
    """Wait until that holds of the couple's state (None where there is none); whether it came to that.

    Raises Unavailable.
    """
    pause = _FIRST_PAUSE_SECONDS
    try:
        async with asyncio.timeout(seconds):
            while not holds(await couples.load(couple_id)):
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    except TimeoutError:
        return False
    return True
