"""Webhook endpoints: of one couple, or of all couples of an API key. Their secrets are shown once, when made."""

import secrets as random
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from threedates.core.state import CoupleState
from threedates.core.webhook import body_of
from threedates.edge.attempts import recent_attempts
from threedates.edge.endpoints import Endpoints, KeptEndpoint, TooManyEndpointsError, key_owner
from threedates.gateway.call import Call, Caller
from threedates.gateway.openapi import takes
from threedates.gateway.problems import Problem
from threedates.gateway.sending import accepted
from threedates.gateway.v1.endpoint_checks import check_partners, check_secret, check_url
from threedates.schemas.http import (
    Accepted,
    AttemptList,
    EndpointBody,
    EndpointList,
    EndpointMade,
    EndpointPatch,
    EndpointView,
)
from threedates.schemas.log import encode
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import Delivery, Webhook, WebhookData

router = APIRouter(tags=["endpoints"])


@router.post("/endpoints", status_code=201, openapi_extra=takes(EndpointBody))
async def create_endpoint(call: Caller) -> EndpointMade:
    """Make an endpoint that hears all couples of this API key."""
    return await _create(call, key_owner(call.key_id), None)


@router.get("/endpoints")
async def list_endpoints(call: Caller) -> EndpointList:
    """List the endpoints that hear all couples of this API key."""
    return await _list(call, key_owner(call.key_id))


@router.post("/couples/{couple_id}/endpoints", status_code=201, openapi_extra=takes(EndpointBody))
async def create_couple_endpoint(couple_id: str, call: Caller) -> EndpointMade:
    """Make an endpoint that hears this couple alone."""
    return await _create(call, couple_id, await call.couple(couple_id))


@router.get("/couples/{couple_id}/endpoints")
async def list_couple_endpoints(couple_id: str, call: Caller) -> EndpointList:
    """List the endpoints that hear this couple alone."""
    await call.couple(couple_id)
    return await _list(call, couple_id)


@router.get("/endpoints/{endpoint_id}")
async def get_endpoint(endpoint_id: str, call: Caller) -> EndpointView:
    """One endpoint."""
    return EndpointView(**_values(call, await call.endpoint(endpoint_id)))


@router.patch("/endpoints/{endpoint_id}", openapi_extra=takes(EndpointPatch))
async def change_endpoint(endpoint_id: str, call: Caller) -> EndpointView:
    """Change an endpoint; what is left out stays. Enabling one that answered 410 is up to you."""
    endpoint = await call.endpoint(endpoint_id)
    patch = await call.body(EndpointPatch)
    changes: dict[str, Any] = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "url" in changes:
        check_url(call.deps.settings, patch.url)
    check_partners(patch.partners, await _couple_of(call, endpoint))
    if "disabled" in changes:
        changes["disabled"] = "by_hand" if patch.disabled else None
    changed = await Endpoints(call.deps.wire).change(endpoint_id, lambda old: old.model_copy(update=changes))
    if changed is None:
        raise Problem("unknown_endpoint", "The endpoint has just been deleted.")
    return EndpointView(**_values(call, changed))


@router.delete("/endpoints/{endpoint_id}", status_code=204)
async def delete_endpoint(endpoint_id: str, call: Caller) -> None:
    """Delete an endpoint. What was still on its way to it is dropped."""
    await call.endpoint(endpoint_id)
    await Endpoints(call.deps.wire).delete(endpoint_id)


@router.post("/endpoints/{endpoint_id}/test", status_code=202, response_model=Accepted)
async def test_endpoint(endpoint_id: str, call: Caller) -> Response:
    """Send an ``endpoint.test`` webhook; the answer's id is its ``webhook-id``. The attempts tell what became of it."""
    endpoint = await call.endpoint(endpoint_id)
    couple_id = None if endpoint.owner == key_owner(call.key_id) else endpoint.owner
    message_id = f"{endpoint.owner}-test-{random.token_hex(6)}"
    data = WebhookData(
        event_id=message_id,
        couple_id=couple_id,
        title="A test",
        message="This is what a webhook looks like. Somebody asked for it by hand; nothing has happened.",
    )
    task = Delivery(
        message_id=message_id,
        endpoint_id=endpoint.id,
        couple_id=couple_id or NOBODY,
        type="endpoint.test",
        body=body_of(Webhook(type="endpoint.test", timestamp=call.now, data=data)),
        first_at=call.now,
    )
    wire = call.deps.wire
    await wire.publish(wire.names.deliver(task.couple_id, endpoint.id), encode(task))
    return accepted(message_id)


@router.get("/endpoints/{endpoint_id}/attempts")
async def list_attempts(endpoint_id: str, call: Caller, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> AttemptList:
    """List delivery attempts, the newest first."""
    endpoint = await call.endpoint(endpoint_id)
    return AttemptList(items=tuple(await recent_attempts(call.deps.wire, endpoint.id, limit)))


async def _create(call: Call, owner: str, couple: CoupleState | None) -> EndpointMade:
    body = await call.body(EndpointBody)
    check_url(call.deps.settings, body.url)
    check_partners(body.partners, couple)
    check_secret(body.secret)
    try:
        made = await Endpoints(call.deps.wire).create(
            owner,
            body.url,
            call.now,
            types=body.types,
            kinds=body.kinds,
            partners=body.partners,
            secret=body.secret,
        )
    except TooManyEndpointsError as error:
        raise Problem("too_many_endpoints", str(error)) from error
    return EndpointMade(**_values(call, made), secret=made.secret)


async def _list(call: Call, owner: str) -> EndpointList:
    found = await Endpoints(call.deps.wire).of_owner(owner)
    return EndpointList(items=tuple(EndpointView(**_values(call, endpoint)) for endpoint in found))


async def _couple_of(call: Call, endpoint: KeptEndpoint) -> CoupleState | None:
    return None if endpoint.owner == key_owner(call.key_id) else await call.couple(endpoint.owner)


def _values(call: Call, endpoint: KeptEndpoint) -> dict[str, Any]:
    """An endpoint's fields as the views show them."""
    couple_id = None if endpoint.owner == key_owner(call.key_id) else endpoint.owner
    return {"couple_id": couple_id, **{name: value for name, value in endpoint if name in EndpointView.model_fields}}
