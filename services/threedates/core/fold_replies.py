"""What a reply to an invite does to a date (RFC 5546 §3.2.3 and §3.2.7): the same in whatever order replies come.

Of each partner the latest by SEQUENCE and DTSTAMP counts; what is about a time that the date has no more changes
nothing. From the replies that count, and the record as it stood before them, the date is worked out anew.
"""

from datetime import UTC, datetime

from threedates.core.change import answered, is_same_time, not_then, with_date, with_kind
from threedates.core.evolve import evolve
from threedates.core.records import Reply
from threedates.core.state import OPEN, CoupleState, DateState
from threedates.schemas.dates import DateChange, DateRecord
from threedates.schemas.log import Answered

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a DTSTAMP that is missing: any other is later."""
# What decides between two replies of one partner that bear the same DTSTAMP: whatever has had its effect, then a no.
_RANKS = {"tentative": 0, "accept": 1, "move": 2, "decline": 3, None: 4}


def replied(state: CoupleState, fact: Answered) -> CoupleState:
    """The state after a reply; the very same state where the reply is outdated."""
    date, reply = state.dates.get(fact.uid), _reply(fact)
    if date is None or reply is None:
        return state
    asked = date.asked or date.record
    if asked.status not in OPEN or reply.sequence < date.timed:
        return state
    if date.wants_slot and date.asked is None and reply.answer != "move":
        return state  # somebody has declined that time already
    known = _with(date, reply)
    if known is date:
        return state
    state = answered(state, asked.kind, fact.at)
    return _settled(state, evolve(known, asked=asked), asked, fact)


def heard(date: DateState, fact: Answered) -> DateState:
    """The date after an answer that came another way: what the same partner replied before it no longer counts."""
    return _with(date, Reply(fact.by, date.timed, fact.at))


def told(date: DateState) -> DateState:
    """The date once its record was announced. The time of a counter-proposal is then the one that replies are about,
    and whoever proposed it has said yes to it.
    """
    if date.asked is None or is_same_time(date.asked, date.record):
        return date
    mover = max((reply for reply in date.replies if reply.answer == "move"), key=_order, default=None)
    replies = tuple(r if r is mover else Reply(r.by, r.sequence, r.dtstamp) for r in date.replies)
    asked = date.record.model_copy(update={"status": date.asked.status})
    return evolve(date, asked=asked, replies=replies, timed=date.record.sequence)


def _reply(fact: Answered) -> Reply | None:
    match fact.answer:
        case "accept" | "decline" | "tentative" | "move":
            sequence = fact.sequence or 0
            return Reply(fact.by, sequence, fact.dtstamp or UNDATED, fact.answer, fact.start, fact.end)
        case "held" | "skip" | "cancel":
            return None


def _with(date: DateState, reply: Reply) -> DateState:
    """The date with a reply in the place of its partner's; the very same date where that one was later."""
    mine = next((known for known in date.replies if known.by == reply.by), None)
    if mine is not None and _order(mine) >= _order(reply):
        return date
    replies = (*(known for known in date.replies if known.by != reply.by), reply)
    return evolve(date, replies=tuple(sorted(replies, key=lambda known: known.by)))


def _order(reply: Reply) -> tuple[int, datetime, int, datetime]:
    return reply.sequence, reply.dtstamp, _RANKS[reply.answer], reply.start or UNDATED


def _settled(state: CoupleState, date: DateState, asked: DateRecord, fact: Answered) -> CoupleState:
    """The date as the replies have it: another time before a no, a no before a yes."""
    is_declined = any(reply.answer == "decline" for reply in date.replies)
    state = _remembered(state, asked, fact.at, is_declined=is_declined)
    moves = [reply for reply in date.replies if reply.answer == "move"]
    others = [reply for reply in moves if not is_same_time(_moved(asked, reply), asked)]
    if others:
        return _becomes(state, date, _moved(asked, max(others, key=_order)), fact)
    if is_declined and state.pause is not None:  # nothing is proposed during a pause, so there is no next-best time
        return _becomes(state, date, asked.model_copy(update={"status": "cancelled"}), fact)
    if is_declined:
        return _wants_slot(state, date, asked, fact)
    if moves or any(reply.answer == "accept" for reply in date.replies):
        return _becomes(state, date, asked.model_copy(update={"status": "scheduled"}), fact)
    return _becomes(state, date, asked, fact)


def _remembered(state: CoupleState, asked: DateRecord, at: datetime, *, is_declined: bool) -> CoupleState:
    """The time remembered as one that does not suit, while anybody's latest word is no."""
    declined = state.kinds[asked.kind].declined
    if is_declined:
        return state if asked.start in declined else not_then(state, asked, at)
    return with_kind(state, asked.kind, declined=tuple(start for start in declined if start != asked.start))


def _moved(asked: DateRecord, reply: Reply) -> DateRecord:
    start = reply.start or asked.start
    end = reply.end or start + (asked.end - asked.start)
    return asked.model_copy(update={"status": "scheduled", "start": start, "end": end})


def _becomes(state: CoupleState, date: DateState, record: DateRecord, fact: Answered) -> CoupleState:
    """The date with what a record says, SEQUENCE raised where that is something new."""
    now = date.record
    if record.status == now.status and is_same_time(record, now) and not date.wants_slot:
        return with_date(state, date)
    change: DateChange = "moved" if _was_told(date) == "scheduled" else "scheduled"
    if record.status in ("cancelled", "proposed"):
        change = "cancelled" if record.status == "cancelled" else _back(date)
    new = record.model_copy(update={"sequence": now.sequence + 1})
    return with_date(state, evolve(date, record=new, change=change, cause=fact.id, wants_slot=False))


def _wants_slot(state: CoupleState, date: DateState, asked: DateRecord, fact: Answered) -> CoupleState:
    """The date with its time declined; SEQUENCE is raised by the decision that finds the next-best slot."""
    record = asked.model_copy(update={"status": "proposed", "sequence": date.record.sequence})
    return with_date(state, evolve(date, record=record, change=_back(date), cause=fact.id, wants_slot=True))


def _back(date: DateState) -> DateChange:
    """The change that makes a date a proposal: a move, where it was known as more (docs/adr/0006)."""
    return "moved" if _was_told(date) == "scheduled" else "proposed"


def _was_told(date: DateState) -> str:
    """The status that everybody knows of: the announced one."""
    if date.wants_slot:  # declined before, and nothing was announced since
        return "scheduled" if date.change == "moved" else "proposed"
    is_announced = date.announced >= date.record.sequence
    return date.record.status if is_announced or date.asked is None else date.asked.status
