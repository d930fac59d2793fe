"""Couples on a virtual clock: people made of habits, living with the very fold and decide that the service runs.

In: a habit, a couple's settings, a number of weeks and a seed. Out: a log like any other, with the figures and the
timeline read from it. Nothing is drawn from anywhere but the seed: the same arguments give the same bytes.
"""

from threedates.core.simulate.figures import Figures, averaged, figures
from threedates.core.simulate.habits import HABITS, Habit
from threedates.core.simulate.life import Lived, live, settings_of
from threedates.core.simulate.rerun import Rerun, rerun
from threedates.core.simulate.timeline import Timeline, timeline

__all__ = [
    "HABITS",
    "Figures",
    "Habit",
    "Lived",
    "Rerun",
    "Timeline",
    "averaged",
    "figures",
    "live",
    "rerun",
    "settings_of",
    "timeline",
]
