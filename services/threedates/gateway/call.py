"""One call under ``/v1``: whose API key it came with, what is asked about, and its body. Everything it may not see
does not exist for it: what belongs to another key answers 404, like what never was.
"""

import hmac
import json
import secrets
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from threedates.core.refusal import invalid
from threedates.core.state import CoupleState
from threedates.edge.context import COUPLE
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.gateway.deps import Deps
from threedates.gateway.gate import KEY_ID
from threedates.gateway.problems import Problem
from threedates.schemas.base import CoupleId, Model
from threedates.schemas.inbound import unwrap

_COUPLE_ID: TypeAdapter[str] = TypeAdapter(CoupleId)
Body = TypeVar("Body", bound=Model)


class Call:
    """What a route works with."""

    def __init__(self, request: Request, deps: Deps) -> None:
        self._request = request
        self.deps = deps
        self.now = deps.clock()
        self.key_id: str = request.scope[KEY_ID]

    async def couple(self, couple_id: str, *, or_left: bool = False) -> CoupleState:
        """The couple of that id, if it is this key's. Raises Problem (404) and Unavailable."""
        state = await self.deps.couples.load(couple_id) if _is_couple_id(couple_id) else None
        if state is None or state.key_id != self.key_id or (state.left and not or_left):
            raise Problem("unknown_couple", f"There is no couple with the id {couple_id[:64]!r}.")
        COUPLE.set(couple_id)
        return state

    async def endpoint(self, endpoint_id: str) -> KeptEndpoint:
        """The endpoint of that id, if it is this key's or one of its couples'. Raises Problem (404) and Unavailable."""
        unknown = Problem("unknown_endpoint", f"There is no endpoint with the id {endpoint_id[:128]!r}.")
        found = await Endpoints(self.deps.wire).get(endpoint_id)
        if found is None:
            raise unknown
        if found.owner != key_owner(self.key_id):
            try:
                await self.couple(found.owner)
            except Problem:
                raise unknown from None
        return found

    async def raw(self) -> bytes:
        """The body as it came. Raises Problem (413)."""
        return await self._request.body()

    async def data(self) -> dict[str, Any]:
        """The body's JSON object; an empty body is an empty one. Raises Problem (400, 413)."""
        body = await self.raw()
        try:
            return unwrap(body) if body.strip() else {}
        except ValueError as error:
            raise Problem("malformed", str(error)) from error

    async def body(self, model: type[Body]) -> Body:
        """The body as a model. Raises Problem (400, 413, 422), which names the field."""
        data = await self.data()
        try:
            return model.model_validate_json(encoded(data))
        except ValidationError as error:
            raise Problem.of(invalid(error, data).refusal) from error

    @property
    def idempotency_key(self) -> str | None:
        """The request's Idempotency-Key, if it has one."""
        return self._request.headers.get("idempotency-key") or None

    def new_id(self) -> str:
        """The id of what this call reports: always the same for an Idempotency-Key on one path, else a fresh one."""
        key = self.idempotency_key
        if key is None:
            return f"h-{secrets.token_hex(12)}"
        return f"k-{self.derived(self._request.method, self._request.url.path, key).hex()}"

    def derived(self, *parts: str) -> bytes:
        """16 bytes that the server's key, this API key and the parts determine, and that tell none of them."""
        content = json.dumps(["idempotency", self.key_id, *parts]).encode()
        return hmac.digest(self.deps.settings.link_key, content, "sha256")[:16]


def encoded(data: dict[str, Any]) -> bytes:
    """The object as JSON again. Raises Problem (400) for what JSON does not have."""
    try:
        return json.dumps(data, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Problem("malformed", "The body holds numbers or a nesting that JSON does not have.") from error


def _is_couple_id(text: str) -> bool:
    """Whether it may stand in a subject at all: a wildcard must not."""
    try:
        _COUPLE_ID.validate_python(text)
    except ValidationError:
        return False
    return True


async def _call(request: Request) -> Call:
    deps: Deps = request.app.state.deps_of()
    return Call(request, deps)


Caller = Annotated[Call, Depends(_call)]
"""A route's parameter: the call. Raises Unavailable while the broker is away."""
