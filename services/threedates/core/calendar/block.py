"""What is kept of one date for calendars: its VEVENT and its invite, rendered once when the date changed.

In: the date as a decision left it. Out: a :class:`Block`, the JSON value the invites service keeps and the gateway
serves. It is written anew for every change; ``seq``, the decision's place in the log, tells which of two is newer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from threedates.core.calendar.event import is_off, tzid_of, vevent
from threedates.core.calendar.invite import invite
from threedates.schemas.base import Instant, Kind, Model
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord, DateStatus

SHOWN_AS_CANCELLED = timedelta(days=30)


class Block(Model):
    """One date, rendered. ``tz`` is the zone whose VTIMEZONE the VEVENT needs, None where its times are in UTC.

    ``status`` and ``start`` are the date's; blocks of an older version lack them, and their dates are not asked about.
    ``stamp`` is when the date changed; from ``visible_until`` on feeds leave it out (None: never). ``vevent`` and
    ``invite`` are iCalendar text with CRLF line ends.
    """

    v: Literal[1] = 1
    seq: int
    uid: str
    kind: Kind
    tz: str | None = None
    status: DateStatus | None = None
    start: Instant | None = None
    stamp: Instant
    visible_until: Instant | None = None
    vevent: str
    invite: str


def block_of(
    date: DateRecord,
    stamp: datetime,
    seq: int,
    timezone: bytes | None,
    *,
    organizer: str | None = None,
    attendees: Sequence[Partner] = (),
) -> Block:
    """Render a date. ``seq`` is the decision's stream sequence; the rest is as for :func:`invite`."""
    return Block(
        seq=seq,
        uid=date.uid,
        kind=date.kind,
        tz=tzid_of(date),
        status=date.status,
        start=date.start,
        stamp=stamp,
        visible_until=stamp + SHOWN_AS_CANCELLED if is_off(date) else None,
        vevent=vevent(date, stamp).decode(),
        invite=invite(date, stamp, timezone, organizer=organizer, attendees=attendees).decode(),
    )
