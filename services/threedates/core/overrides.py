"""Settings changed by path, such as ``cadence.fun.target`` to ``P14D`` or ``partners.0.quiet`` to null."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from threedates.core.refusal import invalid
from threedates.schemas.couple import CoupleSettings


def overridden(settings: CoupleSettings, values: Mapping[str, Any]) -> CoupleSettings:
    """The settings with these values in their places. Raises ValueError naming the path that is wrong, and how.

    Where the couple's zone is set and a partner's is not, the partner keeps theirs.
    """
    if not values:
        return settings
    data = settings.model_dump(mode="json", by_alias=True)
    for path, value in values.items():
        _put(data, path, value)
    try:
        return CoupleSettings.model_validate(data)
    except ValidationError as error:
        raise ValueError(invalid(error, data).refusal.detail) from error


def _put(data: Any, path: str, value: Any) -> None:
    """Put a value where the path leads; every step has to be there already, so that no slip of the pen passes."""
    at, steps = data, path.split(".")
    for n, step in enumerate(steps):
        key: str | int = int(step) if isinstance(at, list) and step.isdigit() else step
        known = range(len(at)) if isinstance(at, list) else at if isinstance(at, dict) else ()
        if key not in known:
            choices = ", ".join(map(str, known)) or "nothing"
            place = ".".join(steps[:n]) or "the settings"
            raise ValueError(f"{path}: there is no {step!r} in {place}, which has {choices}")
        if n == len(steps) - 1:
            at[key] = value
        else:
            at = at[key]
