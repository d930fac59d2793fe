"""Discord's webhooks: one message of 2,000 characters at most, with the links that answer it.

Nobody is mentioned, whatever a name or idea says; Markdown in them is escaped. Thirty messages a minute and webhook.
"""

import json
import re

from threedates.core.formats.shape import Format, Rendered, cut, fitting, links, read, utf16

MAX_CONTENT, MAX_TITLE, MAX_LINKS = 2_000, 256, 1_200
_MARKDOWN = re.compile(r"([\\*_~`|>#\[\]()@<-])")


def _render(body: str, _message_id: str) -> Rendered:
    webhook = read(body)
    title = f"**{_cut(webhook.data.title, MAX_TITLE)}**"
    # In angle brackets a link has no preview, which would open it.
    answers = fitting([f"[{label}](<{url}>)" for label, url in links(webhook)], " · ", MAX_LINKS, utf16)
    room = MAX_CONTENT - utf16(title) - utf16(answers) - 2
    lines = [title, _cut(webhook.data.message, room), answers]
    content = "\n".join(line for line in lines if line)
    return Rendered(json.dumps({"content": content, "allowed_mentions": {"parse": []}}, ensure_ascii=False).encode())


def _cut(text: str, most: int) -> str:
    """As much as fits once it is escaped, so that no escape is torn."""
    return _escaped(cut(text, most, lambda part: utf16(_escaped(part))))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


FORMAT = Format("discord", _render, per_minute=30)
