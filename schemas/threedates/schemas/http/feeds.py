"""Calendar feeds: made and shown."""

from typing import Literal

from pydantic import Field

from threedates.schemas.base import KINDS, CoupleId, Instant, Kind, Model, PartnerName
from threedates.schemas.http.common import examples


class FeedBody(Model):
    """A calendar feed to make: for both, or for one partner, in that partner's zone and with links to answer by."""

    model_config = examples({"partner": "sam", "kinds": ["fun"], "alarms": True}, {"detail": "busy"})

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
