"""A kind that is due, as one transparent all-day entry: "Time to plan a fun date". It leaves nobody out.

In: a couple's state and an instant. Out: an entry for each kind that is due and not silenced, and until when that is
so. Whether a nudge went out, waits for another kind's, is held back or found no endpoint makes no difference to it.

The entry begins on the day of the latest stage the clock has reached and ends on that of the next, so it stands on the
present day for whoever reads the feed late. All of it comes from the state and the stage, nothing from the clock: the
UID is the kind's and cycle's, SEQUENCE counts the stages, DTSTAMP is when the stage was reached.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Event

from threedates.core.calendar.block import Block
from threedates.core.calendar.event import COLORS
from threedates.core.candidates import is_silenced
from threedates.core.change import resumed
from threedates.core.due import due_at
from threedates.core.ids import due_uid
from threedates.core.state import CoupleState
from threedates.core.walltime import local
from threedates.schemas.base import KINDS, Kind

SUMMARIES: dict[Kind, str] = {
    "fun": "Time to plan a fun date",
    "business": "Time to plan a business date",
    "emotional": "Time to plan an emotional date",
}
DESCRIPTION = "Say yes to the time that is proposed, or set another that suits you both."
_AFTER_THE_LAST = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A due kind's entry. It stands from ``since`` to ``ends``, both UTC, as a block that no bucket keeps."""

    block: Block
    since: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class DueEntries:
    """What is due at an instant; at ``until`` (None: never) time alone changes it, and at ``changed`` it last did."""

    entries: tuple[DueEntry, ...]
    until: datetime | None
    changed: datetime | None


def due_entries(state: CoupleState, now: datetime) -> DueEntries:
    """The entries of all kinds at ``now`` (UTC)."""
    pause = state.pause
    if pause is not None and (pause.until is None or now < pause.until):
        return DueEntries((), pause.until, None)
    if pause is not None and pause.until is not None:
        state = resumed(state, pause.until)  # as the next decision will have it
    entries: list[DueEntry] = []
    instants: list[datetime] = []
    for kind in KINDS:
        stages = _stages(state, kind)
        reached = [stage for stage in stages if stage <= now]
        instants += [stages[len(reached)]] if len(reached) < len(stages) else []
        snoozed = state.kinds[kind].snoozed_until
        instants += [snoozed] if snoozed is not None else []
        if reached and not is_silenced(state, kind, now):
            entries.append(_entry(state, kind, stages, len(reached)))
            instants += [reached[-1]]
    ahead, behind = [at for at in instants if at > now], [at for at in instants if at <= now]
    return DueEntries(tuple(entries), min(ahead, default=None), max(behind, default=None))


def _stages(state: CoupleState, kind: Kind) -> list[datetime]:
    due = due_at(state, kind)
    return [due, *state.pace(kind).overdues(due)]


def _entry(state: CoupleState, kind: Kind, stages: list[datetime], reached: int) -> DueEntry:
    since = stages[reached - 1]
    ends = stages[reached] if reached < len(stages) else since + _AFTER_THE_LAST
    first = local(since, state.settings.tz).date()
    last = max(local(ends, state.settings.tz).date(), first + _DAY)
    uid = due_uid(state.couple_id, kind, state.kinds[kind].cycle)
    vevent = _vevent(uid, kind, since, (first, last), sequence=reached - 1)
    return DueEntry(Block(seq=0, uid=uid, kind=kind, stamp=since, vevent=vevent, invite=""), since, ends)


def _vevent(uid: str, kind: Kind, stamp: datetime, days: tuple[date, date], *, sequence: int) -> str:
    """The VEVENT, from the first of the two days to before the second (RFC 5545 §3.6.1)."""
    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("sequence", sequence)
    made.add("dtstart", days[0])
    made.add("dtend", days[1])
    made.add("summary", SUMMARIES[kind])
    made.add("description", DESCRIPTION)
    made.add("categories", [kind])
    made.add("color", COLORS[kind])
    made.add("transp", "TRANSPARENT")
    return bytes(made.to_ical()).decode()
