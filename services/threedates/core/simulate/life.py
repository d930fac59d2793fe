"""Living: a couple's weeks on a virtual clock, from joining on, through the same fold and decide as the service.

The clock goes from instant to instant: a fact when somebody acts, a look after each fact and whenever the last decision
asked for one. What decisions say is heard at once, and answered later or never.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from threedates.core.merge import merge_settings
from threedates.core.simulate.acts import Act
from threedates.core.simulate.habits import Habit
from threedates.core.simulate.reactions import Planned, reactions, week_plans
from threedates.core.simulate.run import Run
from threedates.core.state import CoupleState
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined, LogEvent

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday. Fixed, so that a run tells the same story whenever it is made."""
NAMES = ("sam", "alex")
WEEK = timedelta(weeks=1)
MOST_LOOKS_A_WEEK = 8_000
"""A target of an hour stays below it; one of seconds would take longer to simulate than to watch."""


class TooManyLooks(Exception):
    """The cadence is so quick that weeks of it cannot be simulated in any useful time."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of it: the log with its sequences from 1 on, and the state at the end (UTC)."""

    couple_id: str
    habit: Habit
    log: tuple[tuple[int, LogEvent], ...]
    state: CoupleState
    end: datetime


def settings_of(habit: Habit) -> CoupleSettings:
    """The settings a couple of that habit joins with."""
    partners = [{"name": name, "tz": tz} for name, tz in zip(NAMES, habit.zones, strict=True)]
    return merge_settings(CoupleSettings.model_validate({"partners": partners}), habit.settings or {})


def live(habit: Habit, settings: CoupleSettings, number: int, weeks: int, seed: str, start: datetime = START) -> Lived:
    """Have the habit's couple of that number live so many weeks. Raises TooManyLooks for targets of seconds."""
    couple_id = f"{habit.name.replace('_', '-')}-{number}"
    life = _Life(couple_id, habit, settings, f"{seed} {couple_id}", start)
    for week in range(weeks):
        life.plan(week_plans(habit, life.state, week, start + week * WEEK, life.seed))
        life.run_until(start + (week + 1) * WEEK)
    return Lived(couple_id, habit, tuple(life.log), life.state, start + weeks * WEEK)


class _Life(Run):
    """A couple alive: beside its run, what they mean to do."""

    def __init__(self, couple_id: str, habit: Habit, settings: CoupleSettings, seed: str, start: datetime) -> None:
        super().__init__(couple_id, Joined(id="e1", at=start, key_id="simulation", settings=settings))
        self.habit = habit
        self.seed = seed
        self._plans: list[tuple[datetime, int, Act]] = []
        self._planned = 0

    def plan(self, planned: Iterable[Planned]) -> None:
        """Mean to do these things."""
        for at, act in planned:
            self._planned += 1
            heappush(self._plans, (at, self._planned, act))

    def run_until(self, end: datetime) -> None:
        """Let the clock run up to an instant."""
        looks = 0
        while True:
            acts_at = self._plans[0][0] if self._plans else end
            look_at = self.next_look or end
            if min(acts_at, look_at) >= end:
                return
            if look_at <= acts_at:
                looks += 1
                if looks > MOST_LOOKS_A_WEEK:
                    raise TooManyLooks(f"{self.state.couple_id} is looked at over {MOST_LOOKS_A_WEEK:,} times a week")
                self._hear(look_at)
            else:
                self._act()

    def _act(self) -> None:
        at, _, act = heappop(self._plans)
        fact = act(self.state, at, f"e{self.state.seq + 1}")
        if fact is not None:
            self.append(fact)
            self._hear(at)

    def _hear(self, at: datetime) -> None:
        decision = self.look(at)
        if decision.outcomes:
            self.plan(reactions(self.habit, self.state, decision, self.seed))
