"""The small records a couple's state is made of: what was reported, told, held, answered. All instants are UTC.

They are made by the dozen and never changed, so they are named tuples: made, compared and hashed without a call of
Python's own.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from threedates.schemas.base import Kind


class Report(NamedTuple):
    """What the rules need of a check-in; its note is not among it. ``at`` in UTC, the scales as they were sent."""

    id: str
    partner: str
    at: datetime
    mood: int | None = None
    connection: int | None = None
    loneliness: int | None = None
    talk: str | None = None
    affection: int | None = None
    desire: int | None = None
    conflict: bool | None = None
    stress: tuple[str, ...] = ()
    did: tuple[str, ...] = ()
    together_minutes: int | None = None


class Sign(NamedTuple):
    """What in a check-in asks for a date sooner: when it is about (UTC), the rule it fires, the check-in's id."""

    at: datetime
    rule: str
    event: str


class HeldMark(NamedTuple):
    """A date that was held: its end, and the instant the cadence counts from (later where a pause shifted it)."""

    uid: str
    ended: datetime
    anchor: datetime


class Reply(NamedTuple):
    """A partner's latest word on the time a date has. ``answer`` is None once it has had its effect for good: then it
    only keeps out replies that were made before it.
    """

    by: str
    sequence: int
    dtstamp: datetime
    answer: Literal["accept", "decline", "tentative", "move"] | None = None
    start: datetime | None = None
    end: datetime | None = None


class NudgeMark(NamedTuple):
    """A nudge that was decided and not dropped."""

    nudge_id: str
    kind: Kind | None
    cycle: int
    stage: str
    addressee: str
    at: datetime


class HoldMark(NamedTuple):
    """A nudge that was held back, until then."""

    kind: Kind | None
    cycle: int
    stage: str
    addressee: str
    until: datetime
    reason: Literal["quiet_hours", "budget"]


class Prompt(NamedTuple):
    """A nudge about no kind that was decided: its stage, its addressee, and the number of the local day."""

    stage: str
    addressee: str
    day: int


class Busy(NamedTuple):
    """A time when somebody's calendar is taken; ``key`` names the event there. No partners means both.

    A cancelled one takes no time, and is kept so that an earlier version that comes late does not bring it back.
    """

    key: str
    sequence: int
    start: datetime
    end: datetime
    partners: tuple[str, ...]
    is_cancelled: bool = False


class LookAlike(NamedTuple):
    """A calendar event that may have been a date, by its title alone. Asked about, never assumed."""

    key: str
    kind: Kind
    start: datetime
    end: datetime
    event: str


class Pause(NamedTuple):
    """A pause under way."""

    since: datetime
    until: datetime | None
