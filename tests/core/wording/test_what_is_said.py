"""Are nudges, times and durations said the way we read and approved of?

With THREEDATES_WRITE_GOLDEN=1 the sample is written anew; read the difference before committing it.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from threedates.core.wording import (
    Tag,
    Words,
    evening_apart,
    in_words,
    nudge_words,
    pick_idea,
    proposed_time,
    question,
)
from threedates.core.wording.en import ENGLISH
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateRecord
from threedates.schemas.duration import Span

SAMPLE = Path(__file__).parents[2] / "golden" / "wording" / "sample.txt"
DATE = DateRecord(
    uid="c1-fun-1@threedates",
    kind="fun",
    n=1,
    start=datetime(2026, 11, 27, 17, 0, tzinfo=UTC),
    end=datetime(2026, 11, 27, 20, 0, tzinfo=UTC),
    tz="Europe/Berlin",
    status="proposed",
    planner="sam",
    idea="Dance in the kitchen.",
)


def sample() -> Iterator[str]:
    """Every nudge once, and what a couple would be told over ten weeks."""
    for kind, stage in product(KINDS, ("proposed", "due", "overdue-1", "floor")):
        words = nudge_words(kind, stage, "sam", "alex", None)
        yield f"[{kind} {stage}] {words.title} | {words.message}"
    asked = question(ENGLISH, date(2026, 11, 20), "c1")
    words = nudge_words(None, "check_in", "sam", "alex", None, suggestion=asked)
    yield f"[check_in] {words.title} | {words.message}"
    words = nudge_words(
        None, "time_apart", "sam", "alex", None, suggestion=evening_apart(ENGLISH, date(2026, 11, 20), "c1 sam").text
    )
    yield f"[time_apart] {words.title} | {words.message}"
    wishes: tuple[tuple[Tag, ...], ...] = ((), ("after_conflict", "walking"), ("money", "easy"), ("without_words",))
    told: list[str] = []
    for week, kind in product(range(10), KINDS):
        wanted = wishes[week % len(wishes)]
        picked = pick_idea(ENGLISH, kind, wanted, told[-8 * len(KINDS) :], f"c1 {week}")
        told.append(picked.id)
        yield f"[{kind} {week} {' '.join(wanted)}] {picked.text}"
    for n in range(10):
        yield f"[question {n}] {question(ENGLISH, date(2026, 11, 20) + timedelta(days=n), 'c1')}"


def test_a_sample_reads_as_approved() -> None:
    """The choice is part of what is kept: another hash or order of ideas would show here."""
    said = "".join(f"{line}\n" for line in sample())
    if os.environ.get("THREEDATES_WRITE_GOLDEN"):
        SAMPLE.write_text(said, encoding="utf-8")
    assert said == SAMPLE.read_text(encoding="utf-8")


def test_a_proposal_is_said_with_its_time_and_idea() -> None:
    assert nudge_words("fun", "proposed", "sam", "alex", DATE) == Words(
        "A time for your next fun date",
        "sam, it is your turn to plan an evening that is only for playing together with alex. "
        "Friday 27 November at 18:00 would fit. Dance in the kitchen.",
    )


def test_a_date_without_an_idea_leaves_no_gap() -> None:
    words = nudge_words("fun", "overdue-3", "sam", "alex", DATE.model_copy(update={"idea": ""}))
    assert words.message.endswith("at 18:00 would fit.")


@pytest.mark.parametrize("name", ["check_in", "time_apart"])
def test_what_belongs_to_no_kind_is_said_with_its_suggestion(name: str) -> None:
    words = nudge_words(None, name, "sam", "alex", None, suggestion="See a friend.")
    assert words.message.startswith("sam, ")
    assert "alex" in words.message
    assert words.message.endswith(" See a friend.")


def test_names_are_said_as_they_are() -> None:
    """A name with braces is a name, not a placeholder."""
    assert nudge_words("fun", "due", "{other}", "{0}", None).message.startswith("{other}, this is")


def test_an_unknown_stage_is_an_error_and_not_silence() -> None:
    with pytest.raises(KeyError):
        nudge_words("fun", "sometime", "sam", "alex", None)


def test_weekdays_and_months_are_the_languages_own() -> None:
    """Not the machine's: every day of a year is said from the language's lists, Monday and January first."""
    for n in range(365):
        when = DATE.start + timedelta(days=n)
        said = proposed_time(DATE.model_copy(update={"start": when, "tz": "UTC"}))
        weekday, month = ENGLISH.weekdays[when.isoweekday() - 1], ENGLISH.months[when.month - 1]
        assert said == f"{weekday} {when.day} {month} at 17:00 would fit."


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span(days=7), "7 days"),
        (Span(days=1, seconds=6 * 3600), "1 day 6 hours"),
        (Span(seconds=90), "1 minute 30 seconds"),
        (Span(months=1), "1 month"),
        (Span(), "0 seconds"),
    ],
)
def test_a_duration_is_said_in_words(span: Span, said: str) -> None:
    assert in_words(span) == said
