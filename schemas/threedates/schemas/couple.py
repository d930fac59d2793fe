"""A couple's settings: the two partners, the cadence per kind, quiet hours and the attention budget.

These are the defaults of the product. A joining fact carries a full copy, so that a later default changes no couple.
"""

from datetime import time
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from threedates.schemas.base import KINDS, Kind, Model, PartnerName, ZoneName
from threedates.schemas.duration import Span
from threedates.schemas.window import Window

MAX_SPAN_SECONDS = 3 * 366 * 86_400
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+$")]

Invites = Literal["feed", "mail"]
"""How a partner gets the dates that are set: as entries of their own feed, or as invites by mail in their place."""


def _no_offset(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a time of day has no UTC offset; write 18:00")
    return value


ClockTime = Annotated[
    time, AfterValidator(_no_offset), PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str)
]


class QuietHours(Model):
    """When a partner wants to hear nothing, in that partner's own zone; it may cross midnight."""

    from_: ClockTime = Field(default=time(22), alias="from")
    to: ClockTime = time(7, 30)


class Partner(Model):
    """One of the two. Invites by mail need an ``email``."""

    name: PartnerName
    tz: ZoneName
    email: Email | None = None
    quiet: QuietHours | None = QuietHours()
    invites: Invites = "feed"

    @field_validator("invites")
    @classmethod
    def _have_an_address(cls, value: Invites, info: ValidationInfo) -> Invites:
        if value == "mail" and info.data.get("email") is None:
            raise ValueError("invites by mail need an email")
        return value


class KindCadence(Model):
    """How often one kind of date is wanted, how long it is and when it fits. Windows are in the couple's zone."""

    target: Span = Span(days=7)
    floor: Span = Span(days=30)
    length: Span = Span(seconds=3600)
    windows: tuple[Window, ...] = Field(default=(Window.parse("daily 18:00-22:00"),), min_length=1, max_length=21)
    lead: Span = Span(days=3)
    notice: Span = Span(seconds=24 * 3600)

    @model_validator(mode="after")
    def _sane(self) -> Self:
        if self.target.length < 1:
            raise ValueError("target must be a second or more")
        if self.floor.length < self.target.length:
            raise ValueError("floor must not be shorter than target")
        if max(span.length for span in (self.floor, self.lead, self.notice)) > MAX_SPAN_SECONDS:
            raise ValueError("durations may be three years at most")
        if not 60 <= self.length.length <= 14 * 86_400:
            raise ValueError("length must be between a minute and two weeks")
        return self


class FunCadence(KindCadence):
    """Play together: an evening by default."""

    length: Span = Span(seconds=3 * 3600)
    windows: tuple[Window, ...] = Field(
        default=(Window.parse("fri 18:00-23:00"), Window.parse("sat-sun 12:00-23:00")), min_length=1, max_length=21
    )


class BusinessCadence(KindCadence):
    """Practical matters: 45 minutes on a Sunday by default."""

    length: Span = Span(seconds=45 * 60)
    windows: tuple[Window, ...] = Field(default=(Window.parse("sun 10:00-18:00"),), min_length=1, max_length=21)


class EmotionalCadence(KindCadence):
    """A heart-to-heart: an hour on any evening by default."""


class Cadence(Model):
    """The cadence of all three kinds."""

    fun: FunCadence = FunCadence()
    business: BusinessCadence = BusinessCadence()
    emotional: EmotionalCadence = EmotionalCadence()

    def of(self, kind: Kind) -> KindCadence:
        """The cadence of one kind."""
        match kind:
            case "fun":
                return self.fun
            case "business":
                return self.business
            case "emotional":
                return self.emotional


class Budget(Model):
    """How many nudges one partner may get: per any seven days (null lifts it), and the least time between two."""

    per_week: int | None = Field(default=3, ge=1, le=1000)
    min_gap: Span = Span(seconds=20 * 3600)


class CoupleSettings(Model):
    """Everything a couple can set. Needs two partners' names and one zone; the rest has defaults.

    ``planning_hour`` is in the couple's zone. ``check_in`` asks each partner for a check-in at that time of their own
    day, unless they have sent one; null, the default, never asks.
    """

    external_id: str | None = Field(default=None, max_length=128)
    tz: ZoneName
    week_starts: Literal["monday", "saturday", "sunday"] = "monday"
    partners: tuple[Partner, Partner]
    cadence: Cadence = Cadence()
    planning_hour: ClockTime = time(18)
    budget: Budget = Budget()
    check_in: ClockTime | None = None
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")

    @model_validator(mode="before")
    @classmethod
    def _one_zone_is_enough(cls, data: Any) -> Any:
        """The couple's zone is the first partner's where it is missing, a partner's the couple's."""
        if not isinstance(data, dict) or not isinstance(data.get("partners"), list | tuple):
            return data
        partners = [dict(p) if isinstance(p, dict) else p for p in data["partners"]]
        zones = [p["tz"] for p in partners if isinstance(p, dict) and p.get("tz")]
        tz = data.get("tz") or (zones[0] if zones else None)
        if tz is None:
            return data
        for partner in partners:
            if isinstance(partner, dict) and not partner.get("tz"):
                partner["tz"] = tz
        return {**data, "tz": tz, "partners": partners}

    @model_validator(mode="after")
    def _two_names(self) -> Self:
        first, second = (partner.name.casefold() for partner in self.partners)
        if first == second:
            raise ValueError("the two partners need different names")
        return self

    @property
    def names(self) -> tuple[str, str]:
        """The two partners' names, in the order they joined."""
        return (self.partners[0].name, self.partners[1].name)

    def partner(self, name: str) -> Partner | None:
        """The partner of that name, letter case aside, or None."""
        wanted = name.casefold()
        return next((partner for partner in self.partners if partner.name.casefold() == wanted), None)


__all__ = [
    "KINDS",
    "Budget",
    "BusinessCadence",
    "Cadence",
    "CoupleSettings",
    "EmotionalCadence",
    "FunCadence",
    "Kind",
    "KindCadence",
    "Partner",
    "QuietHours",
]
