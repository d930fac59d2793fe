"""What a language must have to be spoken here: names, nudges, ideas, questions. Data only; nothing is chosen here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from threedates.schemas.base import Kind

Tag = Literal[
    # Where, for what money and with what effort.
    "home",
    "out",
    "remote",  # also works when the two are in different places
    "free",
    "cheap",
    "costly",
    "easy",
    "effort",
    # What it is good for.
    "play",
    "after_conflict",
    "walking",
    "eye_contact",
    "without_words",
    "asking",  # one asks, the other is listened to
    "deep",
    "affection",
    "apart",
    # What a check-in can name as stress, under the same names.
    "money",
    "chores",
    "family",
    "plans",
    "work",
]
NudgeName = Literal["proposed", "due", "overdue", "floor", "check_in", "time_apart"]
"""A stage without its number, or one of the two nudges that belong to no kind."""
Unit = Literal["months", "days", "hours", "minutes", "seconds"]


@dataclass(frozen=True, slots=True)
class Idea:
    """One suggestion: for a date, or for an evening apart. Its id is kept in logs and never given to another idea."""

    id: str
    text: str
    tags: frozenset[Tag]


@dataclass(frozen=True, slots=True)
class NudgeText:
    """The templates of a nudge: ``{name}`` is the addressee, ``{other}`` the partner."""

    title: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """Everything one language must have; :func:`threedates.core.wording.completeness.faults` checks it.

    ``name`` is the language's own. ``kind_names`` go with the nudges, ``articles`` before a bare kind ("an emotional
    date"), ``purposes`` where something is planned, suggested or missed. ``weekdays`` begin with Monday, ``months``
    with January. ``units`` are one and many. New ideas and questions go to the end of their list, so that what is
    chosen for a seed seldom changes. ``unwelcome`` are the words that must occur nowhere: those that shame, keep a
    score or name a gender.
    """

    code: str
    name: str
    kind_names: Mapping[Kind, str]
    articles: Mapping[Kind, str]
    purposes: Mapping[Kind, str]
    nudges: Mapping[NudgeName, NudgeText]
    proposed_time: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    units: Mapping[Unit, tuple[str, str]]
    ideas: Mapping[Kind, tuple[Idea, ...]]
    evenings_apart: tuple[Idea, ...]
    questions: tuple[str, ...]
    unwelcome: tuple[str, ...]


def tags(*names: Tag) -> frozenset[Tag]:
    """A set of tags."""
    return frozenset(names)
