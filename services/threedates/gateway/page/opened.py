"""What a page's token opens: the couple's state and whose page it is, or why there is nothing to see.

While the broker is away the state is the one last shown here, with the instant it is from: reading goes on, writing
waits. A gateway remembers the couples whose pages it showed last, a bounded number.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from threedates.core.links import PageLink, read_page_token
from threedates.core.state import CoupleState
from threedates.edge.clock import Clock
from threedates.edge.context import COUPLE
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.settings import Settings
from threedates.gateway.deps import Deps
from threedates.gateway.rates import Rates

KEPT = 1_000


class Replaced(Exception):
    """The page has another address by now."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open page. ``as_of`` is when its state was read where that is not now, ``deps`` then None.

    ``query`` is what was asked for besides the section.
    """

    token: str
    partner: int
    state: CoupleState
    settings: Settings
    now: datetime
    deps: Deps | None
    as_of: datetime | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the partner whose page it is."""
        return self.state.settings.names[self.partner]

    @property
    def tz(self) -> str:
        """That partner's own zone."""
        return self.state.settings.partners[self.partner].tz

    def tools(self) -> Deps:
        """What reaches the broker. Raises Unavailable while that is away."""
        if self.deps is None:
            raise Unavailable("the page is shown from memory")
        return self.deps


class Opener:
    """Opens pages."""

    def __init__(self, deps_of: Callable[[], Deps]) -> None:
        self._deps_of = deps_of
        self._rates = Rates()
        self._tools: tuple[Settings, Clock] | None = None
        self._known: OrderedDict[str, tuple[CoupleState, datetime]] = OrderedDict()

    async def open(self, token: str, cost: int = 1) -> Opened | None:
        """What the token opens; None where it is forged or the couple left.

        ``cost`` is how dear the request is. Raises Replaced, TooOftenError, Unavailable, Conflict.
        """
        try:
            deps = self._deps_of()
            self._tools = (deps.settings, deps.clock)
            link = read_page_token(deps.settings.link_key, token)
            if link is not None:
                self._rates.count(link, cost)
            state = await deps.couples.load(link.couple_id) if link is not None else None
        except (Unavailable, Conflict):
            return self._from_memory(token)
        if link is None:
            return None
        if state is None or state.left:
            self._known.pop(link.couple_id, None)
            return None
        COUPLE.set(link.couple_id)
        now = deps.clock()
        self._remember(state, now)
        _check(link, state)
        return Opened(token, link.partner, state, deps.settings, now, deps)

    def _from_memory(self, token: str) -> Opened | None:
        """The page as it was last known. Raises the trouble there is where it is not known."""
        if self._tools is None:
            raise Unavailable("the broker has not been reached yet")
        settings, clock = self._tools
        link = read_page_token(settings.link_key, token)
        if link is None:
            return None
        known = self._known.get(link.couple_id)
        if known is None:
            raise Unavailable("this page was not shown lately")
        state, as_of = known
        _check(link, state)
        return Opened(token, link.partner, state, settings, clock(), None, as_of)

    def _remember(self, state: CoupleState, now: datetime) -> None:
        self._known[state.couple_id] = (state, now)
        self._known.move_to_end(state.couple_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def _check(link: PageLink, state: CoupleState) -> None:
    if link.generation != state.pages[link.partner]:
        raise Replaced
