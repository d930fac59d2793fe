"""A couple's life on a virtual clock, for laws that hold whatever happens: random steps, every nudge with when."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from threedates.core.candidates import is_silenced
from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import (
    Answered,
    Booked,
    CalendarSeen,
    CheckedIn,
    Fact,
    IdeaAsked,
    Joined,
    LogEvent,
    Paused,
    Resumed,
    Snoozed,
)
from threedates.schemas.outcomes import NudgeOutcome

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BERLIN_AND_NEW_YORK: dict[str, Any] = {
    "tz": "Europe/Berlin",
    "partners": [{"name": "sam"}, {"name": "alex", "tz": "America/New_York"}],
}
ANSWERS = ("accept", "decline", "held", "skip", "cancel")
OTHERS = ("snooze", "pause", "resume", "outage", "trouble", "bliss", "event", "event off", "book", "busy")


class Step(NamedTuple):
    """So many hours later that happens, about that kind."""

    hours: int
    what: str
    kind: Kind


HOURS = st.integers(min_value=1, max_value=30 * 24)
steps = st.lists(st.builds(Step, HOURS, st.sampled_from(ANSWERS + OTHERS), st.sampled_from(KINDS)), max_size=20)


class Life:
    """A couple and its clock. ``free_since`` is, per kind, since when nothing but time has gone by."""

    def __init__(self, settings: dict[str, Any] = BERLIN_AND_NEW_YORK) -> None:
        self.settings = CoupleSettings.model_validate(settings)
        joined = Joined(id="j", at=START, key_id="k", settings=self.settings)
        state = fold("c1", [(1, joined)])
        assert state is not None
        self.state: CoupleState = state
        self.log: list[LogEvent] = [joined]
        self.nudges: list[tuple[datetime, NudgeOutcome]] = []
        self.now = START
        self.next: datetime | None = START
        self.free_since = dict.fromkeys(KINDS, START)

    def look(self, at: datetime) -> list[NudgeOutcome]:
        """One look; returns the nudges it brought."""
        decision = decide(self.state, at)
        self.next = decision.next_look
        said = [outcome for outcome in decision.outcomes if isinstance(outcome, NudgeOutcome)]
        self.nudges += [(at, nudge) for nudge in said]
        if decision.outcomes:
            self._append(decision)
        for kind in KINDS:
            if self.state.pause is not None or is_silenced(self.state, kind, at):
                self.free_since[kind] = at
        return said

    def live_until(self, at: datetime) -> None:
        """Look whenever it was asked for, up to an instant."""
        while self.next is not None and self.next < at:
            self.look(self.next)
        self.now = at

    def happens(self, event: LogEvent) -> None:
        """A fact, and the look that follows."""
        self._append(event)
        self.free_since = dict.fromkeys(KINDS, self.now)
        self.look(self.now)

    def step(self, n: int, step: Step) -> None:
        """One step of a random life."""
        at = self.now + timedelta(hours=step.hours)
        if step.what == "outage":
            self._outage(at)
            return
        self.live_until(at)
        self.happens(self._fact(n, step, at))

    def lives(self, life: list[Step]) -> None:
        """All steps of a random life."""
        for n, step in enumerate(life):
            self.step(n, step)

    def _append(self, event: LogEvent) -> None:
        self.log.append(event)
        self.state = apply_event(self.state, self.state.seq + 1, event)

    def _outage(self, at: datetime) -> None:
        self.now, self.next = at, at
        self.free_since = dict.fromkeys(KINDS, at)
        said = [(nudge.kind, nudge.addressee) for nudge in self.look(at)]
        if self.settings.budget.min_gap.length:
            assert len({kind for kind, _ in said}) <= 1, "after an outage more than one kind spoke at once"
        assert len(said) == len(set(said)), "after an outage one kind nudged somebody twice"

    def _fact(self, n: int, step: Step, at: datetime) -> Fact:  # one case per sort of step
        kind, uid = step.kind, f"event-{step.kind}"
        later = at + timedelta(days=2)
        match step.what:
            case "snooze":
                return Snoozed(id=f"e{n}", at=at, by="sam", kind=kind, until=at + timedelta(days=3))
            case "pause":
                return Paused(id=f"e{n}", at=at, by="alex", until=at + timedelta(days=10))
            case "resume":
                return Resumed(id=f"e{n}", at=at, by="alex")
            case "idea":
                open_date = self.state.open_date(kind)
                return IdeaAsked(id=f"e{n}", at=at, by="sam", uid=open_date.record.uid if open_date else "none")
            case "trouble":
                return trouble(f"e{n}", at)
            case "bliss":
                return CheckedIn(id=f"e{n}", at=at, partner="alex", mood=5, connection=5, did=("play",))
            case "event" | "event off":
                status: Any = "confirmed" if step.what == "event" else "cancelled"
                return calendar(f"e{n}", at, later, uid=uid, sequence=n, status=status, kind=kind)
            case "busy":
                return calendar(f"e{n}", at, later, uid=f"busy-{n}", status="confirmed", kind=None)
            case "book":
                end = later + timedelta(hours=2)
                return Booked(id=f"e{n}", at=at, by="alex", kind=kind, start=later, end=end, status="scheduled")
            case _:
                date = self.state.open_date(kind)
                answer: Any = step.what
                return Answered(id=f"e{n}", at=at, by="sam", uid=date.record.uid if date else "none", answer=answer)


def trouble(event_id: str, at: datetime, by: str = "sam") -> CheckedIn:
    """A check-in with everything in it that asks for a date sooner."""
    return CheckedIn(
        id=event_id, at=at, partner=by, mood=1, connection=1, loneliness=4, talk="surface", affection=1, desire=1,
        conflict=True, stress=("money", "chores", "family", "plans"), did=("walk",), together_minutes=300,
    )  # fmt: skip


def calendar(event_id: str, at: datetime, start: datetime, **fields: Any) -> CalendarSeen:
    """A calendar's event of two hours."""
    end = start + timedelta(hours=2)
    return CalendarSeen(id=event_id, at=at, source="s", start=start, end=end, tz="Europe/Berlin", **fields)
