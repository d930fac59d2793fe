"""The three lanes as a picture: where the last date, today, the due time, the floor and the next date lie. Pure.

Places only, on one axis for all three lanes, in the picture's own units; the template draws them as SVG, and the words
beside the picture say the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.state import CoupleState
from threedates.gateway.page.lanes import NAMES
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.status import CoupleStatus, KindStatus

WIDTH, HEIGHT = 360, 186
LEFT, RIGHT = 16, 344
TOP, LANE = 44, 50
_BEHIND = 1.25
"""How many targets back the axis begins."""


@dataclass(frozen=True, slots=True)
class Track:
    """One lane: ``begin`` to ``now`` has gone by; ``due``, ``floor`` and ``date`` may lie beyond the picture's end."""

    kind: Kind
    name: str
    y: int
    begin: float
    reached: float
    end: float
    held: float | None
    due: float | None
    floor: float | None
    date: float | None
    is_set: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; ``now`` is where today lies, ``ticks`` where weeks (or targets, where shorter) begin."""

    now: float
    ticks: tuple[float, ...]
    tracks: tuple[Track, ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class _Axis:
    since: datetime
    until: datetime

    def at(self, instant: datetime) -> float:
        """Where an instant lies, held at the ends."""
        share = (instant - self.since) / (self.until - self.since)
        return round(LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT), 1)

    def has(self, instant: datetime) -> bool:
        """Whether an instant is on it."""
        return self.since <= instant <= self.until


def picture_of(state: CoupleState, status: CoupleStatus) -> Picture:
    """The picture at the status's instant."""
    now = status.as_of
    axis = _axis(state, status)
    tracks = tuple(
        _track(state, kind, status.kinds[kind], axis, now, TOP + row * LANE) for row, kind in enumerate(KINDS)
    )
    step = timedelta(days=7) if axis.until - axis.since < timedelta(days=100) else timedelta(days=28)
    count = int((axis.until - axis.since) / step)
    ticks = [now + step * n for n in range(-count, count + 1)]
    return Picture(axis.at(now), tuple(axis.at(tick) for tick in ticks if axis.has(tick)), tracks)


def _axis(state: CoupleState, status: CoupleStatus) -> _Axis:
    """From a little more than the longest target back, to where the last floor or date that is near enough lies."""
    now = status.as_of
    target = timedelta(seconds=max(state.settings.cadence.of(kind).target.length for kind in KINDS))
    marks = [one.floor_at for one in status.kinds.values()] + [
        one.date.start for one in status.kinds.values() if one.date is not None
    ]
    farthest = max(mark for mark in (*marks, now + target))
    until = min(max(farthest, now + 2 * target), now + 6 * target)
    return _Axis(now - _BEHIND * target, until + 0.03 * (until - now))


def _track(state: CoupleState, kind: Kind, one: KindStatus, axis: _Axis, now: datetime, y: int) -> Track:
    begin = one.last_held or state.kinds[kind].base
    date = one.date.start if one.date is not None else None

    def place(instant: datetime | None) -> float | None:
        return axis.at(instant) if instant is not None and axis.has(instant) else None

    return Track(
        kind=kind,
        name=NAMES[kind],
        y=y,
        begin=axis.at(begin),
        reached=axis.at(now),
        end=axis.at(one.floor_at),
        held=place(one.last_held),
        due=place(one.due_at),
        floor=place(one.floor_at),
        date=place(date),
        is_set=one.date is not None and one.date.status == "scheduled",
        is_open=one.state in ("due", "overdue", "lapsed"),
    )
