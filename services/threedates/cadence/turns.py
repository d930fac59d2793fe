"""Whose turn it is in a sweep: which page of the couples, and which of them are checked closely. Pure, by the clock.

In: the instant, how many couples there are, how many make a page. Out: where the page begins, and how often it has come
before, which says whose turn it is within it. The same on every replica and after a restart.
"""

import math
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

SWEEP_SECONDS = 300
SLICES = 12
CLOSELY = 300
"""So many couples are checked closely each time, or a twelfth of the page where that is less. The last event of a
couple may lie anywhere in the log, and to read it costs the broker the whole block that it lies in."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a sweep's page begins, and in which round through all pages."""

    offset: int
    round: int


def turn_at(at: datetime, total: int, size: int) -> Turn:
    """Whose turn it is among so many couples, in pages of that size."""
    rounds, page = divmod(int(at.timestamp() // SWEEP_SECONDS), max(1, math.ceil(total / size)))
    return Turn(page * size, rounds)


def closely(couples: Collection[str], rounds: int) -> list[str]:
    """Those of a page to be checked closely in that round.

    By the rounds, and not by the sweeps: a page comes back every so many sweeps, and where that number and the number
    of slices have a divisor in common, some of its slices would never come.
    """
    slices = max(SLICES, math.ceil(len(couples) / CLOSELY))
    return sorted(c for c in couples if zlib.crc32(c.encode()) % slices == rounds % slices)
