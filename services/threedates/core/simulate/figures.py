"""Figures: what a couple's weeks come to, read from its timeline; and the same for several couples, on average."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from threedates.core.simulate.timeline import Timeline
from threedates.schemas.base import KINDS, Kind

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """A couple's weeks in numbers.

    ``held`` counts dates per kind; ``weeks_without`` the weeks in which no date of any kind ended; ``nudges`` and
    ``answered`` leave the question about the day and the evening apart out, which want no answer. ``silence`` is the
    longest stretch, in days, with neither a nudge nor a date held; a pause counts.
    """

    weeks: float
    held: dict[Kind, float]
    weeks_without: float
    nudges: float
    answered: float
    check_ins: float
    silence: float

    @property
    def nudges_a_week(self) -> float:
        """Nudges per week, both partners together."""
        return self.nudges / self.weeks if self.weeks else 0.0

    @property
    def answered_share(self) -> float | None:
        """The share of nudges that was answered; None where there was none."""
        return self.answered / self.nudges if self.nudges else None


def figures(line: Timeline, begin: datetime, end: datetime) -> Figures:
    """The figures of a timeline between two instants (UTC)."""
    held = [date for date in line.dates.values() if date.status == "held" and begin <= date.end < end]
    about_dates = [nudge for nudge in line.nudges if nudge.kind is not None]
    weeks = (end - begin) / WEEK
    busy_weeks = {(date.end - begin) // WEEK for date in held}
    return Figures(
        weeks=weeks,
        held={kind: sum(date.kind == kind for date in held) for kind in KINDS},
        weeks_without=max(0, -(-(end - begin) // WEEK) - len(busy_weeks)),
        nudges=len(about_dates),
        answered=sum(nudge.answered for nudge in about_dates),
        check_ins=len(line.check_ins),
        silence=_longest_gap([begin, *(d.end for d in held), *(n.at for n in line.nudges), end]),
    )


def averaged(several: Sequence[Figures]) -> Figures:
    """The average of several couples' figures; the silence is the longest of them. Needs one at least."""

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    return Figures(
        weeks=mean([one.weeks for one in several]),
        held={kind: mean([one.held[kind] for one in several]) for kind in KINDS},
        weeks_without=mean([one.weeks_without for one in several]),
        nudges=mean([one.nudges for one in several]),
        answered=mean([one.answered for one in several]),
        check_ins=mean([one.check_ins for one in several]),
        silence=max(one.silence for one in several),
    )


def _longest_gap(instants: list[datetime]) -> float:
    instants.sort()
    gaps = (later - earlier for earlier, later in pairwise(instants))
    return max(gaps, default=timedelta(0)) / timedelta(days=1)
