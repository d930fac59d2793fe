"""Pages for people: templates rendered with everything escaped, sent under headers that let nothing else in.

A page's address is a credential. It is stored by no cache, told to no other site, framed nowhere, and runs no script.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from threedates.edge.errors import Conflict, Unavailable
from threedates.gateway.assets import STYLE
from threedates.gateway.rates import TooOftenError

RETRY_AFTER_SECONDS = 30
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_TEMPLATES = Environment(
    loader=PackageLoader("threedates.gateway", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_AWAY = (
    "Back in a moment",
    "Nothing can be read or noted just now. Nothing is lost: please try again in half a minute.",
)
_TOO_OFTEN = ("A little slower, please", "This was asked for very often just now. It opens again in a moment.")
Handler = Callable[[Request], Awaitable[Response]]


def root_of(request: Request) -> str:
    """The way from a request's path up to the service's root, so that a proxy may put it in a folder of its own."""
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    return "../" * (path.count("/") - 1)


def html(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **context: Any
) -> Response:
    """A page that answers a request. Templates find the way to other addresses in ``root``."""
    text = _TEMPLATES.get_template(template).render(root=root_of(request), style=STYLE.version, **context)
    return HTMLResponse(text, status, {**HEADERS, **(headers or {})})


def message(
    request: Request, title: str, text: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A page that says one thing."""
    return html(request, "message.html", status, headers, title=title, text=text)


def patiently(handler: Handler) -> Handler:
    """The handler, with a page that asks for patience where the broker is away, or something is asked too often."""

    async def patient(request: Request) -> Response:
        try:
            return await handler(request)
        except (Unavailable, Conflict):
            return message(request, *_AWAY, 503, {"Retry-After": str(RETRY_AFTER_SECONDS)})
        except TooOftenError as error:
            return message(request, *_TOO_OFTEN, 429, {"Retry-After": str(max(1, round(error.seconds)))})

    return patient


def redirect(request: Request, path: str) -> Response:
    """303: what was posted is done, here is the page to look at; ``path`` counts from the service's root."""
    return Response(status_code=303, headers={**HEADERS, "Location": f"{root_of(request)}{path}"})
