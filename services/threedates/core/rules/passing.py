"""Dates that time has passed by: a scheduled one was held unless somebody says otherwise; a proposal nobody answered,
or one that was declined, gets the next-best slot under the same UID.
"""

from datetime import datetime

from threedates.core.busy import is_taken
from threedates.core.slots import next_slot
from threedates.core.state import CoupleState, DateState
from threedates.schemas.dates import DateChange, DateRecord
from threedates.schemas.outcomes import Because, DateOutcome


def pass_date(state: CoupleState, now: datetime) -> DateOutcome | None:
    """The next date that time has passed by, in the order they were made."""
    for date in state.at_hand.open:
        record = date.record
        if record.status == "scheduled" and record.end <= now:
            return _changed(
                record, "held", "ended", "A scheduled date ended, so it counts as held.", date, status="held"
            )
        if record.status == "proposed" and state.pause is None:
            if date.wants_slot or record.start <= now:
                return _another_slot(state, date, now)
            if is_taken(state, record.start, record.end) and (outcome := _free_slot(state, date, now)) is not None:
                return outcome
    return None


def _free_slot(state: CoupleState, date: DateState, now: datetime) -> DateOutcome | None:
    """The next slot where no calendar has anything, for a proposal that meanwhile collides; None if there is none."""
    record = date.record
    start, end = next_slot(state, record.kind, now, but=record.uid)
    if is_taken(state, start, end):
        return None
    text = "A calendar has something then, so here is the next time that fits."
    return _changed(record, "proposed", "busy", text, date, start=start, end=end)


def _another_slot(state: CoupleState, date: DateState, now: datetime) -> DateOutcome:
    record = date.record
    start, end = next_slot(state, record.kind, now, but=record.uid)
    rule, text = (
        ("declined", "The last time did not suit, so here is the next one that fits.")
        if date.wants_slot
        else ("unanswered", "The proposed time passed without an answer, so here is the next one that fits.")
    )
    change: DateChange = date.change if date.wants_slot else "proposed"
    return _changed(record, change, rule, text, date, start=start, end=end)


def _changed(
    record: DateRecord, change: DateChange, rule: str, text: str, date: DateState, **fields: object
) -> DateOutcome:
    new = record.model_copy(update={**fields, "sequence": record.sequence + 1})
    because = Because(rule=rule, text=text, events=(date.cause,) if date.cause else ())
    return DateOutcome(change=change, date=new, because=(because,))
