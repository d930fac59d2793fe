"""The calendar section: the feeds a partner may see, with every way to subscribe, and how their addresses are ended.

A partner sees the couple's feeds and their own; the other's carry links to answer by in the other's name. Whoever has
an address can read the feed, so it can be replaced or ended here at once.
"""

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

import segno

from threedates.core.links import feed_token, feed_url
from threedates.core.spoken import spoken
from threedates.core.wording import en
from threedates.edge.feedfetches import FeedFetches
from threedates.edge.feedrecords import FeedRecord, FeedRecords, TooManyFeedsError
from threedates.gateway.forms import Form
from threedates.gateway.page.forms import ID
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Outcome, sentence
from threedates.gateway.page.owncalendars import own_calendars
from threedates.schemas.base import KINDS
from threedates.schemas.http.feeds import FeedFetch

_GONE = "This calendar was ended meanwhile."


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """One feed's addresses: for programs that ask for one, and for those that open themselves.

    ``qr`` is the ``webcal:`` address as inline SVG, for a telephone's camera.
    """

    id: str
    title: str
    url: str
    webcal: str
    google: str
    outlook: str
    office: str
    qr: str
    read: str


async def calendars(opened: Opened) -> dict[str, Any]:
    """What the section shows. Raises Unavailable."""
    wire = opened.tools().wire
    records = await FeedRecords(wire).of_couple(opened.state.couple_id)
    fetches = await FeedFetches(wire).of_couple(opened.state.couple_id)
    shown = [_links(opened, record, fetches.get(record.id)) for record in records if _is_open_to(opened, record)]
    return {
        "feeds": shown,
        "is_private": _is_private(opened.settings.base_url),
        "kind_names": _kind_names(),
        "own": await own_calendars(opened),
    }


async def rotate(opened: Opened, form: Form) -> Outcome:
    """Another address for a feed; the one before ends. Raises Unavailable, Conflict."""
    record = await _mine(opened, form.get("feed"))
    if record is None:
        return {"": _GONE}
    await FeedRecords(opened.tools().wire).rotate(record.id)
    return "rotated"


async def revoke(opened: Opened, form: Form) -> Outcome:
    """The end of a feed. Raises Unavailable, Conflict."""
    record = await _mine(opened, form.get("feed"))
    if record is not None:
        await FeedRecords(opened.tools().wire).revoke(record.id, opened.now)
    return "revoked"


async def add(opened: Opened, form: Form) -> Outcome:
    """A further feed. Sent twice with one id it is made once. Raises Unavailable."""
    kinds = tuple(kind for kind in KINDS if kind in form.all("kinds"))
    if not kinds:
        return {"kinds": "Choose one kind at least."}
    is_mine = form.get("scope") == "partner"
    drawn = form.get("id") if ID.fullmatch(form.get("id")) else f"{opened.now.timestamp()}"
    record = FeedRecord(
        id=f"{opened.state.couple_id}_{hashlib.sha256(f'{opened.partner} {drawn}'.encode()).hexdigest()[:12]}",
        couple_id=opened.state.couple_id,
        scope="partner" if is_mine else "couple",
        partner=opened.partner if is_mine else None,
        kinds=kinds,
        detail="busy" if form.get("detail") == "busy" else "full",
        alarms=bool(form.get("alarms")),
        created_at=opened.now,
    )
    try:
        await FeedRecords(opened.tools().wire).create(record)
    except TooManyFeedsError as error:
        return {"": sentence(str(error))}
    return "added"


async def _mine(opened: Opened, feed_id: str) -> FeedRecord | None:
    """The feed of that id, where this partner may see it."""
    records = await FeedRecords(opened.tools().wire).of_couple(opened.state.couple_id)
    return next((one for one in records if one.id == feed_id and _is_open_to(opened, one)), None)


def _is_open_to(opened: Opened, record: FeedRecord) -> bool:
    return record.revoked_at is None and record.partner in (None, opened.partner)


def _links(opened: Opened, record: FeedRecord, fetch: FeedFetch | None) -> FeedLinks:
    settings = opened.settings
    url = feed_url(settings.base_url, feed_token(settings.link_key, record.id, record.generation))
    webcal = f"webcal://{url.partition('://')[2]}"
    title = feed_title(record)
    name = quote(f"{opened.state.settings.names[0]} & {opened.state.settings.names[1]}", safe="")
    added = f"calendar/0/addfromweb?url={quote(url, safe='')}&name={name}"
    return FeedLinks(
        id=record.id,
        title=title,
        url=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/{added}",
        office=f"https://outlook.office.com/{added}",
        qr=segno.make_qr(webcal, error="m").svg_inline(
            scale=1, border=3, omitsize=True, svgclass="qr", lineclass="", title=f"QR code, {title}"
        ),
        read=_read(opened, fetch),
    )


def _read(opened: Opened, fetch: FeedFetch | None) -> str:
    if fetch is None:
        return "Not read by any program so far"
    who = f" by {fetch.user_agent}" if fetch.user_agent else ""
    return f"Last read {spoken(fetch.at, opened.tz, opened.now)}{who}"


def feed_title(record: FeedRecord) -> str:
    """Whose feed it is, and what it leaves out."""
    title = "For both of you" if record.scope == "couple" else "For you alone"
    notes = [f"{en.KIND_NAMES[kind]}s" for kind in record.kinds] if record.kinds != KINDS else []
    notes += ["times only"] if record.detail == "busy" else []
    notes += ["with alarms"] if record.alarms else []
    return f"{title}: {', '.join(notes)}" if notes else title


def _kind_names() -> dict[str, str]:
    return {kind: f"{en.KIND_NAMES[kind]}s" for kind in KINDS}


def _is_private(base_url: str) -> bool:
    """Whether no service in the internet can fetch from there, as far as the address tells."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa"))
