"""What if: a real couple's facts once more, with decisions made anew under changed settings.

What people did stays. But their answers were about dates that were proposed then; where the new run has no such date
at that time, agreeing to one, moving it or holding it becomes the date it was, arranged by themselves, and what calls
a date off that is not there is let go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from threedates.core import ids
from threedates.core.answers import takes
from threedates.core.fold import fold
from threedates.core.fold_replies import replied
from threedates.core.merge import merge_settings
from threedates.core.simulate.run import Run
from threedates.core.state import CoupleState
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Answered, Booked, Changed, Decision, Fact, Joined, LogEvent

Override = Callable[[CoupleSettings], CoupleSettings]
Log = Sequence[tuple[int, LogEvent]]


@dataclass(frozen=True, slots=True)
class Rerun:
    """The log as it would have been, its own sequences from 1 on, and the instant the run ends at (UTC)."""

    couple_id: str
    log: tuple[tuple[int, LogEvent], ...]
    begin: datetime
    end: datetime


def rerun(couple_id: str, log: Log, override: Override, until: datetime | None = None) -> Rerun:
    """Run a log's facts again; it ends with the log, or at ``until``. Raises ValueError where nobody joins in it.

    ``override`` is applied to the settings on joining and after every change of them.
    """
    joined = next((event for _, event in log if isinstance(event, Joined)), None)
    if joined is None:
        raise ValueError(f"nobody joins in the log of {couple_id}: is its beginning missing?")
    end = max([event.at for _, event in log] + ([until] if until is not None else []))
    again = _Again(couple_id, joined.model_copy(update={"settings": override(joined.settings)}), override)
    then: CoupleState | None = None  # the state as it was, to know what an answer was about
    looked_at: datetime | None = None
    for seq, event in log:
        if isinstance(event, Decision):
            looked_at = event.as_of
        elif event.id != joined.id:
            again.happen(event, then, looked_at)
        then = fold(couple_id, [(seq, event)], then)
    again.run_until(end)
    return Rerun(couple_id, tuple(again.log), joined.at, end)


class _Again(Run):
    """The new run: beside its state and log, its clock, and which date stands for which of the old run."""

    def __init__(self, couple_id: str, joined: Joined, override: Override) -> None:
        super().__init__(couple_id, joined)
        self._override = override
        self._now = joined.at
        self._stands_for: dict[str, str] = {}
        self.look(joined.at)

    def happen(self, fact: Fact, then: CoupleState | None, looked_at: datetime | None) -> None:
        """A fact of the old log happens, at its own time or, where it spoke of the past, as soon as it came.

        ``then`` is the old run's state before it, ``looked_at`` when that run had last decided: a look of the same
        instant as the fact comes before it again where it did.
        """
        at = max(self._now, fact.at)
        self.run_until(at)
        if self.next_look == at == looked_at:
            self.look(at)
        for translated in self._translated(fact, then):
            self.append(translated)
        self.look(at)
        self._now = at

    def run_until(self, at: datetime) -> None:
        """Look whenever the last decision asked for it, before an instant."""
        while self.next_look is not None and self.next_look < at:
            self._now = self.next_look
            self.look(self.next_look)

    def _translated(self, fact: Fact, then: CoupleState | None) -> list[Fact]:
        if isinstance(fact, Changed):
            settings = self._override(merge_settings(self.state.settings, fact.patch))
            return [fact.model_copy(update={"patch": settings.model_dump(mode="json", by_alias=True)})]
        if isinstance(fact, Answered):
            old = then.dates.get(fact.uid) if then is not None else None
            if then is None or old is None or (fact.sequence is not None and replied(then, fact) is then):
                return []  # a reply that came too late then comes too late now
            answer = self._answer(fact, old.record)
            return [answer] if answer is not None else []
        return [fact]

    def _answer(self, fact: Answered, old: DateRecord) -> Fact | None:
        """The answer, where the new run has that date at that time; else what it amounts to, or nothing."""
        uid = self._stands_for.get(fact.uid, fact.uid)
        here = self.state.dates.get(uid)
        is_same = here is not None and (uid != fact.uid or here.record.start == old.start or fact.answer == "move")
        if is_same and here is not None and takes(here.record.status, fact.answer):
            # SEQUENCE counts the changes of one run alone.
            return fact.model_copy(update={"uid": uid, "sequence": None, "dtstamp": None})
        if fact.answer not in ("accept", "move", "held"):
            return None
        self._stands_for[fact.uid] = ids.date_uid(self.state.couple_id, old.kind, self.state.kinds[old.kind].made + 1)
        return _arranged(fact, old)


def _arranged(fact: Answered, old: DateRecord) -> Booked:
    """The date an answer agreed to, as one they arranged by themselves."""
    length = old.end - old.start
    start = fact.start or old.start
    end = fact.end or start + length
    if fact.answer == "held" and end > fact.at:
        # As in the fold: "we did it" about a time still to come means that they did it already.
        start, end = fact.at - length, fact.at
    status: Literal["held", "scheduled"] = "held" if fact.answer == "held" else "scheduled"
    return Booked(id=fact.id, at=fact.at, by=fact.by, kind=old.kind, start=start, end=end, status=status)
