"""The decision: what a couple's state and an instant amount to. Pure; same state and instant, same bytes.

Rules are asked in the order below. Each outcome is applied to the state at once, by the very step the fold will use, so
a later rule sees what an earlier one decided.
"""

from collections.abc import Callable
from datetime import datetime

from threedates.core import ids
from threedates.core.fold_decisions import apply_outcome, concluded
from threedates.core.inviting import addressed, next_invite
from threedates.core.next_look import next_look
from threedates.core.rules.announcing import announce_change
from threedates.core.rules.offering import offer_idea
from threedates.core.rules.passing import pass_date
from threedates.core.rules.pausing import end_pause
from threedates.core.rules.proposing import propose_date
from threedates.core.rules.speaking import speak
from threedates.core.state import CoupleState
from threedates.core.walltime import week_start
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import Outcome

Rule = Callable[[CoupleState, datetime], Outcome | None]

RULES: tuple[Rule, ...] = (
    end_pause,  # a pause with an end is over: anchors shift
    pass_date,  # a scheduled date whose end passed was held; a proposal whose start passed gets another slot
    offer_idea,  # a date for which somebody asked for another idea gets one
    announce_change,  # what facts changed about dates is told to feeds and receivers
    next_invite,  # a date that is set goes to a partner by the way chosen since
    propose_date,  # a kind that nears its due time gets a proposal
    speak,  # of what is due, one thing is said, to one person, at a good time
)
MAX_OUTCOMES = 64
"""Beside four for each date there is, which ended, is announced, and goes to either partner by another way: a calendar
may have brought them by the hundred.

A decision of more than that is a rule that never has enough; better to fail than to fill the log.
"""


def decide(state: CoupleState, now: datetime) -> Decision:
    """Decide for a couple at an instant. A decision without outcomes need not be kept. Times in and out are UTC."""
    return _decided(state, now)[0]


def look(state: CoupleState, now: datetime) -> tuple[Decision, CoupleState]:
    """Decide, and the state once the decision is the next event of the log; one without outcomes is never put there.

    That state is the one the fold comes to: the outcomes have been applied while deciding, by the same steps.
    """
    decision, after = _decided(state, now)
    return decision, concluded(after, state.seq + 1, decision) if decision.outcomes else state


def _decided(state: CoupleState, now: datetime) -> tuple[Decision, CoupleState]:
    decision_id = ids.decision_id(state.couple_id, state.seq)
    folded_to, settings = state.seq, state.settings
    outcomes: list[Outcome] = []
    most = MAX_OUTCOMES + 4 * len(state.dates)
    for rule in () if state.left else RULES:
        while (found := rule(state, now)) is not None:
            outcome = addressed(state, found)
            outcomes.append(outcome)
            if len(outcomes) > most:
                raise RuntimeError(f"rule {rule.__name__} never has enough for couple {state.couple_id}")
            state = apply_outcome(state, outcome, now, decision_id)
    decision = Decision(
        id=decision_id,
        at=now,
        couple_id=state.couple_id,
        external_id=settings.external_id,
        key_id=state.key_id,
        folded_to=folded_to,
        week=week_start(now, settings.tz, settings.week_starts),
        tz=settings.tz,
        outcomes=tuple(outcomes),
        next_look=None if state.left else next_look(state, now),
    )
    return decision, state
