"""Habits: how couples of some sort live, as plain numbers. Shares go from 0 (never) to 1 (always).

These are sketches of people, made to ask the rules hard questions; they are not measured on anybody.
"""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Temper:
    """How one partner takes what they hear.

    ``answers`` is the share of nudges they react to, within so many ``hours``. Of their answers ``accepts`` agree,
    ``moves`` name another time and ``snoozes`` ask for silence; the rest decline. ``notices`` is the share of proposals
    they agree to by seeing them in the calendar, ``backs_out`` the share of agreed dates they call off or let slip,
    ``checks_in`` the share of days they report about.
    """

    answers: float
    hours: int
    accepts: float
    moves: float = 0.1
    snoozes: float = 0.0
    notices: float = 0.0
    backs_out: float = 0.0
    checks_in: float = 0.0


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that befalls a couple in a week, counted from 0, and again every half year.

    ``pause`` lasts so many weeks; ``strain`` makes every day of so many weeks a hard one, with half the answers;
    ``travel`` takes one partner (0 or 1), ``move`` the couple to another zone for good.
    """

    week: int
    what: Literal["pause", "strain", "travel", "move"]
    weeks: int = 1
    tz: str = ""
    partner: int = 0


@dataclass(frozen=True, slots=True)
class Habit:
    """A sort of couple: its zones, the two tempers, and what befalls it.

    ``hard_days`` is the share of check-ins that tell of one, ``arranges`` the share of weeks in which they arrange a
    date by themselves, ``just_goes`` the share of proposals that nobody answers but both follow, and say so later.
    ``settings`` is a merge patch over the defaults.
    """

    name: str
    about: str
    tempers: tuple[Temper, Temper]
    zones: tuple[str, str] = ("Europe/Berlin", "Europe/Berlin")
    hard_days: float = 0.15
    arranges: float = 0.0
    just_goes: float = 0.0
    happenings: tuple[Happening, ...] = ()
    settings: dict[str, Any] | None = None


HALF_YEAR = 26
"""Weeks after which happenings come again."""

_ATTENTIVE = Temper(answers=0.9, hours=8, accepts=0.8, notices=0.4, backs_out=0.05, checks_in=0.35)
_BUSY = Temper(answers=0.5, hours=36, accepts=0.6, moves=0.2, snoozes=0.05, notices=0.1, backs_out=0.15, checks_in=0.1)
_WILLING = Temper(answers=0.85, hours=12, accepts=0.85, notices=0.2, backs_out=0.05, checks_in=0.3)
_DEAF = Temper(answers=0.05, hours=60, accepts=0.4, backs_out=0.05)
_STEADY = Temper(answers=0.7, hours=20, accepts=0.7, notices=0.2, backs_out=0.1, checks_in=0.2)
_FAR = Temper(answers=0.75, hours=16, accepts=0.7, moves=0.2, notices=0.2, backs_out=0.1, checks_in=0.4)

HABITS: dict[str, Habit] = {
    habit.name: habit
    for habit in (
        Habit(
            "attentive",
            "both answer most of what they hear and arrange things of their own",
            (_ATTENTIVE, _ATTENTIVE),
            arranges=0.25,
            just_goes=0.3,
        ),
        Habit(
            "busy",
            "full weeks: half is not answered, much of the rest is moved, declined or falls through",
            (_BUSY, _BUSY),
            hard_days=0.35,
            happenings=(Happening(8, "strain", weeks=4),),
        ),
        Habit(
            "one_sided",
            "one answers nearly everything, the other next to nothing",
            (_WILLING, _DEAF),
            hard_days=0.3,
        ),
        Habit(
            "on_a_break",
            "steady people who pause for five weeks, and once more for two",
            (_STEADY, _STEADY),
            happenings=(Happening(7, "pause", weeks=5), Happening(19, "pause", weeks=2)),
        ),
        Habit(
            "long_distance",
            "six hours apart, with a visit every two months; fun every other week, talks every week",
            (_FAR, _FAR),
            zones=("Europe/Berlin", "America/New_York"),
            arranges=0.1,
            happenings=tuple(
                Happening(week, "travel", tz=tz, partner=1)
                for week, tz in (
                    (7, "Europe/Berlin"),
                    (9, "America/New_York"),
                    (16, "Europe/Berlin"),
                    (18, "America/New_York"),
                )
            ),
            # Evenings in Berlin are afternoons in New York: both are awake and free at the weekend.
            settings={
                "cadence": {
                    "fun": {"target": "P14D", "windows": ["sat-sun 15:00-22:00"]},
                    "business": {"target": "P14D", "windows": ["sun 15:00-19:00"]},
                    "emotional": {"windows": ["mon-fri 18:00-22:00", "sat-sun 15:00-22:00"]},
                }
            },
        ),
        Habit(
            "moving_house",
            "steady people who pack for three weeks, move to another zone and settle in",
            (_STEADY, _STEADY),
            zones=("Europe/Lisbon", "Europe/Lisbon"),
            happenings=(Happening(9, "strain", weeks=6), Happening(12, "move", tz="Europe/Helsinki")),
        ),
    )
}
