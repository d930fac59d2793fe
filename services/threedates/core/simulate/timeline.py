"""A timeline: what a log, real or simulated, tells about a couple's dates, nudges and check-ins, in order of time.

Of check-ins only the instant is taken: what somebody reported is nobody else's business, a chart's included.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from threedates.schemas.base import KINDS, Kind
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import (
    Answered,
    Booked,
    CalendarSeen,
    Changed,
    CheckedIn,
    Decision,
    Fact,
    IdeaAsked,
    Joined,
    Left,
    LogEvent,
    NudgeDropped,
    PageRotated,
    Paused,
    Resumed,
    Snoozed,
)
from threedates.schemas.outcomes import DateOutcome, HoldOutcome, InviteOutcome, NudgeOutcome, Outcome, ResumeOutcome

ANSWER_COUNTS_FOR = timedelta(hours=48)
"""After this the budget, too, takes a nudge as ignored."""


@dataclass(slots=True)
class Nudge:
    """One nudge that went out; answered where either partner answered for its kind within 48 hours."""

    id: str
    at: datetime
    kind: Kind | None
    stage: str
    addressee: str
    answered: bool = False


@dataclass(slots=True)
class Rest:
    """A pause; without an end it lasts."""

    since: datetime
    until: datetime | None


@dataclass(slots=True)
class Timeline:
    """Everything a chart shows. Instants in UTC; ``tz`` and ``names`` are the couple's on joining."""

    names: tuple[str, str] = ("", "")
    tz: str = "UTC"
    joined_at: datetime | None = None
    dates: dict[str, DateRecord] = field(default_factory=dict)
    nudges: list[Nudge] = field(default_factory=list)
    check_ins: list[datetime] = field(default_factory=list)
    pauses: list[Rest] = field(default_factory=list)
    changes: list[datetime] = field(default_factory=list)
    _open: dict[Kind, list[Nudge]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def answered(self, kinds: Iterable[Kind], at: datetime) -> None:
        """Somebody answered for these kinds."""
        for kind in kinds:
            for nudge in self._open[kind]:
                nudge.answered = at - nudge.at <= ANSWER_COUNTS_FOR
            self._open[kind].clear()

    def nudged(self, nudge: Nudge) -> None:
        """A nudge went out."""
        self.nudges.append(nudge)
        if nudge.kind is not None:
            self._open[nudge.kind].append(nudge)

    def dated(self, outcome: DateOutcome) -> None:
        """A date changed; one that was held closes the cycle, and what is unanswered then stays so."""
        self.dates[outcome.date.uid] = outcome.date
        if outcome.change == "held":
            self._open[outcome.date.kind].clear()

    def dropped(self, nudge_id: str) -> None:
        """A nudge never went out."""
        self.nudges = [nudge for nudge in self.nudges if nudge.id != nudge_id]

    def rested(self, until: datetime) -> None:
        """A pause under way ended."""
        if self.pauses:
            self.pauses[-1].until = until


def timeline(log: Iterable[tuple[int, LogEvent]]) -> Timeline:
    """The timeline of a log, given with its sequences in order."""
    found = Timeline()
    for _, event in log:
        if isinstance(event, Decision):
            for outcome in event.outcomes:
                _decided(found, outcome, event.at)
        else:
            _happened(found, event)
    return found


def _decided(found: Timeline, outcome: Outcome, at: datetime) -> None:
    match outcome:
        case DateOutcome():
            found.dated(outcome)
        case NudgeOutcome():
            found.nudged(Nudge(outcome.nudge_id, at, outcome.kind, outcome.stage, outcome.addressee))
        case ResumeOutcome():
            found.rested(outcome.until)
        case HoldOutcome() | InviteOutcome():
            pass  # nobody heard anything, and the date stands as it did


def _happened(found: Timeline, fact: Fact) -> None:  # noqa: C901  # one case per fact
    match fact:
        case Joined():
            found.names, found.tz, found.joined_at = fact.settings.names, fact.settings.tz, fact.at
        case CheckedIn():
            found.check_ins.append(fact.at)
        case Answered():
            record = found.dates.get(fact.uid)
            found.answered([record.kind] if record is not None else [], fact.at)
        case Booked():
            found.answered([fact.kind], fact.at)
        case CalendarSeen():
            found.answered([fact.kind] if fact.kind is not None else [], fact.at)
        case Snoozed():
            found.answered(KINDS if fact.kind == "all" else [fact.kind], fact.at)
        case Paused():
            found.pauses.append(Rest(fact.at, fact.until))
        case Resumed():
            found.rested(fact.at)
        case NudgeDropped():
            found.dropped(fact.nudge_id)
        case Changed():
            found.changes.append(fact.at)
        case IdeaAsked() | PageRotated() | Left():
            pass
