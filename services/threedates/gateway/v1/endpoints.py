"""Webhook endpoints: of one couple, or of all couples of an API key. Their secrets are shown once, when made."""

from typing import Any

from fastapi import APIRouter

from threedates.core.state import CoupleState
from threedates.edge.endpoints import Endpoints, KeptEndpoint, TooManyEndpointsError, key_owner
from threedates.edge.errors import Conflict
from threedates.gateway.call import Call, Caller
from threedates.gateway.openapi import takes
from threedates.gateway.problems import Problem
from threedates.gateway.v1.endpoint_checks import check_format, check_headers, check_partners, check_secret, check_url
from threedates.schemas.http.endpoints import (
    EndpointBody,
    EndpointList,
    EndpointMade,
    EndpointPatch,
    EndpointRotated,
    EndpointView,
    RotateBody,
)

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
    """Change an endpoint; what is left out stays. ``disabled: false`` enables one, and its failures are forgotten."""
    endpoint = await call.endpoint(endpoint_id)
    patch = await call.body(EndpointPatch)
    changes: dict[str, Any] = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "url" in changes:
        check_url(call.deps.settings, patch.url)
    check_partners(patch.partners, await _couple_of(call, endpoint))
    check_format(patch.format)
    check_headers(patch.headers)
    if "headers" in changes:
        changes["headers"] = _lower(patch.headers)
    if changes.keys() & {"url", "format"}:
        changes |= {"granted_at": None, "granted_per_minute": None}
    if "disabled" in changes:
        changes["disabled"] = "by_hand" if patch.disabled else None
        if not patch.disabled:
            changes |= {"failing_since": None, "warned": 0, "warned_at": None}
    changed = await Endpoints(call.deps.wire).change(endpoint_id, lambda old: old.model_copy(update=changes))
    if changed is None:
        raise Problem("unknown_endpoint", "The endpoint has just been deleted.")
    return EndpointView(**_values(call, changed))


@router.delete("/endpoints/{endpoint_id}", status_code=204)
async def delete_endpoint(endpoint_id: str, call: Caller) -> None:
    """Delete an endpoint. What was still on its way to it is dropped."""
    await call.endpoint(endpoint_id)
    await Endpoints(call.deps.wire).delete(endpoint_id)


@router.post("/endpoints/{endpoint_id}/rotate-secret", openapi_extra=takes(RotateBody))
async def rotate_secret(endpoint_id: str, call: Caller) -> EndpointRotated:
    """Give an endpoint a new secret. For 24 hours webhooks carry two signatures, the new one's and the old one's.

    Rotated again within that time, the secret before the last one ends at once.
    """
    await call.endpoint(endpoint_id)
    body = await call.body(RotateBody)
    check_secret(body.secret)
    rotated = await Endpoints(call.deps.wire).rotate(endpoint_id, call.now, body.secret)
    if rotated is None or rotated.previous_until is None:
        raise Problem("unknown_endpoint", "The endpoint has just been deleted.")
    return EndpointRotated(**_values(call, rotated), secret=rotated.secret, previous_until=rotated.previous_until)


async def _create(call: Call, owner: str, couple: CoupleState | None) -> EndpointMade:
    body = await call.body(EndpointBody)
    check_url(call.deps.settings, body.url)
    check_partners(body.partners, couple)
    check_secret(body.secret)
    check_format(body.format)
    check_headers(body.headers)
    try:
        made = await Endpoints(call.deps.wire).create(
            owner,
            body.url,
            call.now,
            body.secret,
            rest=_rest(call, owner),
            types=body.types,
            kinds=body.kinds,
            partners=body.partners,
            format=body.format,
            headers=_lower(body.headers),
            per_minute=body.per_minute,
        )
    except TooManyEndpointsError as error:
        raise Problem("too_many_endpoints", str(error)) from error
    except Conflict as error:
        detail = "The endpoint that was made with this Idempotency-Key was deleted; use another key."
        raise Problem("endpoint_deleted", detail) from error
    return EndpointMade(**_values(call, made), secret=made.secret)


def _rest(call: Call, owner: str) -> str | None:
    """What a new endpoint's id ends in: always the same for an Idempotency-Key, else left to chance."""
    key = call.idempotency_key
    return None if key is None else call.derived("endpoint", owner, key)[:8].hex()


async def _list(call: Call, owner: str) -> EndpointList:
    found = await Endpoints(call.deps.wire).of_owner(owner)
    return EndpointList(items=tuple(EndpointView(**_values(call, endpoint)) for endpoint in found))


async def _couple_of(call: Call, endpoint: KeptEndpoint) -> CoupleState | None:
    return None if endpoint.owner == key_owner(call.key_id) else await call.couple(endpoint.owner)


def _values(call: Call, endpoint: KeptEndpoint) -> dict[str, Any]:
    """An endpoint's fields as the views show them."""
    couple_id = None if endpoint.owner == key_owner(call.key_id) else endpoint.owner
    fields = {name: value for name, value in endpoint if name in EndpointView.model_fields}
    return {**fields, "couple_id": couple_id, "headers": tuple(sorted(endpoint.headers))}


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
