"""Small steps from one couple state to the next, shared by the facts and by the decisions that change the same things.

Every function takes a state and returns a new one; nothing here knows an event or the broker.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from threedates.core import ids
from threedates.core.evolve import evolve, recalled, remembered
from threedates.core.records import HeldMark
from threedates.core.state import AT_HAND, AtHand, CoupleState, DateState, KindState
from threedates.schemas.base import Kind
from threedates.schemas.dates import DateChange, DateOrigin, DateRecord

Item = TypeVar("Item")
HELD_KEPT = 6
REMEMBERED = timedelta(days=1)
"""How long a start that was declined is remembered after it is over."""


def with_kind(state: CoupleState, kind: Kind, **changes: Any) -> CoupleState:
    """The state with some fields of one kind's changed."""
    return evolve(state, kinds=state.kinds | {kind: evolve(state.kinds[kind], **changes)})


def in_order(items: tuple[Item, ...], one: Item, by: Callable[[Item], Any]) -> tuple[Item, ...]:
    """The items, which stand in that order, with one more in its place; that nearly always is the last."""
    if not items or by(items[-1]) <= by(one):
        return (*items, one)
    place = bisect_right(items, by(one), key=by)
    return (*items[:place], one, *items[place:])


def answered(state: CoupleState, kind: Kind, at: datetime) -> CoupleState:
    """Somebody answered about a kind; an answer that comes late never takes back a later one."""
    before = state.kinds[kind].answered_at
    return with_kind(state, kind, answered_at=at if before is None else max(before, at))


def with_date(state: CoupleState, date: DateState) -> CoupleState:
    """The state with that date put in, or in the place of the one with its UID."""
    before, uid = state.dates, date.record.uid
    known: AtHand | None = recalled(state, AT_HAND, before)
    made = evolve(state, dates=before | {uid: date})
    if known is not None and (after := known.after(before.get(uid), date)) is not None:
        remembered(made, AT_HAND, made.dates, lambda _: after)
    return made


def changed(date: DateState, change: DateChange, cause: str, **record: Any) -> DateState:
    """The date with its record changed and SEQUENCE raised, waiting to be announced. Replies so far are spent."""
    new = date.record.model_copy(update={**record, "sequence": date.record.sequence + 1})
    return with_record(date, new, change=change, cause=cause, wants_slot=False)


def with_record(date: DateState, record: DateRecord, **changes: Any) -> DateState:
    """The date with another record in place of its own, and some fields changed. Replies so far are spent."""
    made = evolve(spent(date), record=record, **changes)
    return made if is_same_time(record, date.record) else timed_anew(made)


def is_same_time(one: DateRecord, other: DateRecord) -> bool:
    """Whether two records of a date give it the same start and end."""
    return (one.start, one.end) == (other.start, other.end)


def spent(date: DateState) -> DateState:
    """The date with what was replied taken for good: later replies are weighed against how it stands now."""
    if date.asked is None and all(reply.answer is None for reply in date.replies):
        return date
    return evolve(date, asked=None, replies=tuple(reply._replace(answer=None) for reply in date.replies))


def timed_anew(date: DateState) -> DateState:
    """The date with its present time as a new one, about which nobody has replied yet."""
    return evolve(spent(date), timed=date.record.sequence)


def new_date(
    state: CoupleState, kind: Kind, start: datetime, end: datetime, origin: DateOrigin, cause: str
) -> tuple[CoupleState, DateState]:
    """A scheduled date more, counted but not put in yet, and the state that counts it. Times in UTC."""
    n = state.kinds[kind].made + 1
    record = DateRecord(
        uid=ids.date_uid(state.couple_id, kind, n),
        kind=kind,
        n=n,
        start=start,
        end=end,
        tz=state.settings.tz,
        status="scheduled",
        origin=origin,
        planner=state.planner(kind),
    )
    return with_kind(state, kind, made=n), DateState(record, change="scheduled", cause=cause)


def next_cycle(state: CoupleState, kind: Kind, **changes: Any) -> CoupleState:
    """The kind's next cycle: nothing decided in it yet. A snooze goes on: it was asked for until a certain time."""
    fresh: dict[str, Any] = {"stage": 0, "floor_told": (), "declined": ()}
    return with_kind(state, kind, cycle=state.kinds[kind].cycle + 1, **{**fresh, **changes})


def held(state: CoupleState, record: DateRecord, cause: str) -> CoupleState:
    """A date was held: the cadence counts from its end, unless a later one was held already."""
    kind = state.kinds[record.kind]
    if any(mark.uid == record.uid for mark in kind.helds):
        return state
    marks = in_order(kind.helds, HeldMark(record.uid, record.end, record.end), by=attrgetter("ended"))[-HELD_KEPT:]
    if record.end <= kind.anchor:
        return with_kind(state, record.kind, helds=marks)
    # A cycle let go after that date stays let go: one date more never makes the next one due sooner.
    due_from = max(record.end, kind.due_from)
    return next_cycle(state, record.kind, anchor=record.end, due_from=due_from, because=cause, helds=marks)


def not_held(state: CoupleState, record: DateRecord, cause: str) -> CoupleState:
    """A date thought held was not: the cadence counts from the one before again, in a cycle of its own."""
    kind = state.kinds[record.kind]
    marks = tuple(mark for mark in kind.helds if mark.uid != record.uid)
    if marks == kind.helds:
        return state
    anchor = max((mark.anchor for mark in marks), default=kind.base)
    return next_cycle(state, record.kind, anchor=anchor, due_from=anchor, because=cause, helds=marks)


def not_then(state: CoupleState, record: DateRecord, at: datetime) -> CoupleState:
    """A date's time remembered as one that does not suit, for as long as it lies ahead."""
    ahead = [start for start in state.kinds[record.kind].declined if start > at - REMEMBERED]
    return with_kind(state, record.kind, declined=(*ahead, record.start))


def drop_proposals(state: CoupleState, kind: Kind, cause: str, but: str = "") -> CoupleState:
    """Every proposal of a kind off, save the one with that UID."""
    for date in list(state.dates.values()):
        record = date.record
        if record.kind == kind and record.status == "proposed" and record.uid != but:
            state = with_date(state, changed(date, "cancelled", cause, status="cancelled"))
    return state


def shifted(kind: KindState, since: datetime, until: datetime) -> KindState:
    """The kind's anchors moved by a pause: what counts from before it counts from that much later."""
    by = max(until - since, since - since)

    def moved(anchor: datetime) -> datetime:
        return anchor + by if anchor <= since else max(anchor, until)

    return evolve(
        kind,
        anchor=moved(kind.anchor),
        due_from=moved(kind.due_from),
        base=moved(kind.base),
        helds=tuple(mark._replace(anchor=moved(mark.anchor)) for mark in kind.helds),
    )


def resumed(state: CoupleState, at: datetime) -> CoupleState:
    """The pause over, its length added to every anchor."""
    if state.pause is None:
        return state
    since = state.pause.since
    kinds = {name: shifted(kind, since, at) for name, kind in state.kinds.items()}
    return evolve(state, pause=None, kinds=kinds)
