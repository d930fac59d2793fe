"""A couple's state as bytes and back, for snapshots. They only save time and may be deleted at any moment.

With the state goes the trail of the events it was folded from. That outlives a new version of the fold, which has to
fold them all again.
"""

from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from threedates.core.fold import VERSION
from threedates.core.state import CoupleState
from threedates.core.trail import NO_TRAIL, Trail, trail_as_json, trail_of

_STATE: TypeAdapter[CoupleState] = TypeAdapter(CoupleState)
_VERSION = f"v{VERSION}".encode()


class Snapshot(NamedTuple):
    """What is kept: the state, None where this version cannot read it, and the trail of all that it has seen."""

    state: CoupleState | None
    trail: Trail


def freeze(state: CoupleState, trail: Trail) -> bytes:
    """Both as bytes: the version of the fold that made the state, the trail, and the state, a line each."""
    return b"\n".join((_VERSION, trail_as_json(trail), _STATE.dump_json(state, by_alias=True)))


def thaw(data: bytes) -> Snapshot:
    """Both from bytes; without the state where another version of the fold made it or it cannot be read."""
    version, _, rest = data.partition(b"\n")
    line, _, body = rest.partition(b"\n")
    trail = trail_of(line)
    if version != _VERSION or trail == NO_TRAIL:
        return Snapshot(None, trail)
    try:
        return Snapshot(_STATE.validate_json(body), trail)
    except ValidationError:
        return Snapshot(None, trail)
