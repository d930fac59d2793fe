"""The pages' style sheet, from the package, served from the same origin: the policy of the pages allows no other."""

import hashlib
from dataclasses import dataclass
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

_HEADERS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the package. ``version`` stands in its address, so that a new one is another address."""

    content: bytes
    version: str


def _load(name: str) -> Asset:
    content = resources.files("threedates.gateway").joinpath("static", name).read_bytes()
    return Asset(content, hashlib.sha256(content).hexdigest()[:12])


STYLE = _load("page.css")


async def style(request: Request) -> Response:
    """``GET /static/page.css``."""
    if request.headers.get("if-none-match") == f'"{STYLE.version}"':
        return Response(status_code=304, headers={**_HEADERS, "ETag": f'"{STYLE.version}"'})
    return Response(STYLE.content, media_type="text/css", headers={**_HEADERS, "ETag": f'"{STYLE.version}"'})
