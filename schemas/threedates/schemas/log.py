"""What one couple's log holds: facts, and the decisions drawn from them; one discriminated union, told by ``type``.

The log is the only source of truth: state is a fold over these events. Every event names its version ``v``, its ``id``
(events are idempotent by it) and ``at``, the instant it speaks of. Sequence numbers are the stream's, not the body's.
"""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from threedates.schemas.base import DISCREET, CoupleId, EventId, Instant, Kind, Model, PartnerName, ZoneName
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.inbound import CheckInReport, Scope
from threedates.schemas.outcomes import Outcome

Answer = Literal["accept", "decline", "held", "skip", "cancel", "move"]
AnyAnswer = Answer | Literal["tentative"]
DropReason = Literal["answered", "paused", "snoozed", "quiet_hours", "no_endpoint", "undeliverable"]


class Event(Model):
    """What every event carries."""

    v: Literal[1] = 1
    id: EventId
    at: Instant


class Joined(Event):
    """A couple joined. Carries the whole settings, defaults included, so that no later default changes them."""

    type: Literal["couple.joined"] = "couple.joined"
    settings: CoupleSettings
    key_id: str


class Changed(Event):
    """Settings changed: a merge patch over the settings. Objects merge; anything else, null included, replaces."""

    type: Literal["couple.changed"] = "couple.changed"
    patch: dict[str, Any]


class CheckedIn(Event, CheckInReport):
    """What one partner reported about a day. ``note`` is the author's alone and absent from every view."""

    type: Literal["checkin.reported"] = "checkin.reported"


class CalendarSeen(Event):
    """A fact from somebody's calendar, one occurrence; all-day events run from local midnight to local midnight."""

    type: Literal["calendar.seen"] = "calendar.seen"
    source: str
    uid: str
    sequence: int = 0
    status: Literal["tentative", "confirmed", "cancelled"]
    start: Instant
    end: Instant
    tz: ZoneName
    all_day: bool = False
    summary: str | None = None
    kind: Kind | None = None
    partners: tuple[PartnerName, ...] = ()
    busy: bool = True


class Answered(Event):
    """A partner's answer about one date; ``start`` and ``end`` come with ``move`` alone.

    A reply to an invite (RFC 5546 §3.2.3, §3.2.7) has the SEQUENCE it answers and its own DTSTAMP: the latest by these
    counts, whatever order replies come in. ``tentative`` comes as a reply alone.
    """

    type: Literal["date.answered"] = "date.answered"
    by: PartnerName
    uid: str
    answer: AnyAnswer
    start: Instant | None = None
    end: Instant | None = None
    sequence: int | None = None
    dtstamp: Instant | None = None


class Booked(Event):
    """A date arranged or held outside our proposals."""

    type: Literal["date.booked"] = "date.booked"
    by: PartnerName
    kind: Kind
    start: Instant
    end: Instant
    status: Literal["scheduled", "held"]


class Snoozed(Event):
    """Silence for one kind or all, until then."""

    type: Literal["reminders.snoozed"] = "reminders.snoozed"
    by: PartnerName
    kind: Scope
    until: Instant


class Paused(Event):
    """Either partner alone pauses everything, until then or until resumed."""

    type: Literal["couple.paused"] = "couple.paused"
    by: PartnerName
    until: Instant | None = None


class Resumed(Event):
    """A pause ended by a partner."""

    type: Literal["couple.resumed"] = "couple.resumed"
    by: PartnerName


class IdeaAsked(Event):
    """A partner asked for another idea for one date."""

    type: Literal["date.idea_asked"] = "date.idea_asked"
    by: PartnerName
    uid: str


class PageRotated(Event):
    """A partner's page has another address from now on."""

    type: Literal["page.rotated"] = "page.rotated"
    by: PartnerName


class Left(Event):
    """The couple leaves; everything of theirs is erased."""

    type: Literal["couple.left"] = "couple.left"


class NudgeDropped(Event):
    """A decided nudge that did not go out; it gives its share of the attention budget back."""

    type: Literal["nudge.dropped"] = "nudge.dropped"
    nudge_id: str
    reason: DropReason


class Decision(Event):
    """What the cadence service concluded for one couple at one instant: one message, so it is atomic.

    ``at`` is its clock (``as_of``); ``folded_to`` the last stream sequence it saw: facts may lie between that and the
    decision's own sequence. ``week`` is the first local day of the couple's week, ``tz`` their zone then.
    """

    type: Literal["decision"] = "decision"
    couple_id: CoupleId
    external_id: str | None = None
    key_id: str
    folded_to: int
    week: dt.date
    tz: ZoneName
    outcomes: tuple[Outcome, ...]
    next_look: Instant | None = None

    @property
    def as_of(self) -> Instant:
        """The instant the decision was made for."""
        return self.at


Fact = Annotated[
    Joined
    | Changed
    | CheckedIn
    | CalendarSeen
    | Answered
    | Booked
    | Snoozed
    | Paused
    | Resumed
    | IdeaAsked
    | PageRotated
    | Left
    | NudgeDropped,
    Field(discriminator="type"),
]
LogEvent = Annotated[
    Joined
    | Changed
    | CheckedIn
    | CalendarSeen
    | Answered
    | Booked
    | Snoozed
    | Paused
    | Resumed
    | IdeaAsked
    | PageRotated
    | Left
    | NudgeDropped
    | Decision,
    Field(discriminator="type"),
]
FACT: TypeAdapter[Fact] = TypeAdapter(Fact, config=DISCREET)
LOG_EVENT: TypeAdapter[LogEvent] = TypeAdapter(LogEvent, config=DISCREET)


def encode(event: Model) -> bytes:
    """The bytes of an event as they are kept: JSON, keys in the model's order, nulls only where they mean something."""
    # In settings null is a value: it lifts the quiet hours or the budget, where a missing field means the default.
    keep_null = isinstance(event, Joined | Changed)
    return event.model_dump_json(exclude_none=not keep_null, by_alias=True).encode()
