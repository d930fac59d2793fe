"""Looking ahead: what the rules would say and do if nothing happened any more. Nothing of it is ever stored.

The clock goes from look to look, each asked for by the decision before it, as it would in the service.
"""

from collections.abc import Iterator
from datetime import datetime

from threedates.core.decide import look
from threedates.core.next_look import next_look
from threedates.core.state import CoupleState
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome, ResumeOutcome

MOST_LOOKS = 200
"""Looks ahead at most: enough for months of a weekly cadence, and for hours of one of seconds."""
Heard = DateOutcome | NudgeOutcome | ResumeOutcome
"""An outcome that somebody hears of or sees: all but holds, and invites that go another way for a date as it was."""


def state_at(state: CoupleState, now: datetime) -> CoupleState:
    """The state at an instant if nothing happened until then, with every look on the way made but not the one then."""
    last = max([state.joined_at, *state.seen.values(), *([state.as_of] if state.as_of is not None else [])])
    # A fact that no decision has seen yet is looked at when it comes.
    first = next_look(state, last) if last == state.as_of else last
    for _, later in _looks(state, first, now):
        state = later
    return state


def coming(state: CoupleState, look_at: datetime | None, count: int) -> list[tuple[datetime, Heard]]:
    """The next outcomes, at most so many, with their instants, if nothing happened; the next look is due at that one.

    Nobody hears of a hold: it is left out, and shows as the nudge that follows.
    """
    found: list[tuple[datetime, Heard]] = []
    for decision, _ in _looks(state, look_at, None):
        found += [(decision.at, outcome) for outcome in decision.outcomes if isinstance(outcome, Heard)]
        if len(found) >= count:
            break
    return found[:count]


def _looks(state: CoupleState, at: datetime | None, until: datetime | None) -> Iterator[tuple[Decision, CoupleState]]:
    """Look after look, before an instant, each with the state it leaves."""
    for _ in range(MOST_LOOKS):
        if at is None or (until is not None and at >= until):
            return
        decision, state = look(state, at)
        yield decision, state
        at = decision.next_look
