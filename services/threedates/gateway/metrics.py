"""``/metrics`` of the gateway: this process's metrics, and what the broker tells of consumers and streams.

The gateway faces the world, so a key is asked for: ``THREEDATES_METRICS_KEY``, or any of those for ``/v1`` where that
is not set, but such as are for one couple. Whoever has a network of their own for it sets ``THREEDATES_METRICS``
instead, which asks for none.
"""

import hmac
from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from threedates.edge.apikeys import digest
from threedates.edge.clock import system_clock
from threedates.edge.errors import EdgeError
from threedates.edge.exposition import CONTENT_TYPE, exposition
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire
from threedates.gateway.deps import Deps
from threedates.gateway.problems import CHALLENGE, Problem

_NO_KEY = "Send the key of THREEDATES_METRICS_KEY or, where that is not set, an API key, as Authorization: Bearer."


def router(settings: Settings, deps_of: Callable[[], Deps]) -> APIRouter:
    """The route."""
    made = APIRouter()
    own = settings.metrics_key.get_secret_value()
    digests = [digest(own)] if own else [key.digest for key in settings.keys if key.right != "couple"]

    @made.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        if not _is_known(request.headers.get("authorization", ""), digests):
            raise Problem("unauthorized", _NO_KEY, headers=CHALLENGE)
        # Ages are told by the broker's time stamps, so the time is the machine's, whatever clock routes are given.
        content = await exposition(_wire(deps_of), settings, system_clock(), tells_of_broker=True)
        return Response(content, headers={"content-type": CONTENT_TYPE})

    return made


def _is_known(authorization: str, digests: list[bytes]) -> bool:
    scheme, _, given = authorization.partition(" ")
    theirs = digest(given.strip())
    # Every key is compared, so that the time taken tells nothing of any.
    found = [hmac.compare_digest(theirs, known) for known in digests]
    return scheme.lower() == "bearer" and any(found)


def _wire(deps_of: Callable[[], Deps]) -> Wire | None:
    try:
        return deps_of().wire
    except EdgeError:
        return None
