"""What every contract shares: the frozen base model and the small types with one meaning each.

Instants are aware datetimes, kept and written in UTC with a trailing ``Z``. Unknown fields are ignored on the way in,
so that an old consumer survives a newer producer.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
)

Kind = Literal["fun", "business", "emotional"]
KINDS: tuple[Kind, ...] = ("fun", "business", "emotional")


# What could not be read may be a note or hold a link: an error says where and why, never what.
DISCREET = ConfigDict(hide_input_in_errors=True)


class Model(BaseModel):
    """Base of every contract: frozen, tolerant of unknown fields, aliases and names both accepted."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True)


YEARS = range(1970, 9001)
"""The years of an instant: others overflow when a zone is applied, and no couple books a date there."""


def _to_utc(value: datetime) -> datetime:
    if value.year not in YEARS:
        raise ValueError(f"the year {value.year} is out of range")
    return value.astimezone(UTC)


def rfc3339(instant: datetime) -> str:
    """An aware instant as RFC 3339 text in UTC, with microseconds only where there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc), PlainSerializer(rfc3339, return_type=str, when_used="json")]
"""An instant: aware on the way in, UTC inside, RFC 3339 with ``Z`` on the way out."""


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError, naming it, where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no IANA time zone named {name[:64]!r}") from error


def _known_zone(name: str) -> str:
    zone(name)
    return name


ZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
CoupleId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
"""A couple's id. It holds no ``_`` so that the ids of the couple's things, ``<couple_id>_<rest>``, can be split."""
EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:@+-]{1,128}$")]


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


PartnerName = Annotated[
    str, BeforeValidator(_strip), StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")
]
