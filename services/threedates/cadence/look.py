"""One look at a couple: fold, decide, append, set the timer; again while the log has grown meanwhile.

This is the order everything rests on. The timer is set before the trigger is acknowledged, even when nothing changed:
a timer that fires purges a replacement set in that very moment, and then only the due message it sent is left to set
it again. Whoever set a timer asks the log's leader afterwards how far the log goes: of two that set it, the one that
knew less sees that it has grown and repeats. A replica's word would not do: it may know as little.
"""

from datetime import datetime, timedelta

from threedates.core.decide import decide
from threedates.core.state import CoupleState
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.errors import Conflict
from threedates.edge.timers import Timers

MAX_TRIES = 10
NOTHING_COMES = timedelta(days=365)
"""When a couple is looked at again that waits for nothing but a word of theirs, as in a pause without an end: without a
timer the sweep would take it for lost, and have it looked at each time."""


class Looker:
    """Looks at couples for the cadence service."""

    def __init__(self, couples: Couples, timers: Timers, clock: Clock) -> None:
        self._couples = couples
        self._timers = timers
        self._clock = clock

    async def look(self, couple_id: str, triggered_at: datetime, at_least: int = 0) -> CoupleState | None:
        """Look until log and timer agree; returns the state then, or None where there is no such couple.

        ``triggered_at`` is the trigger's stream time, ``at_least`` its log sequence where it was a fact.
        Raises Conflict when the log keeps growing faster than it can be read, Unavailable when the broker is away.
        """
        for _ in range(MAX_TRIES):
            state = await self._couples.load(couple_id, at_least)
            if state is None:
                # Confirmed with the log's leader: nobody to look at, and nothing must ever fire for them again.
                await self._timers.clear(couple_id)
                return None
            if state.left:
                return state
            # A service clock behind the broker's would find nothing due, set a timer gone by, and spin.
            now = max(self._clock(), triggered_at, state.as_of or triggered_at)
            decision = decide(state, now)
            if decision.outcomes:
                try:
                    state = await self._couples.append_decision(state, decision)
                except Conflict:
                    at_least = state.seq + 1
                    continue
            await self._timers.set(couple_id, decision.next_look or now + NOTHING_COMES, state.seq)
            last = await self._last(state, has_decided=bool(decision.outcomes))
            if last == state.seq:
                await self._couples.snapshot(state)
                return state
            at_least = last or at_least  # they may also have left meanwhile
        raise Conflict(f"the log of {couple_id} keeps growing")

    async def _last(self, state: CoupleState, *, has_decided: bool) -> int | None:
        """How far the log goes by its leader: as far as the state only where that has seen all there is up to there."""
        if has_decided and await self._couples.has_seen_all(state):
            return state.seq
        last = await self._couples.last_seq(state.couple_id)
        # A decision may stand behind a fact that it has not seen: then all is read, and looked at, once more.
        return None if has_decided and last == state.seq else last
