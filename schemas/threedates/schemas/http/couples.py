"""A couple as it joins, is changed and shown, and its log."""

from typing import Any

from pydantic import ConfigDict, Field

from threedates.schemas.base import CoupleId, EventId, Instant, Model, ZoneName
from threedates.schemas.couple import CoupleSettings, Partner
from threedates.schemas.http.common import AT, ID, examples


class PartnerBody(Partner):
    """One of the two who join."""

    tz: ZoneName = Field(default_factory=str, description="Default: the couple's.")


class JoinBody(CoupleSettings):
    """A new couple. Everything but the partners' names and one ``tz`` has a default."""

    model_config = examples(
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

    id: EventId | None = ID
    at: Instant | None = AT


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


class LogEntry(Model):
    """One event of a couple's log, told by ``event.type``; check-ins without their notes."""

    sequence: int
    event: dict[str, Any]


class LogPage(Model):
    """A page of a couple's log; ``next`` is the ``after`` of the page that follows, null on the last."""

    items: tuple[LogEntry, ...]
    next: int | None
