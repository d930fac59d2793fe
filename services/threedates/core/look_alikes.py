"""Calendar events that look like a date by their title. A guess is only ever asked about."""

import re

from threedates.core.busy import calendar_key
from threedates.core.evolve import evolve
from threedates.core.records import LookAlike
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.log import CalendarSeen

AT_MOST = 12
_TITLES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("fun", re.compile(r"\b(date ?night|dinner for two|cinema|movies?|theat(?:er|re)|concert|game ?night|bowling)\b")),
    ("business", re.compile(r"\b(budget|finances?|money talk|household (?:meeting|admin)|family planning)\b")),
    ("emotional", re.compile(r"\b(heart[ -]to[ -]heart|relationship (?:talk|check-?in)|couples? talk)\b")),
)


def guess(title: str | None) -> Kind | None:
    """The kind a title looks like, or None."""
    lowered = (title or "").lower()
    return next((kind for kind, pattern in _TITLES if pattern.search(lowered)), None)


def telling_words(title: str) -> str | None:
    """The words of a title by which it looks like a date, and no other; None where there are none."""
    found = (pattern.search(title.lower()) for _, pattern in _TITLES)
    return next((match[0] for match in found if match is not None), None)


def with_look_alike(state: CoupleState, fact: CalendarSeen) -> CoupleState:
    """The state with an event that looks like a date remembered, moved or forgotten. Both partners must be in it."""
    key = calendar_key(fact)
    kept = [one for one in state.look_alikes if one.key != key]
    kind = guess(fact.summary)
    is_both = len(set(fact.partners)) == len(state.settings.partners)
    if kind is not None and is_both and fact.status == "confirmed" and not fact.all_day:
        kept.append(LookAlike(key, kind, fact.start, fact.end, fact.id))
    kept.sort(key=lambda one: (one.start, one.key))
    return evolve(state, look_alikes=tuple(kept[-AT_MOST:]))


def open_look_alikes(state: CoupleState, kind: Kind) -> tuple[LookAlike, ...]:
    """Those of a kind that no date of that kind overlaps and that ended after the last one held."""
    dates = [date.record for date in state.dates.values() if date.record.kind == kind]
    held = ("held", "scheduled")
    return tuple(
        one
        for one in state.look_alikes
        if one.kind == kind
        and one.end > state.kinds[kind].anchor
        and not any(d.status in held and d.start < one.end and one.start < d.end for d in dates)
    )
