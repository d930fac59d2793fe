"""Slack's incoming webhooks: a header, the message, the links that answer it, and a fallback for notifications.

Limits: a header has 150 characters, a section 3,000; one message a second. ``&``, ``<`` and ``>`` are escaped, so that
no name or idea mentions anybody. Links instead of buttons, which would need an app that answers interactions.
"""

import json
from typing import Any

from threedates.core.formats.shape import Format, Rendered, cut, fitting, links, read, utf16

MAX_HEADER, MAX_SECTION = 150, 3_000


def _render(body: str, _message_id: str) -> Rendered:
    webhook = read(body)
    title, message = webhook.data.title, webhook.data.message
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(title, MAX_HEADER, utf16)}}
    ]
    if message:
        blocks.append(_section(_escaped(_cut(message))))
    answers = fitting([f"<{url}|{label}>" for label, url in links(webhook)], "  ·  ", MAX_SECTION, utf16)
    if answers:
        blocks.append(_section(answers))
    fallback = _escaped(_cut(f"{title}: {message}"))
    return Rendered(json.dumps({"text": fallback, "blocks": blocks}, ensure_ascii=False).encode())


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _cut(text: str) -> str:
    """As much as fits once it is escaped, so that no escape is torn."""
    return cut(text, MAX_SECTION, lambda part: utf16(_escaped(part)))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FORMAT = Format("slack", _render, per_minute=60)
