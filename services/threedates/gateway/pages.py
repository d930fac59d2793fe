"""A partner's page, ``/c/{token}``, and the forms on it. Works without JavaScript; the token is the only credential.

Each form carries an id that was made with the page, so posting it twice does one thing. After a post the browser is
sent back to the page; what was refused is shown again as it was filled in, with the problem beside its field.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from threedates.core.links import feed_token, feed_url, read_page_token
from threedates.core.refusal import Refusal
from threedates.core.state import CoupleState
from threedates.core.wording import en
from threedates.edge.feedrecords import FeedRecord, FeedRecords
from threedates.edge.standing import endpoints_hearing
from threedates.gateway.acting import Done, act
from threedates.gateway.assets import style
from threedates.gateway.deps import Deps
from threedates.gateway.forms import Form, is_ours, read_form
from threedates.gateway.html import html, message, not_while_away, redirect
from threedates.gateway.pageforms import FORMS, ID, Asker, Filled, name_of, problems_of
from threedates.gateway.pageview import view_of
from threedates.gateway.webhookview import WebhookLine, webhook_lines
from threedates.gateway.when import CHOICES
from threedates.schemas.base import KINDS

_UNKNOWN = ("Nothing here", "There is no page under this address. Please check that it is complete.")
_NO_FORM = ("Nothing here", "There is no such form.")
_FOREIGN = ("Not from here", "This came from another site, so nothing was done. Please open your page and try again.")
NOTICES = {
    "check-in": "Thank you, that is noted.",
    "answer": "Done.",
    "book": "It is in your calendar.",
    "snooze": "It will be quiet until then.",
    "pause": "Everything is paused.",
    "resume": "Welcome back. It goes on from here.",
    "later": "Noted. It may take a moment until it shows.",
}
"""What the page says first, by what was done."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page's token opens."""

    token: str
    partner: int
    state: CoupleState
    deps: Deps


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """One feed's addresses: for programs that ask for one, and for those that open themselves."""

    title: str
    url: str
    webcal: str


def router(deps_of: Callable[[], Deps]) -> APIRouter:
    """The page, its forms, its style sheet."""
    pages = _Pages(deps_of)
    made = APIRouter()
    made.add_route("/c/{token}", not_while_away(pages.show), ["GET"], "page", include_in_schema=False)
    made.add_route("/c/{token}/{what}", not_while_away(pages.take), ["POST"], "form", include_in_schema=False)
    made.add_route("/c/{token}/{what}", _back, ["GET"], "back", include_in_schema=False)
    made.add_route("/static/page.css", style, ["GET"], "style", include_in_schema=False)
    return made


class _Pages:
    def __init__(self, deps_of: Callable[[], Deps]) -> None:
        self._deps_of = deps_of

    async def show(self, request: Request) -> Response:
        """The page."""
        opened = await self._open(request)
        if opened is None:
            return message(request, *_UNKNOWN, 404)
        return await _page(request, opened, notice=NOTICES.get(request.query_params.get("done", "")))

    async def take(self, request: Request) -> Response:
        """Take in one form, then send the browser back to the page."""
        what = request.path_params["what"]
        if not is_ours(request.headers, self._deps_of().settings.base_url):
            return message(request, *_FOREIGN, 403)
        form = await read_form(request)
        opened = await self._open(request)
        if opened is None or what not in FORMS:
            return message(request, *(_UNKNOWN if opened is None else _NO_FORM), 404)
        outcome = await _take(opened, what, form)
        if isinstance(outcome, dict):
            return await _page(request, opened, Filled(name_of(what, form), form, outcome), status=422)
        done = what if outcome == "done" else "later"
        return redirect(request, f"c/{opened.token}?done={done}")

    async def _open(self, request: Request) -> Opened | None:
        """What the token opens; None where it is forged or the couple left. Raises Unavailable."""
        deps = self._deps_of()
        token = request.path_params["token"]
        link = read_page_token(deps.settings.link_key, token)
        state = await deps.couples.load(link.couple_id) if link is not None else None
        if link is None or state is None or state.left:
            return None
        return Opened(token, link.partner, state, deps)


async def _back(request: Request) -> Response:
    """Whoever reloads a form that was refused comes back to the page."""
    return redirect(request, f"c/{request.path_params['token']}")


async def _take(opened: Opened, what: str, form: Form) -> Done | dict[str, str]:
    """Do what a form says, or what was wrong with it, by field. Raises Unavailable."""
    read = FORMS[what](Asker(opened.state, opened.partner, opened.deps.clock()), form)
    if isinstance(read, dict):
        return read
    event_id = form.get("id") if ID.fullmatch(form.get("id")) else new_id()
    outcome = await act(opened.deps, opened.state, read.what, event_id, read.body(event_id))
    return problems_of(outcome) if isinstance(outcome, Refusal) else outcome


async def _page(
    request: Request, opened: Opened, filled: Filled | None = None, notice: str | None = None, status: int = 200
) -> Response:
    now = opened.deps.clock()
    return html(
        request,
        "page.html",
        status,
        view=view_of(opened.state, opened.partner, now),
        webhooks=await _webhooks(opened, now),
        token=opened.token,
        feeds=await _feeds(opened),
        filled=filled or Filled(),
        choices=CHOICES,
        new_id=new_id,
        notice=notice,
    )


async def _webhooks(opened: Opened, now: datetime) -> tuple[WebhookLine, ...]:
    """Where the couple's nudges go, and whether they get there. Raises Unavailable."""
    found = await endpoints_hearing(opened.deps.wire, opened.state)
    return webhook_lines(found, opened.state.couple_id, opened.state.settings.partners[opened.partner].tz, now)


async def _feeds(opened: Opened) -> list[FeedLinks]:
    """The couple's feeds, and this partner's own; those that hold. Raises Unavailable."""
    settings = opened.deps.settings
    found: list[FeedLinks] = []
    for record in await FeedRecords(opened.deps.wire).of_couple(opened.state.couple_id):
        if record.revoked_at is not None or record.partner not in (None, opened.partner):
            continue
        url = feed_url(settings.base_url, feed_token(settings.link_key, record.id, record.generation))
        found.append(FeedLinks(_feed_title(record), url, f"webcal://{url.partition('://')[2]}"))
    return found


def _feed_title(record: FeedRecord) -> str:
    """Whose feed it is, and what it leaves out."""
    title = "For both of you" if record.scope == "couple" else "For you alone"
    notes = [f"{en.KIND_NAMES[kind]}s" for kind in record.kinds] if record.kinds != KINDS else []
    notes += ["times only"] if record.detail == "busy" else []
    notes += ["with alarms"] if record.alarms else []
    return f"{title}: {', '.join(notes)}" if notes else title


def new_id() -> str:
    """An id for a form about to be shown: posting it twice does one thing."""
    return f"p-{secrets.token_hex(8)}"
