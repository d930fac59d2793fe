"""A couple's timeline as one SVG: three lanes with dates and nudges, and a line of check-ins below. No scripts.

Half a year fits into one band; longer runs get several, one above the other. Text and lines take the page's colours, so
the chart follows light, dark and paper.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from html import escape

from threedates.core.simulate.timeline import Nudge, Rest, Timeline
from threedates.core.walltime import ONE_DAY, at_local, local
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateRecord

BAND = timedelta(weeks=26)
WIDTH, LEFT, TOP = 1000, 92, 22
LANE, STRIP = 46, 26
HEIGHT = TOP + 3 * LANE + STRIP
_NAME_OF_MONTH = 60
_LEAST_WIDTH = 4.5
"""A date of an hour would be a hair's breadth on half a year."""


class Band:
    """One band of a chart: where instants lie on it. ``begin`` and ``end`` in UTC, times shown in ``tz``."""

    def __init__(self, line: Timeline, begin: datetime, end: datetime, scale_end: datetime) -> None:
        self.line = line
        self.begin = begin
        self.end = end
        self._scale = (WIDTH - LEFT - 8) / ((scale_end - begin) / ONE_DAY)

    def svg(self, label: str) -> str:
        """The band as SVG with that label for those who cannot see it."""
        parts = [*self._grid(), *self._pauses(), *self._lanes(), *self._dates(), *self._nudges(), *self._check_ins()]
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">' + "".join(parts) + "</svg>"
        )

    def x(self, at: datetime) -> float:
        """Where an instant lies."""
        return LEFT + (at - self.begin) / ONE_DAY * self._scale

    def _has(self, at: datetime) -> bool:
        return self.begin <= at < self.end

    def _grid(self) -> Iterator[str]:
        """A line per week, and at the first of every month its name."""
        for n in range(int((self.end - self.begin) / timedelta(weeks=1)) + 1):
            x = self.x(self.begin + timedelta(weeks=n))
            yield f'<line class="week" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT}"/>'
        for first in _months(local(self.begin, self.line.tz).date(), local(self.end, self.line.tz).date()):
            x = self.x(max(at_local(first, datetime.min.time(), self.line.tz), self.begin))
            if x > WIDTH - _NAME_OF_MONTH:
                continue
            yield f'<text class="month" x="{x + 2:.1f}" y="{TOP - 8}">{first:%b} {first:%Y}</text>'

    def _lanes(self) -> Iterator[str]:
        for n, kind in enumerate(KINDS):
            y = TOP + n * LANE
            yield f'<line class="lane" x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/>'
            yield f'<text class="name {kind}" x="0" y="{y + LANE / 2 + 5}">{kind}</text>'
        y = TOP + 3 * LANE
        yield f'<line class="lane" x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/>'
        yield f'<text class="name soft" x="0" y="{y + STRIP / 2 + 5}">check-ins</text>'

    def _pauses(self) -> Iterator[str]:
        for rest in self.line.pauses:
            until = min(rest.until or self.end, self.end)
            since = max(rest.since, self.begin)
            if since < until:
                x, width = self.x(since), self.x(until) - self.x(since)
                yield _titled(
                    f'<rect class="pause" x="{x:.1f}" y="{TOP}" width="{width:.1f}" height="{HEIGHT - TOP}"/>'
                    f'<text class="soft middle" x="{x + width / 2:.1f}" y="{TOP + LANE / 2 + 4}">pause</text>',
                    self._pause_title(rest),
                )

    def _dates(self) -> Iterator[str]:
        for record in sorted(self.line.dates.values(), key=lambda one: one.start):
            if self._has(record.start) and record.status != "cancelled":
                y = TOP + KINDS.index(record.kind) * LANE + 19
                width = max(_LEAST_WIDTH, (record.end - record.start) / ONE_DAY * self._scale)
                yield _titled(
                    f'<rect class="date {record.kind} {record.status}" x="{self.x(record.start):.1f}" y="{y}" '
                    f'width="{width:.1f}" height="21" rx="1.5"/>',
                    self._date_title(record),
                )

    def _nudges(self) -> Iterator[str]:
        for nudge in self.line.nudges:
            if self._has(nudge.at):
                lane = KINDS.index(nudge.kind) if nudge.kind is not None else 3
                x, y = self.x(nudge.at), TOP + lane * LANE + 5
                css = f"nudge {nudge.kind or 'soft'} {'answered' if nudge.answered else 'open'}"
                points = f"{x - 3.2:.1f},{y} {x + 3.2:.1f},{y} {x:.1f},{y + 8}"
                yield _titled(f'<polygon class="{css}" points="{points}"/>', self._nudge_title(nudge))

    def _check_ins(self) -> Iterator[str]:
        y = TOP + 3 * LANE + STRIP / 2 + 3
        for at in self.line.check_ins:
            if self._has(at):
                dot = f'<circle class="check-in" cx="{self.x(at):.1f}" cy="{y}" r="2"/>'
                yield _titled(dot, f"check-in, {self._when(at)}")

    def _date_title(self, record: DateRecord) -> str:
        until = f"{local(record.end, self.line.tz):%H:%M}"
        return f"{record.kind} date, {record.status}: {self._when(record.start)} to {until}"

    def _nudge_title(self, nudge: Nudge) -> str:
        what = nudge.stage.replace("_", " ") + (f", {nudge.kind}" if nudge.kind else "")
        answered = (", answered" if nudge.answered else ", not answered") if nudge.kind else ""
        return f"nudge: {what}, to {nudge.addressee}{answered}, {self._when(nudge.at)}"

    def _pause_title(self, rest: Rest) -> str:
        return f"pause: {self._when(rest.since)} to {self._when(rest.until) if rest.until else 'the end'}"

    def _when(self, at: datetime) -> str:
        return f"{local(at, self.line.tz):%a %d %b %Y %H:%M}"


def chart(line: Timeline, begin: datetime, end: datetime, label: str) -> str:
    """The chart of a timeline between two instants (UTC), with that label for those who cannot see it."""
    bands: list[str] = []
    since = begin
    while since < end:
        until = min(since + BAND, end)
        # A last band that is shorter keeps the scale of those above it.
        scale_end = since + BAND if bands else until
        bands.append(Band(line, since, until, scale_end).svg(f"{label} Part {len(bands) + 1}." if bands else label))
        since = until
    return "\n".join(bands)


def _months(first: date, last: date) -> Iterable[date]:
    day = first
    while day <= last:
        yield day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _titled(shape: str, title: str) -> str:
    return f"<g><title>{escape(title)}</title>{shape}</g>"
