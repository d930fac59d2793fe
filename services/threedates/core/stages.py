"""The stages of a cycle: proposed, due, overdue-1, overdue-2 …, and beside them the floor. Pure time, no answers."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from threedates.core.due import course
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.outcomes import NudgeState

PROPOSED, DUE = 1, 2
FLOOR = "floor"
TIME_APART, CHECK_IN = "time_apart", "check_in"
"""Stages of nudges about no kind."""


def stage_name(rank: int) -> str:
    """The name of a stage by its rank."""
    return {PROPOSED: "proposed", DUE: "due"}.get(rank) or f"overdue-{rank - DUE}"


def stage_rank(name: str) -> int:
    """The rank of a stage by its name; later stages rank higher."""
    return {"proposed": PROPOSED, "due": DUE}.get(name) or DUE + int(name.removeprefix("overdue-"))


def reached_stage(state: CoupleState, kind: Kind, now: datetime) -> int:
    """The highest stage the clock has reached; 0 before any. A proposal in the calendar is the first."""
    this = course(state, kind)
    if now < this.due_at:
        date = state.open_date(kind)
        return PROPOSED if date is not None and date.record.status == "proposed" else 0
    return DUE + sum(1 for _ in takewhile(lambda overdue: overdue <= now, this.pace.overdues(this.due_at)))


def next_stage_at(state: CoupleState, kind: Kind, now: datetime) -> datetime | None:
    """When the clock reaches the next stage, the floor's warning included; None after the last."""
    this = course(state, kind)
    later: datetime | None = this.due_at
    if now >= this.due_at:
        later = next((overdue for overdue in this.pace.overdues(this.due_at) if overdue > now), None)
    if this.warning_at <= now:
        return later
    return this.warning_at if later is None else min(later, this.warning_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a kind stands at an instant: its state and how large its deficit is (elapsed ÷ target)."""

    state: NudgeState
    deficit: float


def standing(state: CoupleState, kind: Kind, now: datetime) -> Standing:
    """The state of a kind, pauses aside, with its deficit."""
    this = course(state, kind)
    deficit = (now - this.due_from).total_seconds() / this.pace.cadence.target.length
    if now >= this.floor_at:
        return Standing("lapsed", deficit)
    if now < this.due_at:
        return Standing("fresh", deficit)
    return Standing("overdue" if now >= next(this.pace.overdues(this.due_at)) else "due", deficit)
