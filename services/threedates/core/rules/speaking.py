"""Of what is due, one thing is said, to one person, at a good time.

Candidates are the stages the clock has reached and no decision has taken up. The largest deficit speaks first, the
others wait a gap; the addressee's quiet hours and attention budget hold it back, which is recorded once.
"""

from datetime import datetime

from threedates.core import ids
from threedates.core.candidates import Candidate, candidates
from threedates.core.rules.budget import budget_opens
from threedates.core.rules.one_at_a_time import may_speak_from
from threedates.core.rules.quiet import quiet_until
from threedates.core.stages import standing
from threedates.core.state import CoupleState
from threedates.core.wording import nudge_words
from threedates.schemas.base import Kind
from threedates.schemas.log import Because, HoldOutcome, NudgeOutcome

_TEXT = {
    "proposed": "A date is proposed and wants an answer.",
    "due": "The time between two {kind} dates that you asked for has passed.",
    "overdue": "Nobody has taken up the {kind} date yet.",
    "floor": "Your floor for {kind} dates is near or has passed.",
}


def speak(state: CoupleState, now: datetime) -> NudgeOutcome | HoldOutcome | None:
    """The next nudge, or the next hold that is not on record yet."""
    held_kind: Kind | None = None
    for candidate in candidates(state, now):
        if held_kind not in (None, candidate.kind) or may_speak_from(state, candidate, now) > now:
            continue
        quiet = quiet_until(state, candidate, now)
        if quiet is not None:
            # Until quiet hours end the largest deficit keeps its turn; others would only add to the wait.
            held_kind = candidate.kind
            hold = _hold(state, candidate, quiet, "quiet_hours")
        elif (opens := budget_opens(state, candidate)) > now:
            hold = _hold(state, candidate, opens, "budget")
        else:
            return _nudge(state, candidate, now)
        if hold is not None:
            return hold
    return None


def _hold(state: CoupleState, candidate: Candidate, until: datetime, reason: str) -> HoldOutcome | None:
    """The hold, unless it is on record for that time already."""
    outcome = HoldOutcome(
        kind=candidate.kind,
        cycle=candidate.cycle,
        stage=candidate.stage,
        addressee=candidate.addressee,
        until=until,
        reason="quiet_hours" if reason == "quiet_hours" else "budget",
    )
    known = any(
        (h.kind, h.cycle, h.stage, h.addressee, h.until)
        == (outcome.kind, outcome.cycle, outcome.stage, outcome.addressee, outcome.until)
        for h in state.holds
    )
    return None if known else outcome


def _nudge(state: CoupleState, candidate: Candidate, now: datetime) -> NudgeOutcome:
    kind, stage = candidate.kind, candidate.stage
    date = state.open_date(kind)
    record = date.record if date is not None else None
    words = nudge_words(kind, stage, candidate.addressee, state.other(candidate.addressee), record)
    rule = stage.partition("-")[0]
    because = Because(rule=rule, text=_TEXT[rule].format(kind=kind), events=(state.kinds[kind].because,))
    return NudgeOutcome(
        nudge_id=ids.nudge_id(
            state.couple_id, kind, candidate.cycle, stage, state.settings.names.index(candidate.addressee)
        ),
        kind=kind,
        cycle=candidate.cycle,
        stage=stage,
        state=standing(state, kind, now).state,
        addressee=candidate.addressee,
        title=words.title,
        message=words.message,
        date=record,
        because=(because,),
    )
