"""Links are capabilities: tokens signed with the server's key, so that none needs storing and each can be shown again.

A token names what it opens, in the clear, and proves it with 144 bits of HMAC-SHA-256 over purpose and content. Feed
and page tokens carry a generation, by which they are rotated and revoked; action tokens carry when they expire.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from threedates.schemas.base import KINDS, Kind
from threedates.schemas.webhook import Actions

Action = Literal["accept", "decline", "move", "held", "snooze", "skip"]
_MAC_BYTES = 18


@dataclass(frozen=True, slots=True)
class FeedLink:
    """What a feed token opens."""

    feed_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """What a page token opens: the page of one partner (0 or 1, in the order they joined)."""

    couple_id: str
    partner: int
    generation: int


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What an action token may do, once confirmed, until it expires (UTC)."""

    couple_id: str
    partner: int
    action: Action
    kind: Kind
    uid: str | None
    expires: datetime


def feed_token(key: bytes, feed_id: str, generation: int) -> str:
    """The token of a feed."""
    return _signed(key, "feed", f"{feed_id}.{generation}")


def read_feed_token(key: bytes, token: str) -> FeedLink | None:
    """What a feed token opens; None where it was not made with this key."""
    match _verified(key, "feed", token):
        case [feed_id, generation] if generation.isdecimal():
            return FeedLink(feed_id, int(generation))
        case _:
            return None


def page_token(key: bytes, couple_id: str, partner: int, generation: int = 1) -> str:
    """The token of a partner's page."""
    return _signed(key, "page", f"{couple_id}.{partner}.{generation}")


def read_page_token(key: bytes, token: str) -> PageLink | None:
    """What a page token opens; None where it was not made with this key."""
    match _verified(key, "page", token):
        case [couple_id, ("0" | "1") as partner, generation] if generation.isdecimal():
            return PageLink(couple_id, int(partner), int(generation))
        case _:
            return None


def action_token(key: bytes, link: ActionLink) -> str:
    """The token of an action link."""
    content = [link.couple_id, link.partner, link.action, link.kind, link.uid, int(link.expires.timestamp())]
    return _signed(key, "action", _encode(json.dumps(content, separators=(",", ":")).encode()))


def read_action_token(key: bytes, token: str) -> ActionLink | None:
    """What an action token may do, expired or not; None where it was not made with this key."""
    parts = _verified(key, "action", token)
    if parts is None or len(parts) != 1:
        return None
    couple_id, partner, action, kind, uid, expires = json.loads(_decode(parts[0]))
    if action not in get_args(Action) or kind not in KINDS:
        return None  # an action of another version
    return ActionLink(couple_id, partner, action, kind, uid, datetime.fromtimestamp(expires, UTC))


def action_links(
    key: bytes, base_url: str, couple_id: str, partner: int, kind: Kind, uid: str | None, expires: datetime
) -> Actions:
    """The links of a nudge about a kind, for its addressee; without a date there is none to accept, move or skip."""

    def url(action: Action) -> str:
        return action_url(key, base_url, ActionLink(couple_id, partner, action, kind, uid, expires))

    if uid is None:
        return Actions(held=url("held"), snooze=url("snooze"))
    return Actions(accept=url("accept"), move=url("move"), held=url("held"), snooze=url("snooze"), skip=url("skip"))


def action_url(key: bytes, base_url: str, link: ActionLink) -> str:
    """Where an action is asked about and done."""
    return f"{base_url}/a/{action_token(key, link)}"


def feed_url(base_url: str, token: str) -> str:
    """Where a feed is served."""
    return f"{base_url}/feeds/{token}.ics"


def page_url(base_url: str, token: str) -> str:
    """Where a partner's page is served."""
    return f"{base_url}/c/{token}"


def _signed(key: bytes, purpose: str, content: str) -> str:
    return f"{content}.{_mac(key, purpose, content)}"


def _verified(key: bytes, purpose: str, token: str) -> list[str] | None:
    content, _, given = token.rpartition(".")
    expected = _mac(key, purpose, content)
    return content.split(".") if hmac.compare_digest(expected.encode(), given.encode()) else None


def _mac(key: bytes, purpose: str, content: str) -> str:
    return _encode(hmac.digest(key, f"{purpose}\n{content}".encode(), "sha256")[:_MAC_BYTES])


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
