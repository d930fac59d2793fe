"""Whose a check-in is, though partners may have changed their names since: told by the names at the time. Pure."""

from collections.abc import Sequence
from typing import Any


class Authors:
    """Follows a log's events in their order, as JSON objects, and knows which partner a name meant just then."""

    def __init__(self) -> None:
        self._names: list[str] = ["", ""]

    def saw(self, event: dict[str, Any]) -> None:
        """The next event."""
        match event.get("type"):
            case "couple.joined":
                self._named(event["settings"]["partners"])
            case "couple.changed":
                self._named(event["patch"].get("partners") or ())
            case _:
                pass

    def partner_of(self, event: dict[str, Any]) -> int | None:
        """Which partner (0 or 1) reported a check-in; None for other events."""
        if event.get("type") != "checkin.reported":
            return None
        name = str(event.get("partner", "")).casefold()
        return next((n for n, known in enumerate(self._names) if known == name), None)

    def _named(self, partners: Sequence[Any]) -> None:
        for n, partner in enumerate(partners[:2]):
            if isinstance(partner, dict) and isinstance(partner.get("name"), str):
                self._names[n] = partner["name"].strip().casefold()
