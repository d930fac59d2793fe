"""What holds whatever a couple does: the budget's gap, quiet hours, no floods after outages, never silent for ever."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from threedates.core.decide import decide
from threedates.core.due import floor_at
from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.core.walltime import quiet_end
from threedates.schemas.base import KINDS
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Answered, Joined, LogEvent, NudgeOutcome, Paused, Resumed, Snoozed

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SETTINGS = CoupleSettings.model_validate(
    {"tz": "Europe/Berlin", "partners": [{"name": "sam"}, {"name": "alex", "tz": "America/New_York"}]}
)
GAP = timedelta(hours=20)

steps = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=30 * 24),
        st.sampled_from(["accept", "decline", "held", "skip", "cancel", "snooze", "pause", "resume", "outage"]),
        st.sampled_from(KINDS),
    ),
    max_size=25,
)


class Life:
    """A couple's life on a virtual clock: every nudge it brought, with when."""

    def __init__(self) -> None:
        joined = Joined(id="j", at=START, key_id="k", settings=SETTINGS)
        state = fold("c1", [(1, joined)])
        assert state is not None
        self.state: CoupleState = state
        self.nudges: list[tuple[datetime, NudgeOutcome]] = []
        self.now = START
        self.next: datetime | None = START

    def look(self, at: datetime) -> list[NudgeOutcome]:
        """One look; returns the nudges it brought."""
        decision = decide(self.state, at)
        self.next = decision.next_look
        said = [outcome for outcome in decision.outcomes if isinstance(outcome, NudgeOutcome)]
        self.nudges += [(at, nudge) for nudge in said]
        if decision.outcomes:
            self.state = apply_event(self.state, self.state.seq + 1, decision)
        return said

    def live_until(self, at: datetime) -> None:
        """Look whenever it was asked for, up to an instant."""
        while self.next is not None and self.next < at:
            self.look(self.next)
        self.now = at

    def happens(self, event: LogEvent) -> None:
        """A fact, and the look that follows."""
        self.state = apply_event(self.state, self.state.seq + 1, event)
        self.look(self.now)

    def step(self, n: int, hours: int, what: str, kind: str) -> None:
        """One step of a random life."""
        at = self.now + timedelta(hours=hours)
        if what == "outage":
            self.now, self.next = at, at
            said = self.look(at)
            per_kind = [(nudge.kind, nudge.addressee) for nudge in said]
            assert len({k for k, _ in per_kind}) <= 1, "after an outage more than one kind spoke at once"
            assert len(per_kind) == len(set(per_kind)), "after an outage one kind nudged somebody twice"
            return
        self.live_until(at)
        match what:
            case "snooze":
                fact: LogEvent = Snoozed(id=f"e{n}", at=at, by="sam", kind=kind, until=at + timedelta(days=3))  # type: ignore[arg-type]
            case "pause":
                fact = Paused(id=f"e{n}", at=at, by="alex", until=at + timedelta(days=10))
            case "resume":
                fact = Resumed(id=f"e{n}", at=at, by="alex")
            case _:
                date = self.state.open_date(kind)  # type: ignore[arg-type]
                uid = date.record.uid if date else "none"
                fact = Answered(id=f"e{n}", at=at, by="sam", uid=uid, answer=what)  # type: ignore[arg-type]
        self.happens(fact)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_no_life_breaks_the_laws(life: list[tuple[int, str, str]]) -> None:
    """Budget gap per partner, quiet hours, unique ids, and always a next look unless paused without end."""
    told = Life()
    for n, (hours, what, kind) in enumerate(life):
        told.step(n, hours, what, kind)
        assert told.next is not None
        assert told.next > told.now
    for name in SETTINGS.names:
        times = [at for at, nudge in told.nudges if nudge.addressee == name]
        assert all(later - earlier >= GAP for earlier, later in pairwise(times))
        partner = SETTINGS.partner(name)
        assert partner is not None
        assert all(quiet_end(partner.quiet, partner.tz, at) is None for at in times)
    ids = [nudge.nudge_id for _, nudge in told.nudges]
    assert len(ids) == len(set(ids)), "a stage was decided twice"


def test_silence_never_lasts_past_the_floor() -> None:
    """Both are told before the floor passes, whatever the weekly budget has seen."""
    told = Life()
    told.live_until(START + timedelta(days=40))
    for kind in KINDS:
        for name in SETTINGS.names:
            floor = [at for at, n in told.nudges if n.stage == "floor" and n.kind == kind and n.addressee == name]
            assert floor
            assert min(floor) <= floor_at(told.state, kind) + timedelta(days=1)
