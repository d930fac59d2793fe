"""When to look again: the earliest instant at which some rule could have something new to say."""

from collections.abc import Iterator
from datetime import datetime

from threedates.core.candidates import candidates, is_silenced
from threedates.core.prompts import next_check_in_times
from threedates.core.rules.budget import budget_opens
from threedates.core.rules.one_at_a_time import may_speak_from
from threedates.core.rules.proposing import proposal_at
from threedates.core.rules.quiet import quiet_until
from threedates.core.stages import next_stage_at
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS


def next_look(state: CoupleState, now: datetime) -> datetime | None:
    """The next instant, in UTC and always after ``now``; None while only a fact can change anything."""
    return min((instant for instant in _instants(state, now) if instant > now), default=None)


def _instants(state: CoupleState, now: datetime) -> Iterator[datetime]:
    yield from _dates(state)
    if state.pause is not None:
        if state.pause.until is not None:
            yield state.pause.until
        return
    for kind in KINDS:
        proposal = proposal_at(state, kind)
        if proposal is not None:
            yield proposal
        snoozed_until = state.kinds[kind].snoozed_until
        if snoozed_until is not None:
            yield snoozed_until
        if not is_silenced(state, kind, now):
            stage_at = next_stage_at(state, kind, now)
            if stage_at is not None:
                yield stage_at
    yield from next_check_in_times(state, now)
    yield from _waits(state, now)


def _dates(state: CoupleState) -> Iterator[datetime]:
    for date in state.at_hand.open:
        yield date.record.end if date.record.status == "scheduled" else date.record.start


def _waits(state: CoupleState, now: datetime) -> Iterator[datetime]:
    """When what is being held back may go out. Each wait is looked at on its own: it may change the next."""
    for candidate in candidates(state, now):
        yield may_speak_from(state, candidate, now)
        yield budget_opens(state, candidate, now)
        quiet = quiet_until(state, candidate, now)
        if quiet is not None:
            yield quiet
