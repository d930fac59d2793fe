"""Saying it: the words of a nudge, and a duration for people."""

from dataclasses import dataclass
from typing import cast

from threedates.core.walltime import local
from threedates.core.wording.catalogue import Language, NudgeName, Unit
from threedates.core.wording.en import ENGLISH
from threedates.schemas.base import Kind
from threedates.schemas.dates import DateRecord
from threedates.schemas.duration import Span


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a message."""

    title: str
    message: str


def in_words(span: Span, lang: Language = ENGLISH) -> str:
    """A duration for people: "7 days", "1 day 6 hours", "90 seconds" being "1 minute 30 seconds"."""
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    counts: dict[Unit, int] = {
        "months": span.months,
        "days": span.days,
        "hours": hours,
        "minutes": minutes,
        "seconds": seconds,
    }
    units = lang.units
    return " ".join(f"{n} {units[unit][n != 1]}" for unit, n in counts.items() if n) or f"0 {units['seconds'][1]}"


def nudge_words(
    kind: Kind | None,
    stage: str,
    addressee: str,
    other: str,
    date: DateRecord | None,
    *,
    lang: Language = ENGLISH,
    suggestion: str = "",
) -> Words:
    """The words of a nudge to an addressee; the date's time is shown in the date's own zone.

    The kind is None for ``check_in`` and ``time_apart``, whose question or idea is the suggestion. Raises KeyError for
    a stage that does not exist.
    """
    text = lang.nudges[cast("NudgeName", stage.partition("-")[0])]
    values = {"name": addressee, "other": other}
    if kind is not None:
        values |= {"kind": lang.kind_names[kind], "purpose": lang.purposes[kind]}
    parts = [text.message.format(**values)]
    if date is not None:
        parts += [proposed_time(date, lang), date.idea]
    return Words(text.title.format(**values), " ".join(part for part in (*parts, suggestion) if part))


def proposed_time(date: DateRecord, lang: Language = ENGLISH) -> str:
    """The sentence that offers a date's time, in the date's own zone. Names are the language's, not the machine's."""
    when = local(date.start, date.tz)
    return lang.proposed_time.format(
        weekday=lang.weekdays[when.weekday()], day=when.day, month=lang.months[when.month - 1], time=f"{when:%H:%M}"
    )
