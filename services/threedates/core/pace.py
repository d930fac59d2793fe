"""A kind's pace: its cadence with everything worked out that depends on the target.

A target under a day ignores planning hour, windows and notice and scales the rest, so that whole cycles can be watched
live: lead 3/7 of the target, spacing 2/7, and no date longer than 1/7.
"""

from collections.abc import Iterator
from datetime import datetime, time
from functools import lru_cache
from typing import NamedTuple

from threedates.core.walltime import add, add_at, back
from threedates.schemas.couple import KindCadence
from threedates.schemas.duration import Span

MAX_OVERDUE = 10
"""Gaps double: the tenth is more than five years after a weekly date was due."""


class Pace(NamedTuple):
    """When things happen for one kind, given an anchor. ``tz`` is the couple's zone; instants are UTC."""

    cadence: KindCadence
    tz: str
    planning_hour: time

    @property
    def is_exact(self) -> bool:
        """Whether the target is under a day."""
        return self.cadence.target.is_exact

    @property
    def spacing(self) -> Span:
        """From due to overdue, and between tries at a slot of a short target: 2/7 of the target."""
        return self.cadence.target.fraction(2, 7)

    @property
    def lead(self) -> Span:
        """How long before due a date is proposed."""
        return self.cadence.target.fraction(3, 7) if self.is_exact else self.cadence.lead

    @property
    def length(self) -> Span:
        """How long a date is."""
        if not self.is_exact:
            return self.cadence.length
        seventh = self.cadence.target.fraction(1, 7)
        return min(self.cadence.length, seventh, key=lambda span: span.length)

    def target_after(self, anchor: datetime) -> datetime:
        """One target later, at the planning hour where the target is of days."""
        return self._later(anchor, self.cadence.target)

    def floor_after(self, anchor: datetime) -> datetime:
        """One floor later, at the planning hour where the floor is of days."""
        return self._later(anchor, self.cadence.floor)

    def overdues(self, due_at: datetime) -> Iterator[datetime]:
        """The overdue stages in order: the gaps double from ``spacing`` on."""
        for span in _to_overdue(self.cadence.target):
            yield add(due_at, span, self.tz)

    def floor_warning(self, floor_at: datetime) -> datetime:
        """When the floor nudge goes out: 1/6 of the floor before it."""
        return back(floor_at, _to_warning(self.cadence.floor), self.tz)

    def proposal(self, due_at: datetime) -> datetime:
        """When a date is proposed."""
        return back(due_at, self.lead, self.tz)

    def _later(self, anchor: datetime, span: Span) -> datetime:
        if span.is_exact:
            return add(anchor, span, self.tz)
        return add_at(anchor, span, self.tz, self.planning_hour)


@lru_cache(maxsize=256)
def _to_warning(floor: Span) -> Span:
    """From the floor's nudge to the floor."""
    return floor.fraction(1, 6)


@lru_cache(maxsize=256)
def _to_overdue(target: Span) -> tuple[Span, ...]:
    """From due to each overdue stage."""
    return tuple(target.fraction(2, 7).times(2**n - 1) for n in range(1, MAX_OVERDUE + 1))
