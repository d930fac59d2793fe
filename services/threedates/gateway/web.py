"""The gateway's application: routes, problems, the gate before ``/v1`` and the shell around it all, put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.settings import Settings
from threedates.gateway import actions, health, metrics, openapi, problems, reference
from threedates.gateway.deps import Deps
from threedates.gateway.feeds import FeedApp
from threedates.gateway.gate import Gate
from threedates.gateway.page import routes as page
from threedates.gateway.shell import Shell, surrounding
from threedates.gateway.v1 import (
    calendars,
    couples,
    dates,
    endpoint_traffic,
    endpoints,
    inbound_mail,
    reports,
    silence,
    views,
)
from threedates.gateway.v1 import feeds as feed_records

Lifespan = Callable[[FastAPI], Any]
DESCRIPTION = (
    "Reminders and nudges that help a couple keep the three date rule: fun, business, emotional. "
    "Facts and answers are taken in with 202 and their id; ?wait=2 waits for what they lead to."
)


def build(settings: Settings, deps_of: Callable[[], Deps], lifespan: Lifespan | None = None) -> ASGIApp:
    """The whole application. ``deps_of`` raises Unavailable while the broker is away, which becomes a 503."""
    app = api(settings, deps_of, lifespan)
    surround = surrounding(is_https=settings.base_url.startswith("https://"))
    return Shell(app, FeedApp(deps_of, surround), surround)


def api(settings: Settings, deps_of: Callable[[], Deps], lifespan: Lifespan | None = None) -> FastAPI:
    """The FastAPI application: all but the feeds and the shell."""
    app = FastAPI(
        title="threedates",
        version=version("threedates"),
        description=DESCRIPTION,
        openapi_tags=openapi.TAGS,
        # Pages that fetch scripts from elsewhere would tell others who reads them; ours is made here.
        docs_url=None,
        redoc_url=None,
        # Its traces would tell whole paths, which are credentials here, and its logs what was refused.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=lifespan or _nothing,
        middleware=[Middleware(Gate, settings=settings)],
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={
            HTTPException: problems.on_http_error,
            RequestValidationError: problems.on_invalid,
            Unavailable: problems.on_trouble,
            Conflict: problems.on_trouble,
            Exception: problems.on_defect,
        },
    )
    app.state.base_url = settings.base_url
    app.state.deps_of = deps_of
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    app.include_router(health.router(deps_of))
    app.include_router(metrics.router(settings, deps_of))
    app.include_router(reference.router)
    app.include_router(page.router(deps_of))
    app.include_router(actions.router(deps_of))
    app.include_router(_v1())
    return app


def _v1() -> APIRouter:
    # The gate checks the key, before a body is read; this only documents it.
    scheme = HTTPBearer(scheme_name="bearer", description="An API key.", auto_error=False)
    v1 = APIRouter(prefix="/v1", dependencies=[Security(scheme)])
    for module in (
        couples,
        reports,
        dates,
        inbound_mail,
        silence,
        views,
        endpoints,
        endpoint_traffic,
        feed_records,
        calendars,
    ):
        v1.include_router(module.router)
    return v1


@asynccontextmanager
async def _nothing(_: FastAPI) -> AsyncIterator[None]:
    yield
