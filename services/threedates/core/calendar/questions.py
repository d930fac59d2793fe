"""The links by which a partner answers from their own calendar, written under what an entry is about.

Only a partner's own feed has them: each link is one partner's. They are made when a feed is, for what is still open,
and expire by the entry's own time, never by the clock, so that the same state gives the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from threedates.core.answers import takes
from threedates.core.calendar.block import Block
from threedates.core.calendar.due_entry import DueEntry
from threedates.core.links import Action, ActionLink, action_url
from threedates.schemas.base import Kind

GOOD_AFTER = timedelta(days=7)
"""How long after a date's start, or the end of a due entry, its links work: a date may have to be let go afterwards."""
_OF_A_DATE: dict[Literal["accept", "move", "skip"], str] = {
    "accept": "Yes, let’s",
    "move": "Another time",
    "skip": "Let it go",
}
_OF_A_KIND: dict[Literal["held", "snooze"], str] = {
    "held": "We just had one",
    "snooze": "Be quiet about it for a while",
}


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions to one partner (0 or 1). ``key`` signs the links, ``base_url`` is where they lead."""

    key: bytes
    base_url: str
    couple_id: str
    partner: int

    def of_date(self, block: Block) -> str:
        """A line for each answer a date takes; empty where it takes none."""
        # A date that was held takes a "skip" too, but the past is not asked about for ever.
        if block.start is None or block.status not in ("proposed", "scheduled"):
            return ""
        asked = [(action, label) for action, label in _OF_A_DATE.items() if takes(block.status, action)]
        return "\n".join(self._line(*one, block.kind, block.uid, block.start) for one in asked)

    def of_due(self, entry: DueEntry) -> str:
        """What can be said of a kind that is due, whether or not a date of it is proposed."""
        return "\n".join(self._line(*one, entry.block.kind, None, entry.ends) for one in _OF_A_KIND.items())

    def _line(self, action: Action, label: str, kind: Kind, uid: str | None, until: datetime) -> str:
        link = ActionLink(self.couple_id, self.partner, action, kind, uid, until + GOOD_AFTER)
        return f"{label}: {action_url(self.key, self.base_url, link)}"
