"""A run: one couple's state, log and next look on a virtual clock; what living and running again have in common."""

from datetime import datetime

from threedates.core.decide import look
from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.schemas.log import Decision, Joined, LogEvent


class Run:
    """Begins with a couple that joins. Sequences count from 1, instants are UTC."""

    def __init__(self, couple_id: str, joined: Joined) -> None:
        state = fold(couple_id, [(1, joined)])
        if state is None:
            raise RuntimeError("a couple that joins has a state")
        self.state: CoupleState = state
        self.log: list[tuple[int, LogEvent]] = [(1, joined)]
        self.next_look: datetime | None = joined.at

    def append(self, event: LogEvent) -> None:
        """Put an event into the log, and fold it."""
        seq = self.state.seq + 1
        self.log.append((seq, event))
        self.state = apply_event(self.state, seq, event)

    def look(self, at: datetime) -> Decision:
        """Look once; a decision that changes nothing is not kept."""
        decision, self.state = look(self.state, at)
        self.next_look = decision.next_look
        if decision.outcomes:
            self.log.append((self.state.seq, decision))
        return decision
