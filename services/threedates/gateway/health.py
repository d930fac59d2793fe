"""Whether the gateway is alive, and ready; and what robots may read."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from threedates.gateway.deps import Deps

# Calendar services that fetch feeds heed it; nothing else here is for robots.
_ROBOTS = "User-agent: *\nAllow: /feeds/\nDisallow: /\n"


def router(deps_of: Callable[[], Deps]) -> APIRouter:
    """The routes."""
    made = APIRouter(tags=["health"])

    @made.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process is alive. Says nothing about the broker."""
        return {"status": "alive"}

    @made.get("/readyz")
    async def readyz() -> dict[str, str]:
        """Requests can be served: the broker is connected and the topology is there. Else 503."""
        deps_of()
        return {"status": "ready"}

    @made.get("/robots.txt", include_in_schema=False)
    async def robots() -> PlainTextResponse:
        return PlainTextResponse(_ROBOTS)

    return made
