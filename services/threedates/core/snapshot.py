"""A couple's state as bytes and back, for snapshots. They only save time and may be deleted at any moment."""

from pydantic import TypeAdapter, ValidationError

from threedates.core.fold import VERSION
from threedates.core.state import CoupleState

_STATE: TypeAdapter[CoupleState] = TypeAdapter(CoupleState)
_HEADER = f"v{VERSION}\n".encode()


def freeze(state: CoupleState) -> bytes:
    """The state as bytes, marked with the version of the fold that made it."""
    return _HEADER + _STATE.dump_json(state, by_alias=True)


def thaw(data: bytes) -> CoupleState | None:
    """The state from bytes; None where another version of the fold made them or they cannot be read."""
    if not data.startswith(_HEADER):
        return None
    try:
        return _STATE.validate_json(data[len(_HEADER) :])
    except ValidationError:
        return None
