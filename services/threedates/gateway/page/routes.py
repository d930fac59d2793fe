"""A partner's page, ``/c/{token}``, its sections, and the forms on them. The token is the only credential.

Works without JavaScript. Each form carries an id that was made with the page, so posting it twice does one thing. After
a post the browser is sent back to the section it came from; what was refused is shown again as it was filled in.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from threedates.core.spoken import spoken
from threedates.edge.errors import Conflict, Unavailable
from threedates.gateway.assets import style
from threedates.gateway.deps import Deps
from threedates.gateway.forms import Form, is_ours, read_form
from threedates.gateway.html import RETRY_AFTER_SECONDS, Handler, html, message, patiently, redirect
from threedates.gateway.page.export import export
from threedates.gateway.page.filled import Filled
from threedates.gateway.page.opened import Opened, Opener, Replaced
from threedates.gateway.page.outcome import Ended, Moved, Outcome, Shown
from threedates.gateway.page.posts import NOTICES, POSTS
from threedates.gateway.page.sections import MENU, SECTIONS, Section
from threedates.gateway.page.sending import new_id

_UNKNOWN = ("Nothing here", "There is no page under this address. Please check that it is complete.")
_REPLACED = (
    "This page has moved",
    "It was given another address, and this one has ended. Whoever asked for that has the new one.",
)
_NO_FORM = ("Nothing here", "There is no such form.")
_FOREIGN = ("Not from here", "This came from another site, so nothing was done. Please open your page and try again.")
_WHOLE_LOG = ("year", "export")
_DEAR = 10
"""What reads a whole log counts as so many requests."""
_NOT_NOW = "This could not be noted just now. What you filled in is still here: please try again in half a minute."


def router(deps_of: Callable[[], Deps]) -> APIRouter:
    """The page, its sections and forms, its style sheet."""
    pages = _Pages(deps_of)
    made = APIRouter()
    show, take = _guarded(pages.show), _guarded(pages.take)
    made.add_route("/c/{token}", show, ["GET"], "page", include_in_schema=False)
    made.add_route("/c/{token}/{what}", show, ["GET"], "section", include_in_schema=False)
    made.add_route("/c/{token}/{what}", take, ["POST"], "form", include_in_schema=False)
    made.add_route("/static/page.css", style, ["GET"], "style", include_in_schema=False)
    return made


def _guarded(handler: Handler) -> Handler:
    """The handler, with a page for those who come by an address that has ended, or while the broker is away."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except Replaced:
            return message(request, *_REPLACED, 410)

    return patiently(guarded)


class _Pages:
    def __init__(self, deps_of: Callable[[], Deps]) -> None:
        self._opener = Opener(deps_of)

    async def show(self, request: Request) -> Response:
        """A section."""
        what = request.path_params.get("what", "")
        opened = await self._opener.open(request.path_params["token"], _DEAR if what in _WHOLE_LOG else 1)
        if opened is None:
            return message(request, *_UNKNOWN, 404)
        if what == "export":
            return await export(opened)
        if what in SECTIONS:
            notice = NOTICES.get(request.query_params.get("done", ""))
            asked = replace(opened, query=request.query_params)
            return await _page(request, asked, SECTIONS[what], notice=notice)
        if what in POSTS:  # a form that was refused is loaded again
            return _to(request, opened.token, POSTS[what].section)
        return message(request, *_UNKNOWN, 404)

    async def take(self, request: Request) -> Response:
        """Take in one form, then send the browser back to where it came from."""
        what = request.path_params["what"]
        opened = await self._opener.open(request.path_params["token"])
        if opened is None or what not in POSTS:
            return message(request, *(_UNKNOWN if opened is None else _NO_FORM), 404)
        if not is_ours(request.headers, opened.settings.base_url):
            return message(request, *_FOREIGN, 403)
        form = await read_form(request)
        return await self._answer(request, opened, what, form)

    async def _answer(self, request: Request, opened: Opened, what: str, form: Form) -> Response:
        post = POSTS[what]
        # The first section's name is empty, so that it is asked whether the form names one at all.
        back = form.get("back") if "back" in form.fields else post.section
        section = SECTIONS.get(back, SECTIONS[post.section])
        try:
            outcome: Outcome = await post.take(opened, form)
        except (Unavailable, Conflict):
            filled = Filled(post.name(what, form), form, {"": _NOT_NOW})
            return await _page(request, opened, section, filled, status=503)
        match outcome:
            case str():
                return _to(request, opened.token, section.name, outcome)
            case Moved():
                return _to(request, outcome.token, section.name, outcome.notice)
            case Ended():
                return message(request, outcome.title, outcome.text)
            case Shown():
                return await _page(request, opened, section, shown=outcome)
            case _:
                filled = Filled(post.name(what, form), form, outcome)
                return await _page(request, opened, section, filled, status=422)


def _to(request: Request, token: str, section: str, done: str = "") -> Response:
    path = f"c/{token}/{section}".rstrip("/")
    return redirect(request, f"{path}?done={done}" if done else path)


async def _page(
    request: Request,
    opened: Opened,
    section: Section,
    filled: Filled | None = None,
    *,
    notice: str | None = None,
    shown: Shown | None = None,
    status: int = 200,
) -> Response:
    template, context = section.template, dict[str, Any]()
    try:
        context = await section.context(opened)
    except (Unavailable, Conflict):
        template, status = "page/away.html", 503
    return html(
        request,
        template,
        status,
        {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else None,
        section=section,
        menu=MENU,
        me=opened.name,
        other=opened.state.other(opened.name),
        zone=opened.tz,
        token=opened.token,
        filled=filled or Filled(),
        shown=shown or Shown(""),
        new_id=new_id,
        notice=notice,
        as_of=spoken(opened.as_of.replace(second=0), opened.tz, opened.now) if opened.as_of is not None else None,
        **context,
    )
