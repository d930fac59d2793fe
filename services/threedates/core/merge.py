"""Changing settings by a merge patch: objects merge, anything else, null included, replaces."""

from typing import Any

from threedates.schemas.couple import CoupleSettings


def merge_settings(settings: CoupleSettings, patch: dict[str, Any]) -> CoupleSettings:
    """The settings after a patch. Raises pydantic's ValidationError naming the field that is wrong."""
    return CoupleSettings.model_validate(_merged(settings.model_dump(mode="json", by_alias=True), patch))


def _merged(old: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in patch.items():
        before = merged.get(name)
        merged[name] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged
