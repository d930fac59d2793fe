"""Is a language complete? Every fault is one sentence that says what is wrong and where; no faults, no sentences.

For whoever writes a language, and for the tests, which ask it of every language there is. English is what the others
are compared with: the same ideas under the same ids in the same order, the same placeholders in every text.
"""

import re
from collections.abc import Iterator
from string import Formatter
from typing import get_args

from threedates.core.wording.catalogue import Idea, Language, NudgeName, Tag, Unit, tags
from threedates.schemas.base import KINDS

LONGEST = 280
FEWEST = {"fun": 40, "business": 12, "emotional": 30, "questions": 20, "evenings_apart": 9}
"""Nine evenings apart, one a week at most, keep eight weeks without the same."""
_KEYS: dict[str, tuple[str, ...]] = {
    "kind_names": KINDS,
    "articles": KINDS,
    "purposes": KINDS,
    "ideas": KINDS,
    "nudges": get_args(NudgeName),
    "units": get_args(Unit),
}
_SORTS: dict[str, tuple[frozenset[Tag], ...]] = {
    "fun": (tags("home", "out"), tags("free", "cheap", "costly"), tags("easy", "effort")),
    "business": (tags("money", "chores", "family", "plans"),),
    "emotional": (tags("after_conflict", "walking", "eye_contact", "without_words", "asking", "deep", "affection"),),
    "evenings_apart": (tags("apart"),),
}


def faults(lang: Language, like: Language) -> list[str]:
    """What is missing or wrong in a language, compared with another that is complete."""
    missing = list(_missing(lang))
    # Without its parts nothing else can be said of it.
    return missing or [*_too_few(lang), *_ideas(lang, like), *_placeholders(lang, like), *_texts(lang)]


def lists(lang: Language) -> dict[str, tuple[Idea, ...]]:
    """The lists of ideas by name: the three kinds and the evenings apart."""
    return {**{str(kind): ideas for kind, ideas in lang.ideas.items()}, "evenings_apart": lang.evenings_apart}


def texts(lang: Language) -> dict[str, str]:
    """Every text of a language under the name of its place."""
    found = {"proposed_time": lang.proposed_time}
    for part in ("kind_names", "articles", "purposes"):
        found |= {f"{part}.{key}": text for key, text in getattr(lang, part).items()}
    for name, nudge in lang.nudges.items():
        found |= {f"nudges.{name}.title": nudge.title, f"nudges.{name}.message": nudge.message}
    for part in ("weekdays", "months", "questions"):
        found |= {f"{part}.{place}": text for place, text in enumerate(getattr(lang, part), 1)}
    found |= {f"units.{unit}.{n}": text for unit, forms in lang.units.items() for n, text in enumerate(forms, 1)}
    return found | {f"ideas.{one.id}": one.text for ideas in lists(lang).values() for one in ideas}


def _missing(lang: Language) -> Iterator[str]:
    for part, wanted in _KEYS.items():
        found = getattr(lang, part)
        if set(found) != set(wanted):
            yield f"{part} has {sorted(found)}, and {sorted(wanted)} is wanted"
    for name, names, count in (("weekdays", lang.weekdays, 7), ("months", lang.months, 12)):
        if len(set(names)) != count:
            yield f"{name} has {len(set(names))} different names, and there are {count}"
    if not lang.unwelcome:
        yield "unwelcome is empty: name the words that shame, keep a score or name a gender"


def _too_few(lang: Language) -> Iterator[str]:
    counts = {"questions": len(set(lang.questions))} | {name: len(ideas) for name, ideas in lists(lang).items()}
    for name, fewest in FEWEST.items():
        if counts[name] < fewest:
            yield f"{name} has {counts[name]}, and {fewest} is the least"


def _ideas(lang: Language, like: Language) -> Iterator[str]:
    ids = [one.id for ideas in lists(lang).values() for one in ideas]
    yield from (f"the id {twice} is there twice" for twice in sorted({one for one in ids if ids.count(one) > 1}))
    for name, ideas in lists(lang).items():
        wanted = lists(like)[name]
        if [one.id for one in ideas] != [one.id for one in wanted]:
            yield f"{name} has other ideas than {like.name}, or another order"
        elif differing := [one.id for one, other in zip(ideas, wanted, strict=True) if one.tags != other.tags]:
            yield f"{name} has other tags than {like.name}: {', '.join(differing)}"
        for one in ideas:
            yield from (f"{one.id} needs one of {sorted(sort)}" for sort in _SORTS[name] if not one.tags & sort)


def _placeholders(lang: Language, like: Language) -> Iterator[str]:
    wanted = texts(like)
    for place, text in texts(lang).items():
        found, expected = _fields(text), _fields(wanted.get(place, ""))
        if found != expected:
            yield f"{place} has the placeholders {sorted(found)}, and {sorted(expected)} is wanted"


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _texts(lang: Language) -> Iterator[str]:
    unwelcome = re.compile(rf"\b({'|'.join(map(re.escape, lang.unwelcome))})\b", re.IGNORECASE)
    for place, text in texts(lang).items():
        if not text or text != text.strip():
            yield f"{place} is empty, or begins or ends with a blank"
        if len(text) > LONGEST:
            yield f"{place} has {len(text)} characters, and {LONGEST} is the most"
        if found := unwelcome.search(text):
            yield f"{place} says {found[0]!r}, which is unwelcome"
