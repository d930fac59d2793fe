"""A couple's state: what the fold over its log amounts to. Frozen; all instants are UTC.

Its size is bounded however long the log: ids are kept for 90 days, dates and nudges for as long as a rule asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from threedates.core.evolve import recalled, remembered
from threedates.core.pace import Pace
from threedates.core.records import Busy, HeldMark, HoldMark, LookAlike, NudgeMark, Pause, Prompt, Reply, Report, Sign
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateChange, DateRecord

OPEN = ("proposed", "scheduled")
AT_HAND = "_at_hand"


@dataclass(frozen=True)  # without slots, for core.evolve
class KindState:
    """Where one kind stands.

    ``anchor`` is what the floor counts from, ``due_from`` what the target counts from (later than the anchor after a
    skip). ``cycle`` counts closed cycles, ``made`` the dates that came into being, ``stage`` is the highest stage
    decided in this cycle. ``declined`` holds starts that did not suit.
    """

    anchor: datetime
    due_from: datetime
    base: datetime
    because: str
    cycle: int = 0
    made: int = 0
    stage: int = 0
    floor_told: tuple[str, ...] = ()
    declined: tuple[datetime, ...] = ()
    helds: tuple[HeldMark, ...] = ()
    snoozed_until: datetime | None = None
    answered_at: datetime | None = None
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True)  # without slots, for core.evolve
class DateState:
    """A date and what is still to be said of it.

    ``announced`` is the SEQUENCE last announced by a decision (-1: none), ``change`` and ``cause`` what happened since.
    ``wants_slot`` asks for the next-best time, ``wants_idea`` names the fact that asks for another idea, ``passed``
    holds the ids of those that were passed over. ``calendar`` names the calendar event it was recognised from.
    ``timed`` is the SEQUENCE with which it got its time, ``replies`` what was replied about that time, and ``asked``
    the record as it stood before these replies. ``mailed`` says which partners (0, 1) its invites go to by mail; None
    while it was never set, and there were none.
    """

    record: DateRecord
    announced: int = -1
    change: DateChange = "proposed"
    cause: str = ""
    wants_slot: bool = False
    wants_idea: str = ""
    passed: tuple[str, ...] = ()
    calendar: str | None = None
    calendar_sequence: int = 0
    timed: int = 0
    replies: tuple[Reply, ...] = ()
    asked: DateRecord | None = None
    mailed: tuple[int, ...] | None = None


@dataclass(frozen=True)  # without slots, for core.evolve
class CoupleState:
    """Everything about a couple. ``seq`` is the last log sequence folded, ``decided_to`` the last decision's view,
    ``pages`` the generation of each partner's page address.
    """

    couple_id: str
    key_id: str
    settings: CoupleSettings
    joined_at: datetime
    seq: int
    kinds: dict[Kind, KindState]
    dates: dict[str, DateState] = field(default_factory=dict)
    nudges: tuple[NudgeMark, ...] = ()
    holds: tuple[HoldMark, ...] = ()
    pause: Pause | None = None
    reports: tuple[Report, ...] = ()
    busy: tuple[Busy, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    seen: dict[str, datetime] = field(default_factory=dict)
    as_of: datetime | None = None
    decided_to: int = 0
    week: date | None = None
    pages: tuple[int, int] = (1, 1)
    left: bool = False

    def pace(self, kind: Kind) -> Pace:
        """The pace of a kind under the present settings."""
        return remembered(self, "_paces", self.settings, _paces)[kind]

    @property
    def at_hand(self) -> "AtHand":
        """Of the couple's dates those that every look asks about."""
        return remembered(self, AT_HAND, self.dates, _at_hand)

    def open_date(self, kind: Kind) -> DateState | None:
        """The date of a kind that is proposed or scheduled; a scheduled one first, then the earliest."""
        return (recalled(self, AT_HAND, self.dates) or self.at_hand).first.get(kind)

    def is_booked(self, kind: Kind) -> bool:
        """Whether a scheduled date silences the kind."""
        found = self.open_date(kind)
        return found is not None and found.record.status == "scheduled"

    def planner(self, kind: Kind) -> str:
        """Whose turn it is: turns alternate per kind and cycle, and the three kinds start with different partners."""
        offset = {"fun": 0, "business": 1, "emotional": 0}[kind]
        return self.settings.names[(self.kinds[kind].cycle + offset) % 2]

    def other(self, name: str) -> str:
        """The other partner's name."""
        first, second = self.settings.names
        return second if name == first else first


def _paces(settings: CoupleSettings) -> dict[Kind, Pace]:
    return {kind: Pace(settings.cadence.of(kind), settings.tz, settings.planning_hour) for kind in KINDS}


class AtHand(NamedTuple):
    """The dates that are proposed or scheduled (``open``) and those whose last change is not announced (``untold``), in
    the order they were made; and the first of the open ones per kind.
    """

    open: tuple[DateState, ...]
    untold: tuple[DateState, ...]
    first: dict[Kind, DateState]

    def after(self, before: DateState | None, now: DateState) -> "AtHand | None":
        """The same once one date is as it is now; None where only all the dates tell its place among these."""
        is_open = _in_place(self.open, before, now, belongs=now.record.status in OPEN)
        untold = _in_place(self.untold, before, now, belongs=now.announced < now.record.sequence)
        return None if is_open is None or untold is None else AtHand(is_open, untold, _first(is_open))


def _in_place(
    these: tuple[DateState, ...], before: DateState | None, now: DateState, *, belongs: bool
) -> tuple[DateState, ...] | None:
    if any(one is before for one in these):
        return tuple(now if one is before else one for one in these if belongs or one is not before)
    if not belongs:
        return these
    return (*these, now) if before is None else None


def _at_hand(dates: dict[str, DateState]) -> AtHand:
    is_open: list[DateState] = []
    untold: list[DateState] = []
    for one in dates.values():
        record = one.record
        if record.status in OPEN:
            is_open.append(one)
        if one.announced < record.sequence:
            untold.append(one)
    return AtHand(tuple(is_open), tuple(untold), _first(is_open))


def _first(is_open: Sequence[DateState]) -> dict[Kind, DateState]:
    first: dict[Kind, DateState] = {}
    for one in sorted(is_open, key=_order):
        first.setdefault(one.record.kind, one)
    return first


def _order(one: DateState) -> tuple[bool, datetime]:
    return one.record.status != "scheduled", one.record.start
