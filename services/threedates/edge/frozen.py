"""The bucket of frozen states: each couple's snapshot, and beside it the full pages of its trail."""

import json

from threedates.core.snapshot import Snapshot, freeze, thaw
from threedates.core.state import CoupleState
from threedates.core.trail import NO_TRAIL, Trail
from threedates.edge.wire import Wire

SNAPSHOTS = "snapshots"
NOTHING = Snapshot(None, NO_TRAIL)


async def read_snapshot(wire: Wire, couple_id: str) -> Snapshot:
    """What is kept of a couple, empty where nothing is. Raises Unavailable."""
    kept = await wire.get(SNAPSHOTS, couple_id)
    return thaw(kept.data) if kept is not None else NOTHING


async def write_snapshot(wire: Wire, state: CoupleState, trail: Trail) -> Trail:
    """Keep a state with the trail of all it has seen; returns the trail as it is kept. Raises Unavailable."""
    trail, pages = trail.paged()
    # First: a snapshot never names a page that is not there.
    for n, page in pages.items():
        await wire.put(SNAPSHOTS, page_key(state.couple_id, n), json.dumps(page).encode())
    await wire.put(SNAPSHOTS, state.couple_id, freeze(state, trail))
    return trail


async def read_trail(wire: Wire, couple_id: str) -> tuple[Trail, list[int]]:
    """A couple's trail and every sequence it names; nothing where any page is missing. Raises Unavailable."""
    kept = {entry.key: entry.data for entry in await wire.get_all(SNAPSHOTS, [couple_id, f"{couple_id}.*"])}
    trail = thaw(kept[couple_id]).trail if couple_id in kept else NO_TRAIL
    try:
        pages = [json.loads(kept[page_key(couple_id, n)]) for n in range(trail.pages)]
    except KeyError:
        return NO_TRAIL, []
    return trail, [seq for page in (*pages, trail.latest) for seq in page]


def page_key(couple_id: str, n: int) -> str:
    """The key of a page of a couple's trail."""
    return f"{couple_id}.{n}"
