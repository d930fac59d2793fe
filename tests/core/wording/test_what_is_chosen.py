"""Is an idea chosen by what was reported, without repeating itself, and always the same one for the same past?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate, cycle, islice
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.wording import evening_apart, pick_idea, question
from threedates.core.wording.catalogue import Idea, Tag, tags
from threedates.core.wording.en import ENGLISH
from threedates.schemas.base import KINDS, Kind

TWO_YEARS = 104
EIGHT_WEEKS = 8
KIND = st.sampled_from(KINDS)
WANTED: st.SearchStrategy[list[Tag]] = st.lists(st.sampled_from(get_args(Tag)), max_size=4)
SEED = st.text(max_size=20)
RECENT = st.sets(st.sampled_from([one.id for ideas in ENGLISH.ideas.values() for one in ideas]))


def weekly(kind: Kind, couple: str, wishes: Sequence[Sequence[Tag]]) -> list[Idea]:
    """The ideas of two years of weekly dates, with each week's wishes in turn."""
    told: list[Idea] = []
    for week, wanted in enumerate(islice(cycle(wishes), TWO_YEARS)):
        recent = {one.id for one in told[-EIGHT_WEEKS:]}
        told.append(pick_idea(ENGLISH, kind, wanted, recent, f"{couple} {week}"))
    return told


@given(KIND, WANTED, RECENT, SEED)
def test_the_same_past_gives_the_same_idea(kind: Kind, wanted: list[Tag], recent: set[str], seed: str) -> None:
    once = pick_idea(ENGLISH, kind, wanted, recent, seed)
    assert once == pick_idea(ENGLISH, kind, tuple(wanted), sorted(recent), seed)
    assert once in ENGLISH.ideas[kind]


@given(KIND, WANTED, RECENT, SEED)
def test_a_recent_idea_comes_only_when_all_are_recent(
    kind: Kind, wanted: list[Tag], recent: set[str], seed: str
) -> None:
    picked = pick_idea(ENGLISH, kind, wanted, recent, seed)
    assert picked.id not in recent or recent >= {one.id for one in ENGLISH.ideas[kind]}


def test_when_all_are_recent_one_comes_nevertheless() -> None:
    everything = {one.id for one in ENGLISH.ideas["business"]}
    assert "money" in pick_idea(ENGLISH, "business", ["money"], everything, "c1 9").tags


@given(KIND, WANTED, RECENT, SEED)
def test_an_earlier_tag_is_never_given_up_for_a_later_one(
    kind: Kind, wanted: list[Tag], recent: set[str], seed: str
) -> None:
    """No idea that is left has a better list of hits, read from the most important tag on."""

    def hits(one: Idea) -> list[bool]:
        return [tag in one.tags for tag in wanted]

    ideas = ENGLISH.ideas[kind]
    left = [one for one in ideas if one.id not in recent] or list(ideas)
    assert hits(pick_idea(ENGLISH, kind, wanted, recent, seed)) == max(map(hits, left))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("couple", ["c1", "c2", "c3"])
def test_weekly_dates_repeat_nothing_within_eight_weeks(kind: Kind, couple: str) -> None:
    """Whatever is reported in between, for two years."""
    wishes: list[list[Tag]] = [[], ["after_conflict", "walking"], ["money"], ["play", "easy"], ["chores"], ["costly"]]
    told = [one.id for one in weekly(kind, couple, wishes)]
    for week in range(TWO_YEARS):
        assert told[week] not in told[max(0, week - EIGHT_WEEKS) : week]
    assert len(set(told)) > len(ENGLISH.ideas[kind]) / 2


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("emotional", "after_conflict"),
        ("emotional", "without_words"),
        ("emotional", "asking"),
        ("emotional", "affection"),
        ("emotional", "deep"),
        ("business", "money"),
        ("business", "chores"),
        ("business", "family"),
        ("business", "plans"),
        ("fun", "play"),
        ("fun", "easy"),
        ("fun", "remote"),
    ],
)
def test_the_same_wish_every_week_is_met_every_week(kind: Kind, tag: Tag) -> None:
    """There are at least nine of each, so that eight weeks of the same trouble get nine different answers."""
    assert all(tag in one.tags for one in weekly(kind, "c1", [[tag]]))


def test_after_a_conflict_a_walk_or_no_words_can_be_wished_for() -> None:
    walk = pick_idea(ENGLISH, "emotional", ["after_conflict", "walking"], (), "c1 1")
    silent = pick_idea(ENGLISH, "emotional", ["after_conflict", "without_words"], (), "c1 1")
    assert walk.tags >= tags("after_conflict", "walking")
    assert silent.tags >= tags("after_conflict", "without_words")


@pytest.mark.parametrize(
    ("kind", "wanted"), [("fun", ()), ("business", ("money",)), ("emotional", ()), ("emotional", ("after_conflict",))]
)
def test_over_many_couples_every_idea_has_the_same_chance(kind: Kind, wanted: tuple[Tag, ...]) -> None:
    """Chi-squared with its mean and five standard deviations; the seeds are fixed, so this can't fail by chance."""
    fitting = [one.id for one in ENGLISH.ideas[kind] if set(wanted) <= one.tags]
    count = 200 * len(fitting)
    found = Counter(pick_idea(ENGLISH, kind, wanted, (), f"couple-{n} 1").id for n in range(count))
    free = len(fitting) - 1
    assert set(found) == set(fitting)
    assert sum((found[one] - 200) ** 2 / 200 for one in fitting) < free + 5 * (2 * free) ** 0.5


def test_an_idea_added_at_the_end_changes_only_what_falls_on_it() -> None:
    """So that a catalogue may grow without every couple's next dates being about something else."""
    new = Idea("fun-new", "Something new.", tags("home", "free", "easy"))
    grown = replace(ENGLISH, ideas={**ENGLISH.ideas, "fun": (*ENGLISH.ideas["fun"], new)})
    for n in range(300):
        picked = pick_idea(grown, "fun", (), (), f"c1 {n}")
        assert picked in (new, pick_idea(ENGLISH, "fun", (), (), f"c1 {n}"))


@given(st.dates(max_value=date(9000, 1, 1)), SEED)
def test_no_question_comes_twice_before_all_were_asked(first: date, seed: str) -> None:
    count = len(ENGLISH.questions)
    asked = {question(ENGLISH, first + timedelta(days=n), seed) for n in range(count)}
    assert asked == set(ENGLISH.questions)
    assert question(ENGLISH, first, seed) == question(ENGLISH, first + timedelta(days=count), seed)


def test_couples_are_asked_in_different_orders() -> None:
    assert len({question(ENGLISH, date(2026, 11, 20), f"c{n}") for n in range(200)}) == len(ENGLISH.questions)


@given(st.dates(max_value=date(9000, 1, 1)), st.lists(st.integers(7, 30), min_size=8, max_size=8), SEED)
def test_no_evening_apart_comes_twice_within_eight_weeks(first: date, gaps: list[int], seed: str) -> None:
    """They are offered once in seven days at most."""
    days = [first + timedelta(days=n) for n in accumulate(gaps, initial=0)]
    ideas = [evening_apart(ENGLISH, day, seed).id for day in days if day - first <= timedelta(weeks=8)]
    assert len(set(ideas)) == len(ideas)
