"""Choosing the words for a nudge or a date. Turns through a catalogue, so nothing repeats within eight weekly dates."""

from dataclasses import dataclass

from threedates.core.walltime import local
from threedates.core.wording import en
from threedates.schemas.base import Kind
from threedates.schemas.dates import DateRecord
from threedates.schemas.duration import Span


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a message."""

    title: str
    message: str


def idea(kind: Kind, n: int) -> str:
    """The idea, agenda or prompt for the n-th date of a kind."""
    catalogue = en.IDEAS[kind]
    return catalogue[(n - 1) % len(catalogue)]


def in_words(span: Span) -> str:
    """A duration for people: "7 days", "1 day 6 hours", "90 seconds" being "1 minute 30 seconds"."""
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    counts = {"months": span.months, "days": span.days, "hours": hours, "minutes": minutes, "seconds": seconds}
    return " ".join(f"{n} {en.UNITS[unit][n != 1]}" for unit, n in counts.items() if n) or f"0 {en.UNITS['seconds'][1]}"


def nudge_words(kind: Kind | None, stage: str, addressee: str, other: str, date: DateRecord | None) -> Words:
    """The words of a nudge to an addressee; the date's time is shown in the date's own zone."""
    rule = stage.partition("-")[0]
    title, message = en.NUDGES[rule]
    values = {"name": addressee, "other": other}
    if kind is not None:
        values |= {"kind": en.KIND_NAMES[kind], "purpose": en.PURPOSES[kind]}
    text = message.format(**values)
    if date is not None:
        when = local(date.start, date.tz)
        text += " " + en.PROPOSED_TIME.format(
            day=when.strftime("%A"), date=f"{when.day} {when:%B}", time=f"{when:%H:%M}"
        )
        text += f" {date.idea}" if date.idea else ""
    return Words(title.format(**values), text)
