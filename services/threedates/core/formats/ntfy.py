"""ntfy, published to a topic's URL: the message as plain text, the rest in headers.

Limits: a message has 4,096 bytes (a longer one would become an attachment), and three actions. Headers are ASCII: the
title is an encoded word (RFC 2047), the actions are JSON.
"""

import base64
import json

from threedates.core.formats.shape import Format, Rendered, cut, links, read, utf8

MAX_MESSAGE, MAX_TITLE, MAX_ACTIONS = 4_096, 250, 3
_TAGS = {"fun": "tada", "business": "memo", "emotional": "two_hearts"}


def _render(body: str, _message_id: str) -> Rendered:
    webhook = read(body)
    data = webhook.data
    headers = {"content-type": "text/plain; charset=utf-8", "title": _word(cut(data.title, MAX_TITLE, utf8))}
    if data.kind is not None:
        headers["tags"] = _TAGS[data.kind]
    actions = [{"action": "view", "label": label, "url": url, "clear": True} for label, url in links(webhook)]
    if actions:
        headers["actions"] = json.dumps(actions[:MAX_ACTIONS], separators=(",", ":"))
    return Rendered((cut(data.message, MAX_MESSAGE, utf8) or data.title).encode(), headers)


def _word(text: str) -> str:
    """The text as one header value: as it is where it is plain ASCII, else as an encoded word."""
    if text.isascii() and text.isprintable() and not text.startswith("=?"):
        return text
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="


FORMAT = Format("ntfy", _render)
