"""The stages of a cycle: proposed, due, overdue-1, overdue-2 …, and beside them the floor. Pure time, no answers."""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.due import due_at, floor_at
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.log import NudgeState

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
    due, pace = due_at(state, kind), state.pace(kind)
    if now < due:
        date = state.open_date(kind)
        return PROPOSED if date is not None and date.record.status == "proposed" else 0
    return DUE + sum(now >= overdue for overdue in pace.overdues(due))


def next_stage_at(state: CoupleState, kind: Kind, now: datetime) -> datetime | None:
    """When the clock reaches the next stage, the floor's warning included; None after the last."""
    due, pace = due_at(state, kind), state.pace(kind)
    instants = (due, pace.floor_warning(floor_at(state, kind)), *pace.overdues(due))
    return min((instant for instant in instants if instant > now), default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a kind stands at an instant: its state and how large its deficit is (elapsed ÷ target)."""

    state: NudgeState
    deficit: float


def standing(state: CoupleState, kind: Kind, now: datetime) -> Standing:
    """The state of a kind, pauses aside, with its deficit."""
    this, pace = state.kinds[kind], state.pace(kind)
    due = due_at(state, kind)
    deficit = (now - this.due_from).total_seconds() / pace.cadence.target.length
    if now >= floor_at(state, kind):
        return Standing("lapsed", deficit)
    if now < due:
        return Standing("fresh", deficit)
    return Standing("overdue" if now >= pace.overdues(due)[0] else "due", deficit)
