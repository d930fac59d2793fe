"""Action links, ``/a/{token}``: a GET shows what will happen and asks, a POST does it, once.

Mail programs and messengers fetch every link they see, so nothing but a POST may act. What it does has an id derived
from the token: done again it changes nothing, and says so.
"""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from threedates.core.links import ActionLink, read_action_token
from threedates.core.refusal import Refusal
from threedates.core.state import CoupleState
from threedates.edge.context import COUPLE
from threedates.gateway.acting import Done, act
from threedates.gateway.actionview import Ask, Closed, Unfit, ask, command, done, event_id_of
from threedates.gateway.deps import Deps
from threedates.gateway.forms import Form, is_ours, read_form
from threedates.gateway.html import html, message, patiently
from threedates.gateway.rates import Rates
from threedates.gateway.when import CHOICES

_FORGED = ("Nothing here", "This link is not complete. Please open it from the message once more.")
_EXPIRED = ("This link has run out", "It was good for a while only. The next message brings a new one.")
_LEFT = ("Nothing here any more", "You have left, and everything about you was erased.")
_FOREIGN = ("Not from here", "This came from another site, so nothing was done. Open the link from the message again.")
_CHANGED = "The date has changed since this page was opened. This is how it stands now."
_ON_ITS_WAY = "Noted. It may take a moment until it shows."


def router(deps_of: Callable[[], Deps]) -> APIRouter:
    """The two routes."""
    actions = _Actions(deps_of)
    made = APIRouter()
    made.add_route("/a/{token}", patiently(actions.show), ["GET"], "action", include_in_schema=False)
    made.add_route("/a/{token}", patiently(actions.do), ["POST"], "act", include_in_schema=False)
    return made


class _Actions:
    def __init__(self, deps_of: Callable[[], Deps]) -> None:
        self._deps_of = deps_of
        self._rates = Rates()

    async def show(self, request: Request) -> Response:
        """What will happen, to be confirmed. Changes nothing."""
        found = await self._open(request)
        if isinstance(found, Response):
            return found
        link, state, deps = found
        if event_id_of(request.path_params["token"]) in state.seen:
            return _closed(request, done(link, state, deps.clock()), 200)
        asked = ask(link, state, deps.clock())
        return _closed(request, asked, 200) if isinstance(asked, Closed) else _page(request, link, asked)

    async def do(self, request: Request) -> Response:
        """Do it, unless it was done before."""
        deps = self._deps_of()
        if not is_ours(request.headers, deps.settings.base_url):
            return message(request, *_FOREIGN, 403)
        form = await read_form(request)
        found = await self._open(request)
        if isinstance(found, Response):
            return found
        link, state, deps = found
        event_id = event_id_of(request.path_params["token"])
        if event_id in state.seen:
            return _closed(request, done(link, state, deps.clock()), 200)
        asked = ask(link, state, deps.clock())
        if isinstance(asked, Closed):
            return _closed(request, asked, 409)
        if _has_changed(link, asked, form):
            return _page(request, link, asked, 409, {"": _CHANGED})
        outcome = await _act(deps, link, state, event_id, form)
        if isinstance(outcome, Unfit | Refusal):
            return _page(request, link, asked, 422, _problem(outcome), form)
        if outcome == "on its way":
            return _closed(request, Closed("Noted", _ON_ITS_WAY), 202)
        state = await deps.couples.load(link.couple_id) or state
        return _closed(request, done(link, state, deps.clock()), 200)

    async def _open(self, request: Request) -> tuple[ActionLink, CoupleState, Deps] | Response:
        """What the token opens, or the page that says why nothing. Raises Unavailable, TooOftenError."""
        deps = self._deps_of()
        link = read_action_token(deps.settings.link_key, request.path_params["token"])
        if link is None:
            return message(request, *_FORGED, 404)
        if link.expires <= deps.clock():
            return message(request, *_EXPIRED, 410)
        self._rates.count(link)
        state = await deps.couples.load(link.couple_id)
        if state is None or state.left:
            return message(request, *_LEFT, 410)
        COUPLE.set(link.couple_id)
        return link, state, deps


def _has_changed(link: ActionLink, asked: Ask, form: Form) -> bool:
    """Whether somebody answers to a time that is no longer the date's. Whoever posts without the page knows it."""
    return link.action in ("accept", "decline") and form.get("sequence") not in ("", str(asked.sequence))


async def _act(deps: Deps, link: ActionLink, state: CoupleState, event_id: str, form: Form) -> Done | Unfit | Refusal:
    wanted = command(link, state, event_id, form, deps.clock())
    if isinstance(wanted, Unfit):
        return wanted
    return await act(deps, state, "command", event_id, wanted.model_dump_json(exclude_none=True).encode())


def _problem(outcome: Unfit | Refusal) -> dict[str, str]:
    """What was wrong, by the field it stands beside; by none of them ("") above the form."""
    if isinstance(outcome, Unfit):
        return {outcome.field: outcome.text}
    return {outcome.field if outcome.field in ("start", "until") else "": outcome.detail}


def _page(
    request: Request,
    link: ActionLink,
    asked: Ask,
    status: int = 200,
    problems: dict[str, str] | None = None,
    form: Form | None = None,
) -> Response:
    return html(
        request,
        "action.html",
        status,
        action=link.action,
        asked=asked,
        choices=CHOICES,
        problems=problems or {},
        typed=form or Form({}),
        token=request.path_params["token"],
    )


def _closed(request: Request, closed: Closed, status: int) -> Response:
    return html(request, "message.html", status, title=closed.title, text=closed.text, when=closed.when)
