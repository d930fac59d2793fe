"""What a format is made of, and what formats for people have in common: links by their names, text cut to a limit."""

from collections.abc import Callable
from dataclasses import dataclass, field

from threedates.schemas.webhook import Webhook

_LABELS = {"accept": "Accept", "move": "Another time", "held": "We had it", "snooze": "Not now", "skip": "Skip it"}
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent: the exact bytes, and headers in lower case, ``content-type`` among them."""

    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": JSON})


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how it renders, how many a minute its receivers take, whether they must agree first.

    ``render`` takes the standard body and the ``webhook-id``. ``handshake`` asks for CloudEvents' OPTIONS handshake.
    """

    name: str
    render: Callable[[str, str], Rendered]
    per_minute: int | None = None
    handshake: bool = False


def read(body: str) -> Webhook:
    """The standard body as data again."""
    return Webhook.model_validate_json(body)


def links(webhook: Webhook) -> list[tuple[str, str]]:
    """What a nudge can be answered with: each label with its URL, the likeliest first."""
    actions = webhook.data.actions
    found = [(label, getattr(actions, name, None)) for name, label in _LABELS.items()]
    return [(label, url) for label, url in found if url is not None]


def cut(text: str, most: int, size: Callable[[str], int] = len) -> str:
    """The text, or as much of it as fits into ``most``, ending in an ellipsis; ``size`` measures."""
    if size(text) <= most:
        return text
    low, high = 0, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle].rstrip() + "…") <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if most >= size("…") else ""


def fitting(parts: list[str], separator: str, most: int, size: Callable[[str], int] = len) -> str:
    """As many of the first parts, joined, as fit whole."""
    while parts and size(separator.join(parts)) > most:
        parts = parts[:-1]
    return separator.join(parts)


def utf16(text: str) -> int:
    """The length in UTF-16 code units, which chat services count in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """The length in bytes."""
    return len(text.encode())
