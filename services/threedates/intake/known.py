"""The couples the intake has met lately, so that a check-in of theirs needs no read.

A state kept here may be some seconds old. It is good enough to admit by, never to refuse by: who is unknown in it may
have joined since.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.state import CoupleState
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples

KEPT = 2_000
GOOD_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Met:
    state: CoupleState | None
    at: datetime
    appended: int


class Known:
    """Loads couples, and remembers a bounded number of them for a few seconds."""

    def __init__(self, couples: Couples, clock: Clock, keep: int = KEPT) -> None:
        self._couples = couples
        self._clock = clock
        self._keep = keep
        self._met: OrderedDict[str, _Met] = OrderedDict()

    def lately(self, couple_id: str) -> CoupleState | None:
        """The couple's state of a few seconds ago, or None where it is not at hand."""
        met = self._met.get(couple_id)
        return met.state if met is not None and met.at > self._clock() - GOOD_FOR else None

    async def load(self, couple_id: str) -> CoupleState | None:
        """The couple's state now, with all that was appended here; None where nobody joined. Raises Unavailable."""
        met = self._met.get(couple_id)
        appended = met.appended if met is not None else 0
        state = await self._couples.load(couple_id, appended)
        self._remember(couple_id, _Met(state, self._clock(), appended))
        return state

    async def is_erased(self, couple_id: str) -> bool:
        """Whether a couple of that id left. Raises Unavailable."""
        return await self._couples.is_erased(couple_id)

    def appended(self, couple_id: str, seq: int) -> None:
        """A command was appended at that log sequence: what was known before it is out of date."""
        self._remember(couple_id, _Met(None, self._clock(), seq))

    def _remember(self, couple_id: str, met: _Met) -> None:
        self._met[couple_id] = met
        self._met.move_to_end(couple_id)
        while len(self._met) > self._keep:
            self._met.popitem(last=False)
