"""What a couple would miss of its state, in a form that no change of the state's own changes."""

from typing import Any

from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS


def meaning(state: CoupleState) -> dict[str, Any]:
    """What a couple would miss: who they are, since when each kind is counted, and their dates."""
    dates = [date.record for date in state.dates.values()]
    return {
        "partners": list(state.settings.names),
        "planning_hour": state.settings.planning_hour.isoformat(),
        "anchors": {kind: str(state.kinds[kind].anchor) for kind in KINDS},
        "dates": {date.uid: [date.status, date.sequence, str(date.start)] for date in dates},
    }
