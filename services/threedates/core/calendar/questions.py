"""The links by which a partner answers from their own calendar, written under what a date is about.

Only a partner's own feed has them: each link is one partner's. They are made when a feed is, for dates still open, and
expire by the date's start, never by the clock, so that the same state gives the same bytes (CONFORMANCE F2).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from threedates.core.answers import takes
from threedates.core.calendar.block import Block
from threedates.core.links import ActionLink, action_url

GOOD_AFTER_START = timedelta(days=7)
"""How long after its start a date can still be answered so; it may have to be let go afterwards."""
Asked = Literal["accept", "move", "skip"]
LABELS: dict[Asked, str] = {"accept": "Yes, let’s", "move": "Another time", "skip": "Let it go"}
Questions = Callable[[Block], str]
"""What stands under a date's description: a line for each answer it takes, nothing where it takes none."""


def questions(key: bytes, base_url: str, couple_id: str, partner: int) -> Questions:
    """The questions to one partner (0 or 1). ``key`` signs the links, ``base_url`` is where they lead."""

    def line(action: Asked, block: Block, start: datetime) -> str:
        link = ActionLink(couple_id, partner, action, block.kind, block.uid, start + GOOD_AFTER_START)
        return f"{LABELS[action]}: {action_url(key, base_url, link)}"

    def of(block: Block) -> str:
        # A date that was held takes a "skip" too, but the past is not asked about for ever.
        if block.start is None or block.status not in ("proposed", "scheduled"):
            return ""
        return "\n".join(line(action, block, block.start) for action in LABELS if takes(block.status, action))

    return of
