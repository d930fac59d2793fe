"""Has every language all that is said, and does the check find what is missing?

With THREEDATES_WRITE_GOLDEN=1 the list of ids is written anew; look at the difference before committing it.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from threedates.core.wording.catalogue import Idea, Language, NudgeText, tags
from threedates.core.wording.completeness import faults, lists, texts
from threedates.core.wording.en import ENGLISH
from threedates.core.wording.languages import LANGUAGES, language

K = TypeVar("K")
V = TypeVar("V")
IDS = Path(__file__).parents[2] / "golden" / "wording" / "ids.txt"
FUN, BUSINESS = ENGLISH.ideas["fun"], ENGLISH.ideas["business"]


@pytest.mark.parametrize("lang", LANGUAGES.values(), ids=LANGUAGES.keys())
def test_nothing_is_missing_or_unwelcome(lang: Language) -> None:
    assert faults(lang, ENGLISH) == []
    assert LANGUAGES[lang.code] is lang


def test_ids_stay_what_they_are() -> None:
    """Logs keep ids for eight weeks and longer: new ideas come at the end, and no id changes its meaning or place."""
    now = "".join(f"{name} {one.id}\n" for name, ideas in lists(ENGLISH).items() for one in ideas)
    if os.environ.get("THREEDATES_WRITE_GOLDEN"):
        IDS.write_text(now, encoding="utf-8")
    assert now == IDS.read_text(encoding="utf-8")


def test_after_a_conflict_everyone_speaks_of_themselves() -> None:
    found = [one for one in ENGLISH.ideas["emotional"] if "after_conflict" in one.tags]
    assert all("I feel" in one.text and "I would love" in one.text for one in found)
    assert sum("I perceive" in one.text for one in found) >= 6


def test_an_agenda_says_how_long_and_what_for() -> None:
    assert all(one.text.endswith("45 minutes, one decision each.") for one in BUSINESS)


@pytest.mark.parametrize("code", ["en", "EN", "en-GB", "en_US", "tlh", ""])
def test_english_is_spoken_where_there_are_no_other_words(code: str) -> None:
    assert language(code) is ENGLISH


def _without(entries: Mapping[K, V], key: K) -> dict[K, V]:
    return {this: value for this, value in entries.items() if this != key}


def _fun(ideas: tuple[Idea, ...]) -> dict[str, Any]:
    return {"ideas": {**ENGLISH.ideas, "fun": ideas}}


def _due(title: str) -> dict[str, Any]:
    return {"nudges": {**ENGLISH.nudges, "due": NudgeText(title, ENGLISH.nudges["due"].message)}}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"purposes": _without(ENGLISH.purposes, "fun")}, "purposes has ['business', 'emotional'], and"),
        ({"nudges": _without(ENGLISH.nudges, "time_apart")}, "nudges has"),
        ({"units": _without(ENGLISH.units, "days")}, "units has"),
        ({"weekdays": ENGLISH.weekdays[:6]}, "weekdays has 6 different names, and there are 7"),
        ({"months": (*ENGLISH.months[:11], "May")}, "months has 11 different names, and there are 12"),
        ({"unwelcome": ()}, "unwelcome is empty"),
        ({"questions": ENGLISH.questions[:19]}, "questions has 19, and 20 is the least"),
        ({"evenings_apart": ENGLISH.evenings_apart[:8]}, "evenings_apart has 8, and 9 is the least"),
        (_fun(FUN[:39]), "fun has 39, and 40 is the least"),
        (_fun((*FUN, FUN[0])), f"the id {FUN[0].id} is there twice"),
        (_fun(FUN[1:]), "fun has other ideas than English, or another order"),
        (_fun((FUN[1], FUN[0], *FUN[2:])), "fun has other ideas than English, or another order"),
        (_fun((replace(FUN[0], tags=tags("home", "easy")), *FUN[1:])), f"fun has other tags than English: {FUN[0].id}"),
        (_fun((replace(FUN[0], tags=tags("home", "easy")), *FUN[1:])), f"{FUN[0].id} needs one of ['cheap', 'costly'"),
        (_fun((replace(FUN[0], text="x" * 281), *FUN[1:])), f"ideas.{FUN[0].id} has 281 characters, and 280"),
        (_fun((replace(FUN[0], text="{other} sings."), *FUN[1:])), f"ideas.{FUN[0].id} has the placeholders ['other']"),
        (_fun((replace(FUN[0], text="Kiss her."), *FUN[1:])), f"ideas.{FUN[0].id} says 'her', which is unwelcome"),
        (_due("You Should have a {kind}"), "nudges.due.title says 'Should', which is unwelcome"),
        (_due("Time for a date"), "nudges.due.title has the placeholders [], and ['kind'] is wanted"),
        (_due(""), "nudges.due.title is empty, or begins or ends with a blank"),
    ],
)
def test_a_fault_is_named_with_its_place(change: dict[str, Any], fault: str) -> None:
    """Whoever writes a language sees from the sentence alone what to mend."""
    lang = replace(ENGLISH, code="xx", name="Other", **change)
    assert any(found.startswith(fault) for found in faults(lang, ENGLISH)), faults(lang, ENGLISH)


def test_every_text_has_a_place_of_its_own() -> None:
    ideas = sum(map(len, lists(ENGLISH).values()))
    assert len(texts(ENGLISH)) == 1 + 3 * 3 + 2 * 6 + 7 + 12 + 2 * 5 + len(ENGLISH.questions) + ideas
