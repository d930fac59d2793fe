"""How often a page or an action link may be asked for: enough for any two people, too little to wear the broker out.

Counted for each link that was really made: a forged one costs nothing but a signature's check, one that has got to
somebody else and was replaced is another, and an address of the network may be everybody's behind a proxy.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

PER_MINUTE = 240
AT_ONCE = 120
KEPT = 10_000


class TooOftenError(Exception):
    """It may be asked for again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.seconds = seconds


class Rates:
    """A token bucket for each key, as a virtual clock; the keys asked for last are remembered, a bounded number."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: OrderedDict[Hashable, float] = OrderedDict()

    def count(self, key: Hashable, cost: int = 1) -> None:
        """Count one request, dear ones as several. Raises TooOftenError, and then counts nothing."""
        now, interval = self._clock(), 60 / PER_MINUTE
        begin = max(self._until.get(key, 0.0), now)
        end = begin + cost * interval
        excess = end - now - AT_ONCE * interval
        if excess > 0:
            raise TooOftenError(excess)
        self._until[key] = end
        self._until.move_to_end(key)
        while len(self._until) > KEPT:
            self._until.popitem(last=False)
