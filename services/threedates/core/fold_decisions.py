"""What a decision does to a couple's state. The engine uses the same steps while it decides, so that what it goes on
from is exactly what the fold will find.
"""

from datetime import datetime, timedelta

from threedates.core.change import (
    changed,
    held,
    is_same_time,
    resumed,
    timed_anew,
    with_date,
    with_kind,
    with_record,
)
from threedates.core.evolve import evolve
from threedates.core.fold_replies import told
from threedates.core.inviting import invited, set_first
from threedates.core.records import HoldMark, NudgeMark, Prompt
from threedates.core.stages import CHECK_IN, reached_stage, stage_rank
from threedates.core.state import CoupleState, DateState
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, HoldOutcome, InviteOutcome, NudgeOutcome, Outcome, ResumeOutcome

DATES_KEPT = timedelta(days=60)
HOLDS_KEPT = timedelta(days=2)
WEEK = timedelta(days=7)
GAP_COUNTS = 5
"""Four doublings of the default gap pass seven days, where doubling ends."""


def apply_decision(state: CoupleState, seq: int, decision: Decision) -> CoupleState:
    """Apply a decision, which is in the log under that sequence: its outcomes in their order, then its end."""
    for outcome in decision.outcomes:
        state = apply_outcome(state, outcome, decision.as_of, decision.id)
    return concluded(state, seq, decision)


def concluded(state: CoupleState, seq: int, decision: Decision) -> CoupleState:
    """The state with a decision's outcomes applied, at the decision's end: what no rule asks for any more is gone."""
    state = evolve(state, seq=seq, as_of=decision.as_of, decided_to=decision.folded_to)
    return _forget(state, decision) if decision.week != state.week else state


def apply_outcome(state: CoupleState, outcome: Outcome, as_of: datetime, cause: str) -> CoupleState:
    """Apply one outcome, decided at an instant."""
    match outcome:
        case DateOutcome():
            return set_first(_date(state, outcome, cause), outcome)
        case NudgeOutcome():
            return _nudged(state, outcome, as_of)
        case HoldOutcome():
            mark = HoldMark(
                outcome.kind, outcome.cycle, outcome.stage, outcome.addressee, outcome.until, outcome.reason
            )
            return evolve(state, holds=(*(h for h in state.holds if h.until > as_of - HOLDS_KEPT), mark))
        case ResumeOutcome():
            return resumed(state, outcome.until)
        case InviteOutcome():
            return invited(state, outcome)


def _date(state: CoupleState, outcome: DateOutcome, cause: str) -> CoupleState:
    new, known = outcome.date, state.dates.get(outcome.date.uid)
    if known is None:
        state = with_kind(state, new.kind, made=max(state.kinds[new.kind].made, new.n))
        return with_date(
            state, DateState(new, announced=new.sequence, change=outcome.change, cause=cause, timed=new.sequence)
        )
    if new.sequence == known.record.sequence and new == known.record:
        return with_date(state, told(evolve(known, announced=new.sequence)))
    if new.sequence <= known.record.sequence:
        # A fact slipped in between what the decision saw and the decision: the fact stands, and is announced anew.
        date = changed(known, known.change, known.cause)
        return with_date(state, date if is_same_time(new, known.record) else timed_anew(date))
    asked = known.wants_idea if new.idea_id == known.record.idea_id else ""
    date = with_record(known, new, announced=new.sequence, change=outcome.change, wants_slot=False, wants_idea=asked)
    state = with_date(state, date)
    return held(state, new, cause) if new.status == "held" else state


def _nudged(state: CoupleState, outcome: NudgeOutcome, as_of: datetime) -> CoupleState:
    kind = outcome.kind
    if outcome.stage != CHECK_IN:
        mark = NudgeMark(outcome.nudge_id, kind, outcome.cycle, outcome.stage, outcome.addressee, as_of)
        state = evolve(state, nudges=(*_counting(state.nudges, as_of - WEEK), mark))
    if kind is None:
        prompt = Prompt(outcome.stage, outcome.addressee, outcome.cycle)
        kept_prompts = (p for p in state.prompts if (p.stage, p.addressee) != (prompt.stage, prompt.addressee))
        return evolve(state, prompts=(*kept_prompts, prompt))
    this = state.kinds[kind]
    if this.cycle != outcome.cycle:
        return state  # a fact that closed the cycle slipped in before the decision
    if outcome.stage == "floor":
        told = (*this.floor_told, outcome.addressee)
        return with_kind(state, kind, floor_told=told, stage=max(this.stage, reached_stage(state, kind, as_of)))
    return with_kind(state, kind, stage=max(this.stage, stage_rank(outcome.stage)))


def _counting(nudges: tuple[NudgeMark, ...], since: datetime) -> list[NudgeMark]:
    """Those of the last week, and each addressee's latest, by which the gap is counted and doubled."""
    told: dict[str, list[datetime]] = {}
    for mark in nudges:
        told.setdefault(mark.addressee, []).append(mark.at)
    first = {name: sorted(times)[-GAP_COUNTS:][0] for name, times in told.items()}
    return [mark for mark in nudges if mark.at > since or mark.at >= first[mark.addressee]]


def _forget(state: CoupleState, decision: Decision) -> CoupleState:
    """Once a week: drop closed dates long past, and holds of other cycles."""
    oldest = decision.as_of - DATES_KEPT
    dates = {
        uid: date
        for uid, date in state.dates.items()
        if date.record.end > oldest
        or date.record.status in ("proposed", "scheduled")
        or date.announced < date.record.sequence
    }
    holds = tuple(hold for hold in state.holds if hold.until > decision.as_of - HOLDS_KEPT)
    return evolve(state, dates=dates, holds=holds, week=decision.week)
