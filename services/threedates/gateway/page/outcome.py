"""What came of a posted form: a notice, problems beside fields, or something to be shown this once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from threedates.gateway.forms import Form
from threedates.gateway.page.opened import Opened


@dataclass(frozen=True, slots=True)
class Shown:
    """Done, and something to be shown this once, under the name of its form."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Done, and the page has another token now."""

    token: str
    notice: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Done, and there is no page any more; a title and a sentence to say last."""

    title: str
    text: str


Outcome = str | dict[str, str] | Shown | Moved | Ended
"""The notice to show, by its name; or what was wrong, by field; or what is shown this once; or another address."""
Take = Callable[[Opened, Form], Awaitable[Outcome]]


def sentence(text: str) -> str:
    """What a module says in passing, as a sentence for people."""
    return f"{text[:1].upper()}{text[1:]}."
