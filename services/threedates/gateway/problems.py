"""Problem details (RFC 9457): every error of the HTTP API as one JSON object, with a code that programs can rely on.

``type`` points to the code's entry in the API reference. Nothing here repeats what the broker or a defect said.
"""

import logging
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from threedates.core.refusal import Refusal
from threedates.schemas.http.common import ProblemDetail

logger = logging.getLogger("threedates")
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "2"}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="threedates"'}

PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed": (400, "The body cannot be read"),
    "unauthorized": (401, "An API key is needed"),
    "forbidden": (403, "The API key may not do that"),
    "not_found": (404, "There is nothing here"),
    "unknown_couple": (404, "There is no such couple"),
    "unknown_date": (404, "There is no such date"),
    "unknown_calendar": (404, "There is no such calendar"),
    "unknown_endpoint": (404, "There is no such endpoint"),
    "unknown_feed": (404, "There is no such feed"),
    "unknown_message": (404, "There is no such message"),
    "method_not_allowed": (405, "The method is not allowed here"),
    "already_joined": (409, "The id is taken"),
    "couple_left": (409, "The couple has left"),
    "calendar_deleted": (409, "The calendar was deleted"),
    "endpoint_deleted": (409, "The endpoint was deleted"),
    "endpoint_disabled": (409, "The endpoint is disabled"),
    "date_closed": (409, "The date does not take that answer"),
    "feed_revoked": (409, "The feed was revoked"),
    "too_many_calendars": (409, "There are as many calendars as there may be"),
    "too_many_endpoints": (409, "There are as many endpoints as there may be"),
    "too_many_feeds": (409, "There are as many feeds as there may be"),
    "too_large": (413, "The body is too large"),
    "ends_before_start": (422, "It ends before it starts"),
    "in_the_future": (422, "It lies in the future"),
    "invalid": (422, "The input does not fit"),
    "no_answer": (422, "The mail answers no invite"),
    "out_of_range": (422, "It is too far away or too long"),
    "too_old": (422, "It lies too far back"),
    "unknown_partner": (422, "There is no such partner"),
    "wrong_sender": (422, "The answer is not its sender's own"),
    "internal": (500, "Something went wrong here"),
    "unavailable": (503, "Not available at the moment"),
}
"""Every code with its status and title."""
_CODE_OF_STATUS = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
UNAVAILABLE_DETAIL = "The service cannot reach its message broker at the moment; nothing was changed. Try again."
INTERNAL_DETAIL = "This is a defect of the service; it has been logged."


class Problem(HTTPException):
    """An answer that is a problem. ``field`` is the JSON path of what was wrong."""

    def __init__(self, code: str, detail: str, field: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(PROBLEMS[code][0], detail, headers)
        self.code = code
        self.field = field

    @classmethod
    def of(cls, refusal: Refusal) -> "Problem":
        """The problem that a refusal of the core's is."""
        return cls(refusal.code, refusal.detail, refusal.field)


def answer(base_url: str, problem: Problem) -> JSONResponse:
    """The response to a problem. ``base_url`` is where the API reference stands."""
    detail = ProblemDetail(
        type=f"{base_url}/docs#{problem.code}",
        title=PROBLEMS[problem.code][1],
        status=problem.status_code,
        detail=problem.detail,
        code=problem.code,
        field=problem.field,
    )
    content = detail.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, problem.status_code, problem.headers, MEDIA_TYPE)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Our own problems, and what the framework raises for paths and methods."""
    if isinstance(error, Problem):
        return answer(_base(request), error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    code = _CODE_OF_STATUS.get(status, "internal")
    detail = {
        "not_found": f"There is nothing at {request.method} on this path; the API reference is at /docs.",
        "method_not_allowed": f"{request.method} is not allowed on this path; see the Allow header.",
    }.get(code, PROBLEMS[code][1] + ".")
    return answer(_base(request), Problem(code, detail, headers=headers))


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """A parameter of path, query or header that does not fit."""
    first: Any = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": ""}
    field = ".".join(str(step) for step in first["loc"][1:]) or None
    message = str(first["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return answer(_base(request), Problem("invalid", f"{field or 'the input'} {message}", field))


async def on_trouble(request: Request, error: Exception) -> JSONResponse:
    """The broker is away, or others changed the same thing too often: both pass by themselves."""
    level = logging.DEBUG if request.url.path == "/readyz" else logging.WARNING
    logger.log(level, "answered 503: %s", error)
    return answer(_base(request), Problem("unavailable", UNAVAILABLE_DETAIL, headers=RETRY_AFTER))


async def on_defect(request: Request, error: Exception) -> JSONResponse:
    """Anything else. The error itself goes on to the log."""
    return answer(_base(request), Problem("internal", INTERNAL_DETAIL))


def _base(request: Request) -> str:
    base_url: str = request.app.state.base_url
    return base_url
