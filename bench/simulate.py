"""How fast couples live on a virtual clock: couple-weeks per second on one core, per habit, and what takes the time.

The aim of the design is 5,000 couple-weeks a second. One process, no broker; every look is the product's own.
"""

import time

from bench.report import Report
from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.core.simulate import HABITS, Lived, live, settings_of
from threedates.core.state import CoupleState
from threedates.schemas.log import Decision

WEEKS = 26
COUPLES = 8
AIM = 5_000


async def run() -> None:
    """Let every habit's couples live; then make the looks of their logs again, by themselves."""
    report = Report(
        "simulate",
        f"Simulation: {COUPLES} couples per habit, {WEEKS} weeks each, one core",
        "habit",
        "couple-weeks/s",
        "events a week",
        "µs per decision that is kept",
        "their share of the time",
    )
    total_weeks = total_seconds = 0.0
    for habit in HABITS.values():
        settings = settings_of(habit)
        live(habit, settings, 0, 4, "warm")
        began = time.process_time()
        lives = [live(habit, settings, number, WEEKS, "bench") for number in range(1, COUPLES + 1)]
        seconds = time.process_time() - began
        weeks = COUPLES * WEEKS
        events = sum(len(one.log) for one in lives)
        decisions, spent = _deciding(lives)
        report.row(habit.name, weeks / seconds, events / weeks, spent / decisions * 1e6, f"{spent / seconds:.0%}")
        total_weeks, total_seconds = total_weeks + weeks, total_seconds + seconds
    report.row("all", total_weeks / total_seconds, "", "", "")
    report.note(
        f"The aim is {AIM:,} couple-weeks/s. Processor time. Some fourteen looks a week, "
        "one after each fact and one for each timer, take nearly all of it."
    )
    report.publish()


def _deciding(lives: list[Lived]) -> tuple[int, float]:
    """The decisions of the logs made again, each in the state it was made in: how many, and the seconds they took."""
    count, spent = 0, 0.0
    for one in lives:
        state: CoupleState | None = None
        for seq, event in one.log:
            if isinstance(event, Decision) and state is not None:
                began = time.process_time()
                decide(state, event.as_of)
                spent += time.process_time() - began
                count += 1
            state = fold(one.couple_id, [(seq, event)], state)
    return count, spent
