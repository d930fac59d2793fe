"""What an event says of itself beside its times: whether it stands, takes time, and which kind its categories name."""

from typing import Any, Literal

from threedates.core.ics_occurrences import Occurrence, listed
from threedates.core.ids import UID_DOMAIN
from threedates.schemas.base import KINDS, Kind


def status_of(component: Any) -> Literal["tentative", "confirmed", "cancelled"]:
    """Its STATUS (RFC 5545 §3.8.1.11); confirmed where it has none."""
    match str(component.get("STATUS", "")).upper():
        case "TENTATIVE":
            return "tentative"
        case "CANCELLED":
            return "cancelled"
        case _:
            return "confirmed"


def takes_time(component: Any) -> bool:
    """Whether it is opaque to searches for free time (TRANSP, RFC 5545 §3.8.2.7)."""
    return str(component.get("TRANSP", "")).upper() != "TRANSPARENT"


def named_kind(occurrence: Occurrence) -> Kind | None:
    """The one kind that its CATEGORIES name; None for what was ours, whoever's calendar it came back from."""
    named = {str(name).strip().lower() for found in _categories(occurrence.component) for name in found.cats}
    kinds = [kind for kind in KINDS if kind in named]
    return kinds[0] if len(kinds) == 1 and not is_our_own(occurrence.uid) else None


def is_our_own(uid: str) -> bool:
    """Whether it is a date's UID: of this couple, perhaps one no rule asks for any more, or of another."""
    return uid.endswith(f"@{UID_DOMAIN}")


def _categories(component: Any) -> list[Any]:
    return listed(component.get("CATEGORIES", []))
