"""How a couple stands with all that is known of it: the log's status, and which endpoints and calendars fail."""

from datetime import datetime

from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.edge.calendars import CalendarRecord, Calendars
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.edge.wire import Wire
from threedates.schemas.status import CalendarTrouble, CoupleStatus, EndpointTrouble


async def endpoints_hearing(wire: Wire, state: CoupleState) -> list[KeptEndpoint]:
    """The endpoints that hear a couple: its own, then those for all couples of its API key. Raises Unavailable."""
    key = key_owner(state.key_id)
    found = await Endpoints(wire).of_owners([state.couple_id, key])
    return found.get(state.couple_id, []) + found.get(key, [])


async def full_status(wire: Wire, state: CoupleState, now: datetime) -> CoupleStatus:
    """The status at an instant, with the endpoints and calendars that are in trouble. Raises Unavailable."""
    troubles = tuple(
        EndpointTrouble(id=endpoint.id, failing_since=endpoint.failing_since, disabled=endpoint.disabled)
        for endpoint in await endpoints_hearing(wire, state)
        if endpoint.is_in_trouble
    )
    found = (calendar_trouble(state, record) for record in await Calendars(wire).of_couple(state.couple_id))
    calendars = tuple(trouble for trouble in found if trouble is not None)
    return status_of(state, now).model_copy(update={"endpoints": troubles, "calendars": calendars})


def calendar_trouble(state: CoupleState, record: CalendarRecord) -> CalendarTrouble | None:
    """What is wrong with a calendar, None where nothing is, or it may be well in a moment."""
    if record.error is None or record.failing_since is None or not record.warned:
        return None
    return CalendarTrouble(
        id=record.id,
        error=record.error,
        failing_since=record.failing_since,
        next_poll=record.next_at,
        partner=state.settings.names[record.partner],
    )
