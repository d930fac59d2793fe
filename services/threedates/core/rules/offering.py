"""Another idea for a date, once a partner asked for one. Only the idea changes: it is no answer, and closes nothing."""

from datetime import datetime

from threedates.core.rules.ideas import another_idea
from threedates.core.state import CoupleState
from threedates.schemas.dates import DateChange
from threedates.schemas.outcomes import Because, DateOutcome


def offer_idea(state: CoupleState, now: datetime) -> DateOutcome | None:
    """The next date that gets another idea, in the order they were made."""
    for date in state.at_hand.open:
        record = date.record
        if not date.wants_idea:
            continue
        idea = another_idea(state, date, now)
        # What was not announced yet is announced with it, under its own name.
        change: DateChange = date.change if date.announced < record.sequence else "idea"
        fields = {"idea": idea.text, "idea_id": idea.id, "sequence": record.sequence + 1}
        because = Because(rule="idea", text="One of you asked for another idea.", events=(date.wants_idea,))
        return DateOutcome(change=change, date=record.model_copy(update=fields), because=(because,))
    return None
