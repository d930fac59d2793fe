"""What there is to say at an instant: one candidate per kind and addressee, the largest deficit first."""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.due import course
from threedates.core.evolve import remembered_of
from threedates.core.prompts import prompts
from threedates.core.stages import DUE, FLOOR, reached_stage, stage_name, standing
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A nudge that wants to go out: its kind, the kind's cycle, the stage, and whom it is for.

    Without a kind it is a prompt, and its cycle the number of the local day.
    """

    kind: Kind | None
    cycle: int
    stage: str
    addressee: str


def candidates(state: CoupleState, now: datetime) -> list[Candidate]:
    """All candidates, lapsed kinds first, then by deficit, then in the order of the kinds; prompts last.

    What a look says, and when the next one is due, both depend on them: they are worked out once for a look, unless an
    outcome changes what they come from.
    """
    if state.pause is not None:
        return []
    sources = (now, state.settings, state.kinds, state.dates, state.reports, state.prompts)
    return remembered_of(state, "_candidates", sources, lambda: _candidates(state, now))


def _candidates(state: CoupleState, now: datetime) -> list[Candidate]:
    found = [(kind, _of_kind(state, kind, now)) for kind in KINDS if not is_silenced(state, kind, now)]
    speaking = sorted((item for item in found if item[1]), key=lambda item: _rank(state, item[0], now))
    of_kinds = [candidate for _, of_kind in speaking for candidate in of_kind]
    return of_kinds + [Candidate(None, day, stage, name) for stage, name, day in prompts(state, now)]


def _rank(state: CoupleState, kind: Kind, now: datetime) -> tuple[bool, float]:
    stands = standing(state, kind, now)
    return stands.state != "lapsed", -stands.deficit


def is_silenced(state: CoupleState, kind: Kind, now: datetime) -> bool:
    """Whether a scheduled date or a snooze keeps a kind silent."""
    snoozed_until = state.kinds[kind].snoozed_until
    return state.is_booked(kind) or (snoozed_until is not None and now < snoozed_until)


def _of_kind(state: CoupleState, kind: Kind, now: datetime) -> list[Candidate]:
    """The floor to each who has not been told, else the latest stage reached: after an outage one nudge, not four."""
    this = state.kinds[kind]
    if now >= course(state, kind).warning_at:
        untold = [name for name in state.settings.names if name not in this.floor_told]
        if untold:
            return [Candidate(kind, this.cycle, FLOOR, name) for name in untold]
    rank = reached_stage(state, kind, now)
    if rank <= this.stage:
        return []
    planner = state.planner(kind)
    return [Candidate(kind, this.cycle, stage_name(rank), planner if rank <= DUE else state.other(planner))]
