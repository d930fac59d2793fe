"""How a couple stands, for people and programs: the state per kind with its dates and reasons. Pure."""

from datetime import datetime

from threedates.core.ahead import Heard, coming
from threedates.core.candidates import is_silenced
from threedates.core.decide import look
from threedates.core.due import due_at, floor_at
from threedates.core.look_alikes import open_look_alikes
from threedates.core.rules.reasons import sign_reasons
from threedates.core.stages import standing
from threedates.core.state import CoupleState
from threedates.core.wording import in_words
from threedates.core.wording.en import KIND_ARTICLES
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.outcomes import Because, DateOutcome, NudgeOutcome, ResumeOutcome
from threedates.schemas.status import Coming, ComingDate, ComingNudge, ComingResume, CoupleStatus, KindStatus

_LOOK_ALIKE = "A calendar has something that looks like one. If it was, say that you held it."


AHEAD = 5
"""So many of the things to come are told."""


def status_of(state: CoupleState, now: datetime, ahead: int = AHEAD) -> CoupleStatus:
    """The status at an instant: the log as it is, what a look at that instant would make of it, and what would follow.

    Each thing to come costs a look or two; who does not show them asks for none.
    """
    decision, state = look(state, now)
    return CoupleStatus(
        as_of=now,
        next_look=decision.next_look,
        paused=state.pause is not None,
        paused_until=state.pause.until if state.pause else None,
        kinds={kind: _kind(state, kind, now) for kind in KINDS},
        coming=tuple(in_short(at, outcome) for at, outcome in coming(state, decision.next_look, ahead)),
    )


def in_short(at: datetime, outcome: Heard) -> Coming:
    """An outcome of a look at an instant without its words and ids."""
    match outcome:
        case DateOutcome(change=change, date=date):
            return ComingDate(at=at, kind=date.kind, change=change, start=date.start, end=date.end)
        case NudgeOutcome(kind=kind, stage=stage, addressee=addressee):
            return ComingNudge(at=at, kind=kind, stage=stage, addressee=addressee)
        case ResumeOutcome(until=until):
            return ComingResume(at=until)


def _kind(state: CoupleState, kind: Kind, now: datetime) -> KindStatus:
    this, date = state.kinds[kind], state.open_date(kind)
    return KindStatus(
        state="paused" if state.pause is not None else standing(state, kind, now).state,
        last_held=max((mark.ended for mark in this.helds), default=None),
        due_at=due_at(state, kind),
        floor_at=floor_at(state, kind),
        planner=state.planner(kind),
        date=date.record if date is not None else None,
        because=_because(state, kind, now),
    )


def _because(state: CoupleState, kind: Kind, now: datetime) -> tuple[Because, ...]:
    this, cadence = state.kinds[kind], state.settings.cadence.of(kind)
    since = "the last one ended" if this.helds else "you joined"
    reasons = [
        Because(
            rule="target",
            text=f"You want {KIND_ARTICLES[kind]} {kind} date every {in_words(cadence.target)}, and never less than "
            f"every {in_words(cadence.floor)}; it counts from when {since}.",
            events=(this.because,),
        )
    ]
    reasons += sign_reasons(state, kind)
    reasons += [
        Because(rule="look_alike", text=_LOOK_ALIKE, events=(one.event,)) for one in open_look_alikes(state, kind)
    ]
    if this.snoozed_until is not None and now < this.snoozed_until:
        reasons.append(Because(rule="snooze", text="Reminders of this kind are snoozed."))
    if state.is_booked(kind):
        reasons.append(Because(rule="booked", text="A date is in the calendar, so nobody is reminded."))
    reasons += [
        Because(
            rule=hold.reason,
            text="A reminder waits for quiet hours to end."
            if hold.reason == "quiet_hours"
            else "A reminder waits for the attention budget.",
        )
        for hold in state.holds
        if hold.kind == kind and hold.cycle == this.cycle and now < hold.until and not is_silenced(state, kind, now)
    ]
    return tuple(reasons)
