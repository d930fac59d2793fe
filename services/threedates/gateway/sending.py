"""Facts and answers on their way in: admitted at the door, sent through the inbox, waited for where that was asked.

What the core refuses is answered at once, naming the field; what was sent before, told by its id, is answered as
before and not sent again.
"""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from threedates.core.admission import Refusal, admit
from threedates.core.state import CoupleState
from threedates.edge.metrics import REFUSED
from threedates.edge.standing import full_status
from threedates.gateway.call import Call, encoded
from threedates.gateway.problems import Problem
from threedates.schemas.base import rfc3339
from threedates.schemas.http.common import Accepted, Looked
from threedates.schemas.inbound import What

Wait = Annotated[
    float,
    Query(ge=0, le=10, description="Seconds to wait, at most, until the couple has been looked at with this in mind."),
]


async def take(call: Call, state: CoupleState, what: What, data: dict[str, Any], wait: float) -> Response:
    """Take in one input of a couple. Answers 202 with its id; after a wait also the status, with 200 if it is in.

    ``data`` is the body's object; ``id``, and ``at`` where one belongs, are put in where they are missing. Raises
    Problem and Unavailable.
    """
    filled = with_id(call, data) if what == "calendar" else with_id_and_time(call, data)
    event_id = filled["id"]
    is_in = _is_known(state, what, event_id)
    if not is_in:
        body = encoded(filled)
        verdict = admit(what, state.couple_id, body, state, call.now)
        if isinstance(verdict, Refusal):
            REFUSED.labels("gateway", what, verdict.code).inc()
            raise Problem.of(verdict)
        if wait <= 0:
            await call.deps.inbox.send(what, state.couple_id, body)
        else:
            is_in = await call.deps.inbox.send_and_wait(what, state.couple_id, event_id, body, wait)
    if wait <= 0:
        return accepted(event_id)
    return await _looked(call, state.couple_id, event_id, 200 if is_in else 202)


def with_id(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    """The object with an id, where it had none."""
    return data if data.get("id") is not None else {**data, "id": call.new_id()}


def with_id_and_time(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    """The object with an id and the time it speaks of, where it had none."""
    filled = with_id(call, data)
    return filled if filled.get("at") is not None else {**filled, "at": rfc3339(call.now)}


def accepted(event_id: str) -> Response:
    """202 with the id."""
    return _json(Accepted(id=event_id), 202)


def _is_known(state: CoupleState, what: What, event_id: object) -> bool:
    """Whether what has that id is in the log. Raw iCalendar becomes facts with ids of their own, ``<id>:…``."""
    if not isinstance(event_id, str):
        return False
    return event_id in state.seen or (what == "calendar" and any(s.startswith(f"{event_id}:") for s in state.seen))


async def _looked(call: Call, couple_id: str, event_id: str, status: int) -> Response:
    state = await call.couple(couple_id)
    now = call.deps.clock()
    return _json(Looked(id=event_id, status=await full_status(call.deps.wire, state, now)), status)


def _json(model: Accepted, status: int) -> Response:
    return Response(model.model_dump_json(by_alias=True), status, media_type="application/json")
