"""How far the broker's clock is from ours: schedules fire by the broker's, and are computed by ours.

A service whose clock is wrong would otherwise send its retries at once, or hours late. The leader of a stream, which is
who fires its schedules, says what time it has; half of the way there and back is what the answer took.
"""

import asyncio
import logging
import time
from datetime import datetime, timedelta

from nats.js.errors import APIError
from pydantic import TypeAdapter, ValidationError

from threedates.edge.clock import Clock
from threedates.edge.errors import Unavailable
from threedates.edge.wire import Wire
from threedates.schemas.base import Instant

logger = logging.getLogger("threedates")
EVERY_SECONDS = 60.0
WORTH_SAYING = timedelta(seconds=30)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class BrokerClock:
    """Turns instants of our clock into those of the leader of one stream."""

    def __init__(self, wire: Wire, stream: str, clock: Clock) -> None:
        self._wire = wire
        self._stream = stream
        self._clock = clock
        self._ahead = timedelta(0)

    def __call__(self, at: datetime) -> datetime:
        """What the broker's clock shows when ours shows ``at``; both UTC."""
        return at + self._ahead

    async def keep(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self.ask()
            await asyncio.sleep(EVERY_SECONDS)

    async def ask(self) -> None:
        """Ask what time the broker has; where it does not answer, what it last said still counts."""
        asked, began = self._clock(), time.monotonic()
        try:
            info = await self._wire.api(f"STREAM.INFO.{self._stream}")
            there = _INSTANT.validate_python(info.get("ts"))
        except (Unavailable, APIError, ValidationError) as error:
            logger.debug("what time the broker has is not known: %r", error)
            return
        half = timedelta(seconds=(time.monotonic() - began) / 2)
        ahead = there - (asked + half)
        # The answer was given at some time on the way: less than that it does not tell.
        if abs(ahead - self._ahead) <= half:
            return
        if abs(ahead - self._ahead) > WORTH_SAYING:
            logger.warning(
                "the broker's clock is %+.0f s from this machine's; one of them is wrong", ahead.total_seconds()
            )
        self._ahead = ahead
