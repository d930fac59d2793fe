"""A year as a picture and in words: three lanes with the dates that were held, and the couple's own course. Pure.

Places only, in the picture's own units; the template draws them. Nothing is counted against a target, no gap is marked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.spoken import spoken, spoken_span
from threedates.core.walltime import ONE_DAY, at_local, local
from threedates.gateway.page.lanes import NAMES
from threedates.gateway.page.year import MEASURES, YEAR, Note, Year, course, in_words
from threedates.schemas.base import KINDS, Kind

WIDTH, HEIGHT = 360, 258
LEFT, RIGHT = 14, 346
TOP, LANE = 44, 38
COURSE_TOP, COURSE_BOTTOM = 172, 222
DOTS = 244
NOTES_SHOWN = 20
XOf = Callable[[datetime], float]
"""Where an instant lies."""
_LABELS = {"connection": "Feeling connected", "mood": "Mood"}


@dataclass(frozen=True, slots=True)
class YearLane:
    """One kind's lane."""

    kind: Kind
    name: str
    y: int
    xs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure's course: an SVG path for each unbroken stretch, and how it compares, in words."""

    measure: str
    label: str
    paths: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month in words: what was held in it."""

    name: str
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """The whole section. ``months`` has the latest first; ``older`` is where the notes before these begin."""

    lanes: tuple[YearLane, ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    dots: tuple[float, ...]
    months: tuple[Month, ...]
    summary: str
    notes: tuple[tuple[str, str], ...]
    older: int | None
    width: int = WIDTH
    height: int = HEIGHT


def year_view(year: Year, tz: str, now: datetime, before: int | None = None) -> YearView:
    """A year as its partner sees it; of the notes those before that place in the log, the latest first."""

    def x(at: datetime) -> float:
        return round(LEFT + (at - year.since) / YEAR * (RIGHT - LEFT), 1)

    lanes = tuple(
        YearLane(kind, NAMES[kind], TOP + row * LANE, tuple(x(date.start) for date in year.dates if date.kind == kind))
        for row, kind in enumerate(KINDS)
    )
    notes = [note for note in reversed(year.notes) if before is None or note.seq < before]
    return YearView(
        lanes=lanes,
        ticks=tuple((x(at), f"{local(at, tz):%b}") for at in _firsts(year.since, now, tz)),
        lines=tuple(_line(year, measure, now, x_of=x) for measure in MEASURES),
        dots=tuple(dict.fromkeys(x(at) for at in year.mine)),
        months=_months(year, tz, now),
        summary=". ".join(f"{lane.name}: {_times(len(lane.xs))}" for lane in lanes),
        notes=tuple(_note(note, tz, now) for note in notes[:NOTES_SHOWN]),
        older=notes[NOTES_SHOWN - 1].seq if len(notes) > NOTES_SHOWN else None,
    )


def _times(count: int) -> str:
    return {0: "not yet", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _firsts(since: datetime, now: datetime, tz: str) -> list[datetime]:
    """The first of every second month, for the axis."""
    day = local(since, tz).date().replace(day=1)
    found: list[datetime] = []
    while (at := at_local(day, datetime.min.time(), tz)) <= now - 14 * ONE_DAY:
        if at >= since:
            found.append(at)
        day = (day + timedelta(days=62)).replace(day=1)
    return found


def _line(year: Year, measure: str, now: datetime, *, x_of: XOf) -> Line:
    line = course(year, measure, now)
    return Line(measure, _LABELS[measure], tuple(_paths(line, x_of)), in_words(line, now))


def _paths(line: Sequence[tuple[datetime, float]], x_of: XOf) -> list[str]:
    """One path for each stretch of weeks without a break."""
    paths: list[str] = []
    last: datetime | None = None
    for at, value in line:
        y = COURSE_BOTTOM - (value - 1) / 4 * (COURSE_BOTTOM - COURSE_TOP)
        point = f"{x_of(at)} {y:.1f}"
        if last is not None and at - last <= timedelta(days=8):
            paths[-1] += f"L{point}"
        else:
            # A single week would be no line at all.
            paths.append(f"M{point}h.1")
        last = at
    return paths


def _months(year: Year, tz: str, now: datetime) -> tuple[Month, ...]:
    found: dict[str, list[str]] = {}
    for date in reversed(year.dates):
        at = local(date.start, tz)
        start, end = date.start.replace(second=0), date.end.replace(second=0)
        told = f"{NAMES[date.kind]}: {spoken_span(start, end, tz, now)}"
        found.setdefault(f"{at:%B} {at.year}", []).append(told)
    return tuple(Month(name, tuple(dates)) for name, dates in found.items())


def _note(note: Note, tz: str, now: datetime) -> tuple[str, str]:
    return spoken(note.at.replace(second=0), tz, now), note.text
