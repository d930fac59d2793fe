"""What people make of what they hear, and what they do of themselves. Pure: habit, state and seed in, plans out.

Nobody acts in their quiet hours: an act that falls there waits for their end.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from threedates.core.simulate import acts
from threedates.core.simulate.acts import Act
from threedates.core.simulate.chance import lot
from threedates.core.simulate.habits import HALF_YEAR, Habit, Temper
from threedates.core.state import CoupleState
from threedates.core.walltime import ONE_DAY, at_local, local, quiet_end
from threedates.schemas.couple import Partner
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome

Planned = tuple[datetime, Act]
HOUR = timedelta(hours=1)
EVENING = time(20, 30)
STRAINED_ANSWERS = 0.5
"""What strain leaves of the answers."""


def week_plans(habit: Habit, state: CoupleState, week: int, begins: datetime, seed: str) -> Iterator[Planned]:
    """What a week, counted from 0, brings of itself: happenings, check-ins, and dates of their own making."""
    yield from _happenings(habit, state, week, begins)
    hard_days = 1.0 if is_strained(habit, week) else habit.hard_days
    for partner, temper in zip(state.settings.partners, habit.tempers, strict=True):
        first = local(begins, partner.tz).date()
        for day in range(7) if temper.checks_in else ():
            if lot(seed, partner.name, week, day, "checks in") < temper.checks_in:
                minutes = timedelta(minutes=int(lot(seed, partner.name, week, day, "when") * 80))
                at = at_local(first + day * ONE_DAY, EVENING, partner.tz) + minutes
                yield at, acts.check_in(partner.name, seed, hard_days)
    if habit.arranges and lot(seed, week, "arranges") < habit.arranges:
        by = state.settings.names[week % 2]
        at = at_local(local(begins, state.settings.tz).date() + ONE_DAY, time(19), state.settings.tz)
        yield at, acts.arrange(by, seed, 1 + int(lot(seed, week, "in days") * 4))


def reactions(habit: Habit, state: CoupleState, decision: Decision, seed: str) -> Iterator[Planned]:
    """What comes of a decision; the state is the one with the decision in it."""
    for outcome in decision.outcomes:
        if isinstance(outcome, NudgeOutcome):
            yield from _nudged(habit, state, outcome, decision.at, seed)
        elif isinstance(outcome, DateOutcome):
            yield from _date(habit, state, outcome, decision.at, seed)


def is_strained(habit: Habit, week: int) -> bool:
    """Whether a week, counted from 0, is one of strain."""
    in_half_year = week % HALF_YEAR
    return any(h.what == "strain" and h.week <= in_half_year < h.week + h.weeks for h in habit.happenings)


def _happenings(habit: Habit, state: CoupleState, week: int, begins: datetime) -> Iterator[Planned]:
    for one in habit.happenings:
        if one.week != week % HALF_YEAR:
            continue
        match one.what:
            case "pause":
                yield begins + HOUR, acts.pause(state.settings.names[0], one.weeks)
            case "travel":
                yield begins + HOUR, acts.change_zones(one.tz, one.partner)
            case "move":
                yield begins + HOUR, acts.change_zones(one.tz, None)
            case "strain":
                pass  # no act of anybody's: it colours what they do


def _nudged(habit: Habit, state: CoupleState, nudge: NudgeOutcome, at: datetime, seed: str) -> Iterator[Planned]:
    """Answer a nudge about a date: agree, name another time, ask for silence, or decline."""
    partner, temper = _of(habit, state, nudge.addressee)
    week = (at - state.joined_at).days // 7
    share = temper.answers * (STRAINED_ANSWERS if is_strained(habit, week) else 1.0)
    if lot(seed, nudge.nudge_id, at, "answers") >= share:
        return
    when = _awake(partner, at + HOUR * temper.hours * lot(seed, nudge.nudge_id, at, "when"))
    if nudge.kind is None:
        if nudge.stage == "check_in":
            yield when, acts.check_in(partner.name, seed, habit.hard_days)
        return
    if nudge.date is None:
        return
    how = lot(seed, nudge.nudge_id, at, "how")
    uid = nudge.date.uid
    if how < temper.accepts:
        yield when, acts.answer(partner.name, uid, "accept")
    elif how < temper.accepts + temper.moves:
        yield when, acts.answer(partner.name, uid, "move")
    elif how < temper.accepts + temper.moves + temper.snoozes:
        yield when, acts.snooze(partner.name, nudge.kind)
    else:
        yield when, acts.answer(partner.name, uid, "decline")


def _date(habit: Habit, state: CoupleState, outcome: DateOutcome, at: datetime, seed: str) -> Iterator[Planned]:
    """See a proposal in the calendar and agree, follow it without a word, or back out of what was agreed."""
    record = outcome.date
    what = (record.uid, record.sequence)
    if record.status == "proposed":
        for name in state.settings.names:
            partner, temper = _of(habit, state, name)
            if temper.notices and lot(seed, *what, name, "notices") < temper.notices:
                yield (
                    _awake(partner, at + 30 * HOUR * lot(seed, *what, name, "when")),
                    acts.answer(name, record.uid, "accept"),
                )
        if habit.just_goes and lot(seed, *what, "goes") < habit.just_goes:
            yield record.end + HOUR, acts.say_held(record.planner, record.uid)
    elif record.status == "scheduled":
        for name in state.settings.names:
            partner, temper = _of(habit, state, name)
            if lot(seed, *what, name, "backs out") < temper.backs_out:
                yield _backing_out(partner, outcome, at, lot(seed, *what, name, "how"))


def _backing_out(partner: Partner, outcome: DateOutcome, at: datetime, how: float) -> Planned:
    record = outcome.date
    if how < 0.4:
        return record.end + HOUR, acts.answer(partner.name, record.uid, "skip")
    when = max(at + HOUR, record.start - 30 * HOUR * how)
    return when, acts.answer(partner.name, record.uid, "cancel" if how < 0.7 else "decline")


def _of(habit: Habit, state: CoupleState, name: str) -> tuple[Partner, Temper]:
    n = state.settings.names.index(name)
    return state.settings.partners[n], habit.tempers[n]


def _awake(partner: Partner, at: datetime) -> datetime:
    """That instant to the minute, or the end of the quiet hours it falls into."""
    at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return quiet_end(partner.quiet, partner.tz, at) or at
