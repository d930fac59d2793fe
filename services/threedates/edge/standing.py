"""How a couple stands with all that is known of it: the log's status, and the endpoints through which nothing gets."""

from datetime import datetime

from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.edge.wire import Wire
from threedates.schemas.status import CoupleStatus, EndpointTrouble


async def endpoints_hearing(wire: Wire, state: CoupleState) -> list[KeptEndpoint]:
    """The endpoints that hear a couple: its own, then those for all couples of its API key. Raises Unavailable."""
    key = key_owner(state.key_id)
    found = await Endpoints(wire).of_owners([state.couple_id, key])
    return found.get(state.couple_id, []) + found.get(key, [])


async def full_status(wire: Wire, state: CoupleState, now: datetime) -> CoupleStatus:
    """The status at an instant, failing and disabled endpoints with it. Raises Unavailable."""
    troubles = tuple(
        EndpointTrouble(id=endpoint.id, failing_since=endpoint.failing_since, disabled=endpoint.disabled)
        for endpoint in await endpoints_hearing(wire, state)
        if endpoint.is_in_trouble
    )
    return status_of(state, now).model_copy(update={"endpoints": troubles})
