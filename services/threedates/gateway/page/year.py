"""Looking back: what a year's log tells one partner. Pure.

In: the log's events as JSON objects, in order. Out: the dates that were held, when that partner checked in, that
partner's own notes, and the couple's own course: how connected they felt and how their mood was, as a mean over four
weeks of both, without a number and only where both have told some three times or more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any

from threedates.core.authors import Authors
from threedates.schemas.dates import DateRecord

YEAR = timedelta(days=365)
WINDOW = timedelta(days=28)
STEP = timedelta(days=7)
LEAST = 3
"""How many check-ins of each partner's a mean is made of, at least."""
_MUCH = 0.4
"""How far from their own usual is worth a word, on a scale of five."""
MEASURES = ("connection", "mood")


@dataclass(frozen=True, slots=True)
class Note:
    """One of the partner's own notes. ``seq`` is its place in the log."""

    seq: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one check-in tells of the couple's course."""

    at: datetime
    partner: int
    values: dict[str, int]


@dataclass(slots=True)
class Year:
    """What the log has told so far."""

    partner: int
    since: datetime
    held: dict[str, DateRecord] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def mine(self) -> list[datetime]:
        """When this partner checked in."""
        return [one.at for one in self.told if one.partner == self.partner]

    @property
    def dates(self) -> list[DateRecord]:
        """The dates that were held, the earliest first."""
        return sorted(self.held.values(), key=lambda record: (record.start, record.uid))


def year_of(events: Iterable[tuple[int, dict[str, Any]]], partner: int, now: datetime) -> Year:
    """What a log tells a partner (0 or 1) of the year before an instant. ``events`` are the whole log's."""
    year, authors = Year(partner, now - YEAR), Authors()
    for seq, event in events:
        authors.saw(event)
        if event["type"] == "decision":
            _decided(year, event)
        elif (author := authors.partner_of(event)) is not None:
            _reported(year, seq, event, author)
    return year


def _decided(year: Year, event: dict[str, Any]) -> None:
    for outcome in event["outcomes"]:
        if outcome["type"] != "date":
            continue
        uid, status = outcome["date"]["uid"], outcome["date"]["status"]
        year.held.pop(uid, None)  # held once, and not after all
        if status == "held":
            record = DateRecord.model_validate(outcome["date"])
            if record.start >= year.since:
                year.held[uid] = record


def _reported(year: Year, seq: int, event: dict[str, Any], author: int) -> None:
    at = datetime.fromisoformat(event["at"])
    if at < year.since:
        return
    year.told.append(Told(at, author, {name: event[name] for name in MEASURES if event.get(name) is not None}))
    if author == year.partner and event.get("note"):
        year.notes.append(Note(seq, at, str(event["note"])))


def course(year: Year, measure: str, now: datetime) -> list[tuple[datetime, float]]:
    """A measure's mean over four weeks, week by week, where both have told enough. From 1 to 5."""
    told = [one for one in year.told if measure in one.values]
    found: list[tuple[datetime, float]] = []
    end = year.since + WINDOW
    while end <= now:
        inside = [one for one in told if end - WINDOW < one.at <= end]
        if all(sum(one.partner == partner for one in inside) >= LEAST for partner in (0, 1)):
            found.append((end, fmean(one.values[measure] for one in inside)))
        end += STEP
    return found


def in_words(line: list[tuple[datetime, float]], now: datetime) -> str:
    """How the last weeks compare with what is usual for this couple; never with anybody else."""
    if not line or now - line[-1][0] > 2 * WINDOW:
        return "not enough check-ins of both for a line"
    difference = line[-1][1] - median(value for _, value in line)
    if abs(difference) < _MUCH:
        return "about as usual for you"
    return "more than usual for you" if difference > 0 else "less than usual for you"
