"""A letter's two forms: plain text, and HTML that says the same. Everything in it is text; nothing is fetched.

Each line finds its own direction, so that names and ideas in any script read as they are meant to.
"""

from dataclasses import dataclass
from html import escape

_BODY = "margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#222;max-width:36em"
_LINK = "display:inline-block;margin:0 12px 12px 0;padding:8px 14px;border:1px solid #a33;border-radius:6px;color:#a33"
_QUIET = "color:#666;font-size:14px"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: the subject is its title, too. ``links`` are labels with URLs, ``footer`` is said last."""

    subject: str
    paragraphs: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    footer: tuple[str, ...] = ()


def plain(letter: Letter) -> str:
    """The letter as plain text, lines ending in LF. Long lines are left to the reader's program."""
    parts = [letter.subject, *letter.paragraphs]
    if letter.links:
        parts.append("\n".join(f"{label}: {url}" for label, url in letter.links))
    if letter.footer:
        parts.append("\n".join(["-- ", *letter.footer]))
    return "\n\n".join(part for part in parts if part) + "\n"


def html(letter: Letter) -> str:
    """The letter as an HTML document, lines ending in LF."""
    lines = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(letter.subject)}</title></head>',
        f'<body style="{_BODY}">',
        f'<h1 dir="auto" style="font-size:20px">{escape(letter.subject)}</h1>',
        *(f'<p dir="auto">{_lines(text)}</p>' for text in letter.paragraphs if text),
    ]
    if letter.links:
        buttons = (f'<a href="{escape(url)}" style="{_LINK}">{escape(label)}</a>' for label, url in letter.links)
        lines += ["<p>", *buttons, "</p>"]
    lines += [f'<p dir="auto" style="{_QUIET}">{_lines(text)}</p>' for text in letter.footer]
    return "\n".join([*lines, "</body></html>"]) + "\n"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
