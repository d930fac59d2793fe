"""The bodies of the ``/v1`` calls: what they take, and what they answer. What producers report is the inbox's own.

Over HTTP ``id`` and ``at`` may be left out: the id comes from ``Idempotency-Key``, or is fresh, and the time is now.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from threedates.schemas.base import KINDS, CoupleId, EventId, Instant, Kind, Model, PartnerName, ZoneName
from threedates.schemas.couple import CoupleSettings, Partner
from threedates.schemas.dates import DateRecord
from threedates.schemas.inbound import CalendarEvent, CalendarIcs, CheckInReport, Scope
from threedates.schemas.status import CoupleStatus
from threedates.schemas.webhook import Attempt, Disabled, PollError

_ONCE = "Sent twice, it counts once. Default: from Idempotency-Key, else a fresh one."
_ID = Field(default=None, description=_ONCE)
_AT = Field(default=None, description="When it was so. Default: now.")
_BY = Field(description="The name of the partner who says so.")


def _examples(*examples: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": list(examples)})


class PartnerBody(Partner):
    """One of the two who join."""

    tz: ZoneName = Field(default_factory=str, description="Default: the couple's.")


class JoinBody(CoupleSettings):
    """A new couple. Everything but the partners' names and one ``tz`` has a default."""

    model_config = _examples(
        {
            "external_id": "your-id",
            "tz": "Europe/Berlin",
            "partners": [{"name": "sam"}, {"name": "alex", "tz": "Europe/Lisbon"}],
            "cadence": {"fun": {"target": "P7D", "floor": "P30D", "windows": ["fri 18:00-23:00"]}},
        }
    )

    tz: ZoneName = Field(default_factory=str, description="Default: the first partner's that has one.")
    partners: tuple[PartnerBody, PartnerBody]


class SettingsPatch(Model):
    """New settings, as a merge patch (RFC 7396) over those of the couple: objects merge, anything else replaces.

    ``null`` is a value: for ``quiet`` and ``per_week`` it lifts the limit. Partners are replaced as a whole.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"cadence": {"fun": {"target": "P14D"}}, "planning_hour": "17:30"}]},
    )

    id: EventId | None = _ID
    at: Instant | None = _AT


class CheckInBody(CheckInReport):
    """What one partner reports about a day. The note stays private to its author."""

    model_config = _examples(
        {"partner": "sam", "mood": 3, "connection": 2, "talk": "surface", "stress": ["money"], "together_minutes": 40}
    )

    id: EventId | None = _ID
    at: Instant | None = _AT


class CalendarEventBody(CalendarEvent):
    """One event of somebody's calendar; ``id`` may be left out."""

    model_config = _examples(
        {
            "source": "sam-google",
            "uid": "abc@google.com",
            "start": "2026-11-27T19:00:00",
            "end": "2026-11-27T22:00:00",
            "tz": "Europe/Berlin",
            "summary": "Date night",
            "kind": "fun",
        }
    )

    id: EventId = Field(default_factory=str, description=_ONCE)


class CalendarIcsBody(CalendarIcs):
    """Raw iCalendar; ``id`` may be left out."""

    id: EventId = Field(default_factory=str, description=_ONCE)


class ByBody(Model):
    """Who says so."""

    model_config = _examples({"by": "sam"})

    by: PartnerName = _BY
    id: EventId | None = _ID
    at: Instant | None = _AT


class MoveBody(ByBody):
    """Another time for a date; without ``end`` it keeps its length."""

    model_config = _examples({"by": "sam", "start": "2026-11-28T19:00:00+01:00"})

    start: Instant
    end: Instant | None = None


class BookBody(Model):
    """A date arranged, or already held, outside our proposals."""

    model_config = _examples(
        {"by": "sam", "kind": "fun", "start": "2026-11-28T19:00:00+01:00", "end": "2026-11-28T22:00:00+01:00"}
    )

    by: PartnerName | None = Field(
        default=None, description="Who says so. Default: whose turn it is to plan that kind."
    )
    kind: Kind
    start: Instant
    end: Instant
    status: Literal["scheduled", "held"] = "scheduled"
    id: EventId | None = _ID
    at: Instant | None = _AT


class SnoozeBody(ByBody):
    """Silence one kind, or all, until then."""

    model_config = _examples({"by": "sam", "kind": "fun", "until": "2026-11-30T18:00:00+01:00"})

    kind: Scope = "all"
    until: Instant


class PauseBody(ByBody):
    """Pause everything, until then or until resumed."""

    model_config = _examples({"by": "sam"}, {"by": "sam", "until": "2026-12-24T00:00:00+01:00"})

    until: Instant | None = None


class Accepted(Model):
    """Taken in. Sent again with the same id it changes nothing."""

    id: EventId


class Looked(Accepted):
    """Taken in, and how the couple stands after the wait."""

    status: CoupleStatus


class PartnerLinks(Model):
    """One partner's links: whoever has one may use it. A feed that was revoked has none."""

    name: str
    feed_url: str | None
    page_url: str


class CoupleMade(Model):
    """A couple that joined, with the links to hand to them."""

    id: CoupleId
    feed_url: str | None
    partners: tuple[PartnerLinks, ...]


class PartnerView(Partner, PartnerLinks):
    """One partner with settings and links."""


class CoupleView(CoupleSettings):
    """A couple with all its settings, defaults included, and its links."""

    id: CoupleId
    joined_at: Instant
    feed_url: str | None
    partners: tuple[PartnerView, PartnerView]


class DateList(Model):
    """A couple's dates: those to come, and those of the last two months; by start."""

    items: tuple[DateRecord, ...]


class LogEntry(Model):
    """One event of a couple's log, told by ``event.type``; check-ins without their notes."""

    sequence: int
    event: dict[str, Any]


class LogPage(Model):
    """A page of a couple's log; ``next`` is the ``after`` of the page that follows, null on the last."""

    items: tuple[LogEntry, ...]
    next: int | None


WebhookFilter = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\*|nudge\.(\*|proposed|due|overdue|floor|check_in|time_apart)"
        r"|date\.(\*|scheduled|moved|cancelled|held)|endpoint\.(\*|test|failing|disabled)|calendar\.(\*|failing))$"
    ),
]
"""A webhook type, or all that begin alike: ``nudge.due``, ``nudge.*``, ``*``."""
_TYPES = ("nudge.*", "date.*", "endpoint.*", "calendar.*")
_FORMAT = "standard, cloudevents, cloudevents-binary, slack, discord, ntfy or home-assistant."
_HEADERS = "Sent with every webhook: Authorization, Api-Key, Apikey or X-… Values are never shown again."
_PER_MINUTE = "At most so many deliveries a minute; what is more waits. Default: what the format's receivers take."


class EndpointBody(Model):
    """A webhook receiver. ``kinds`` and ``partners`` of null let everything through."""

    model_config = _examples({"url": "https://example.org/hook", "types": ["nudge.*"], "kinds": ["fun", "emotional"]})

    url: str = Field(min_length=1, max_length=2048)
    format: str = Field(default="standard", max_length=32, description=_FORMAT)
    headers: dict[str, str] = Field(default_factory=dict, max_length=10, description=_HEADERS, repr=False)
    per_minute: int | None = Field(default=None, ge=1, le=60_000, description=_PER_MINUTE)
    types: tuple[WebhookFilter, ...] = Field(default=_TYPES, min_length=1, max_length=16)
    kinds: tuple[Kind, ...] | None = Field(default=None, min_length=1, max_length=3)
    partners: tuple[PartnerName, ...] | None = Field(default=None, min_length=1, max_length=2)
    secret: str | None = Field(default=None, description="whsec_ and base64 of 24 to 64 bytes. Default: a fresh one.")


class EndpointPatch(Model):
    """What to change of an endpoint; what is left out stays. ``disabled: false`` enables one that was disabled."""

    model_config = _examples({"url": "https://example.org/new-hook"}, {"disabled": False})

    url: str = Field(default="", min_length=1, max_length=2048)
    format: str = Field(default="standard", max_length=32, description=_FORMAT)
    headers: dict[str, str] = Field(default_factory=dict, max_length=10, description=_HEADERS, repr=False)
    per_minute: int | None = Field(default=None, ge=1, le=60_000, description=_PER_MINUTE)
    types: tuple[WebhookFilter, ...] = Field(default=_TYPES, min_length=1, max_length=16)
    kinds: tuple[Kind, ...] | None = Field(default=None, min_length=1, max_length=3)
    partners: tuple[PartnerName, ...] | None = Field(default=None, min_length=1, max_length=2)
    disabled: bool = False


class EndpointView(Model):
    """An endpoint, without its secret; ``couple_id`` is null where it hears all couples of the API key."""

    id: str
    couple_id: CoupleId | None
    url: str
    format: str
    headers: tuple[str, ...] = Field(description="The names of its own headers; their values are not shown.")
    per_minute: int | None
    types: tuple[str, ...]
    kinds: tuple[Kind, ...] | None
    partners: tuple[str, ...] | None
    disabled: Disabled | None = Field(description="Why it gets nothing: a 410, by hand, or five days of failures.")
    failing_since: Instant | None = Field(description="Since when nothing got through to it.")
    warned: int = Field(description="Percent of the way to being disabled at which its failing was last announced.")
    created_at: Instant


class EndpointMade(EndpointView):
    """A new endpoint with its secret, which is shown this once."""

    secret: str = Field(repr=False)


class EndpointRotated(EndpointMade):
    """An endpoint with its new secret, shown this once; until then the one before signs as well."""

    previous_until: Instant


class RotateBody(Model):
    """A new secret for an endpoint."""

    secret: str | None = Field(default=None, description="whsec_ and base64 of 24 to 64 bytes. Default: a fresh one.")


class ReplayBody(Model):
    """What to send again: one message, all that was sent from one instant to another, or what was given up."""

    model_config = _examples(
        {"message_id": "c1-fun-3-due-a"},
        {"dead": True},
        {"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z"},
    )

    message_id: str | None = Field(default=None, max_length=256, description="One message, by its webhook-id.")
    since: Instant | None = Field(default=None, description="Whatever was attempted from then on, whatever came of it.")
    until: Instant | None = Field(default=None, description="Up to and including then. Default: now.")
    dead: bool = Field(default=False, description="Dead letters alone; all of them without since and until.")


class Replayed(Model):
    """How many messages go again. Where one call does not take them all, ``next`` is the ``since`` of the next call."""

    count: int
    next: Instant | None


class EndpointList(Model):
    """Endpoints, the oldest first."""

    items: tuple[EndpointView, ...]


class AttemptList(Model):
    """Delivery attempts, the newest first; they are kept for 30 days.

    ``next`` is the ``before`` of the page that follows, null on the last. A page may be short though others follow.
    """

    items: tuple[Attempt, ...]
    next: int | None


class FeedBody(Model):
    """A calendar feed to make: for both, or for one partner, in that partner's zone and with links to answer by."""

    model_config = _examples({"partner": "sam", "kinds": ["fun"], "alarms": True}, {"detail": "busy"})

    scope: Literal["couple", "partner"] | None = Field(default=None, description="Default: by whether one is named.")
    partner: PartnerName | None = Field(default=None, description="Whose feed it is, in the scope partner.")
    kinds: tuple[Kind, ...] = Field(default=KINDS, min_length=1, max_length=len(KINDS))
    detail: Literal["full", "busy"] = Field(default="full", description="busy: the times, and nothing else.")
    alarms: bool = Field(default=False, description="Whether dates that stand ring an hour before.")


class FeedFetch(Model):
    """When a feed was last fetched, to within ten minutes, and by which program."""

    at: Instant
    user_agent: str | None = None


class FeedView(Model):
    """A calendar feed. Whoever has the URL may read it; a revoked feed has none."""

    id: str
    couple_id: CoupleId
    scope: Literal["couple", "partner"]
    partner: str | None
    kinds: tuple[Kind, ...]
    detail: Literal["full", "busy"]
    alarms: bool
    url: str | None
    revoked_at: Instant | None
    last_fetch: FeedFetch | None = None


class FeedList(Model):
    """A couple's feeds."""

    items: tuple[FeedView, ...]


class CalendarBody(Model):
    """A partner's calendar to read from its address, for the times it takes."""

    model_config = _examples(
        {"partner": "sam", "url": "webcal://calendar.example/private-3f9c/basic.ics"},
        {"partner": "alex", "url": "https://calendar.example/together.ics", "shared": True},
    )

    partner: PartnerName = Field(description="Whose calendar it is.")
    url: str = Field(min_length=1, max_length=2048, description="https:, http: or webcal:. It is never shown again.")
    shared: bool = Field(
        default=False,
        description="Whether its titles may be known to both: an event whose title looks like a date is asked about.",
    )


class CalendarView(Model):
    """A partner's calendar that is read from its address, and how that goes. Of the address only the host is shown."""

    id: str
    couple_id: CoupleId
    partner: str
    url: str = Field(description="The address, cut after its host.")
    shared: bool
    busy: int = Field(description="How many times it takes, from now to two months ahead; 200 at most are known.")
    last_fetch: Instant | None = Field(description="When its server last answered with it, or that it is unchanged.")
    last_change: Instant | None = Field(description="When its times last changed.")
    next_poll: Instant | None = Field(description="When it is fetched next; null: not any more (410).")
    failing_since: Instant | None
    error: PollError | None = Field(description="Why it cannot be read, while that is so.")
    detail: str | None = Field(description="The same, for people.")
    created_at: Instant


class CalendarList(Model):
    """A couple's calendars that are read from their addresses, the oldest first."""

    items: tuple[CalendarView, ...]


class ProblemDetail(Model):
    """What went wrong (RFC 9457). ``code`` never changes its meaning; ``field`` is the JSON path of what was wrong."""

    model_config = _examples(
        {
            "type": "https://threedates.example.org/docs#invalid",
            "title": "The input does not fit",
            "status": 422,
            "detail": "mood should be less than or equal to 5",
            "code": "invalid",
            "field": "mood",
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
