"""A couple's webhook endpoints in plain words, for their page: where each goes, whether it works, what follows. Pure.

In: the endpoints that hear the couple, one partner's zone, the instant. Out: a line for each. Of a URL only the host is
shown, since the rest often is a credential. Where the app's own endpoints are is not the couple's to know, only whether
something gets through to it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from threedates.core.health import FAILING_FOR
from threedates.core.spoken import spoken, spoken_day
from threedates.edge.endpoints import KeptEndpoint

_THE_APP = "The app you joined with"
_DAYS = FAILING_FOR.days
State = Literal["well", "failing", "disabled", "off"]


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """One endpoint. ``name`` is its host; ``told`` says in a sentence or two how it does; ``off`` is a choice."""

    id: str
    name: str
    format: str
    is_own: bool
    state: State
    told: str

    @property
    def is_in_trouble(self) -> bool:
        """Whether somebody should look at it."""
        return self.state in ("failing", "disabled")


def webhook_lines(endpoints: list[KeptEndpoint], couple_id: str, tz: str, now: datetime) -> tuple[WebhookLine, ...]:
    """A line for each endpoint of the couple's, and for the app's where they are in trouble; times in that zone."""
    lines = (_line(endpoint, couple_id, tz, now) for endpoint in endpoints)
    return tuple(line for line in lines if line.is_own or line.is_in_trouble)


def _line(endpoint: KeptEndpoint, couple_id: str, tz: str, now: datetime) -> WebhookLine:
    is_own = endpoint.owner == couple_id
    name = (urlsplit(endpoint.url).hostname or "An address") if is_own else _THE_APP
    return WebhookLine(endpoint.id, name, endpoint.format, is_own, _state(endpoint), _told(endpoint, tz, now))


def _state(endpoint: KeptEndpoint) -> State:
    if endpoint.disabled is not None:
        return "off" if endpoint.disabled == "by_hand" else "disabled"
    return "well" if endpoint.failing_since is None else "failing"


def _told(endpoint: KeptEndpoint, tz: str, now: datetime) -> str:
    since = endpoint.failing_since
    match endpoint.disabled:
        case "gone":
            return "Switched off: it answered that it wants nothing more."
        case "by_hand":
            return "Switched off by hand."
        case "failing":
            return f"Switched off: nothing got through for {_DAYS} days. It is asked once a day whether it is back."
        case None if since is not None:
            return (
                f"Nothing has got through since {spoken(since, tz, now)}. "
                f"Unless something does, it is switched off {spoken_day(since + FAILING_FOR, tz, now)} or soon after."
            )
        case None:
            return "It works as far as anybody knows."
