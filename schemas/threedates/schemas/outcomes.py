"""What a decision comes to: a date made or changed, a nudge, a hold, a pause that ends, another way for invites.

A decision holds its outcomes in the order in which they were decided; each was decided in the state the last one left.
"""

from typing import Annotated, Literal

from pydantic import Field

from threedates.schemas.base import Instant, Kind, Model, PartnerName
from threedates.schemas.couple import Invites
from threedates.schemas.dates import DateChange, DateRecord

NudgeState = Literal["fresh", "due", "overdue", "lapsed"]


class Because(Model):
    """One reason: the rule that fired, a sentence for people, and the ids of the events behind it."""

    rule: str
    text: str
    events: tuple[str, ...] = ()


class DateOutcome(Model):
    """A date came into being or changed; the record is whole, as it stands after the change.

    ``mailed`` says which partners (0, 1, in the order they joined) get the change as an invite by mail.
    """

    type: Literal["date"] = "date"
    change: DateChange
    date: DateRecord
    mailed: tuple[int, ...] = ()
    because: tuple[Because, ...] = ()


class NudgeOutcome(Model):
    """One nudge to one addressee. ``stage`` is proposed, due, overdue-1 … or floor; ``cycle`` counts from 0.

    A nudge about no kind has the stage check_in or time_apart; its ``cycle`` is the proleptic number of the local day.
    """

    type: Literal["nudge"] = "nudge"
    nudge_id: str
    kind: Kind | None = None
    cycle: int
    stage: str
    state: NudgeState
    addressee: str
    title: str
    message: str
    date: DateRecord | None = None
    because: tuple[Because, ...] = ()


class HoldOutcome(Model):
    """A nudge that would have gone out now and waits; at ``until`` everything is asked again."""

    type: Literal["hold"] = "hold"
    kind: Kind | None = None
    cycle: int
    stage: str
    addressee: str
    until: Instant
    reason: Literal["quiet_hours", "budget"]


class ResumeOutcome(Model):
    """A pause with an end reached it."""

    type: Literal["resume"] = "resume"
    until: Instant


class InviteOutcome(Model):
    """A date that is set goes to a partner by another way from now on: that partner chose so. It stands as it is."""

    type: Literal["invite"] = "invite"
    date: DateRecord
    partner: PartnerName
    by: Invites


Outcome = Annotated[
    DateOutcome | NudgeOutcome | HoldOutcome | ResumeOutcome | InviteOutcome, Field(discriminator="type")
]
