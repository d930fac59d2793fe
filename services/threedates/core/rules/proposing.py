"""A kind that nears its due time gets a proposal; on joining, each kind gets one in the first week."""

from datetime import datetime

from threedates.core import ids
from threedates.core.due import course
from threedates.core.rules.ideas import idea_for
from threedates.core.slots import next_slot
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.dates import DateRecord
from threedates.schemas.outcomes import Because, DateOutcome


def proposal_at(state: CoupleState, kind: Kind) -> datetime | None:
    """When a date of a kind is to be proposed; None while one is open or the couple pauses."""
    if state.pause is not None or state.open_date(kind) is not None:
        return None
    this, its_course = state.kinds[kind], course(state, kind)
    if this.made == 0 and this.cycle == 0 and not its_course.pace.is_exact:
        return state.joined_at
    return its_course.proposal_at


def propose_date(state: CoupleState, now: datetime) -> DateOutcome | None:
    """The next proposal that is wanted by now."""
    for kind in KINDS:
        at = proposal_at(state, kind)
        if at is not None and at <= now:
            return _proposal(state, kind, now)
    return None


def _proposal(state: CoupleState, kind: Kind, now: datetime) -> DateOutcome:
    n = state.kinds[kind].made + 1
    start, end = next_slot(state, kind, now)
    idea = idea_for(state, kind, n, now)
    record = DateRecord(
        uid=ids.date_uid(state.couple_id, kind, n),
        kind=kind,
        n=n,
        start=start,
        end=end,
        tz=state.settings.tz,
        status="proposed",
        planner=state.planner(kind),
        idea=idea.text,
        idea_id=idea.id,
    )
    text = f"The next {kind} date is near, and this is the first time that fits."
    because = Because(rule="proposal", text=text, events=(state.kinds[kind].because,))
    return DateOutcome(change="proposed", date=record, because=(because,))
