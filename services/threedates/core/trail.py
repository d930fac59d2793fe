"""Where a couple's events lie in the log's stream: the sequence of every one, in the order in which they came.

The broker knows of each subject its first and its last message, and finds what is between only by going through all
couples' events. A trail names them, and counts them, so that one can tell whether any is still to be looked for. Full
pages of it are kept apart and never change; it stays small however long a log becomes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from threedates.schemas.log import Decision, LogEvent

PAGE = 128


@dataclass(frozen=True, slots=True)
class Trail:
    """``latest`` are the sequences that stand in none of the ``pages``; of all of them, ``facts`` are facts."""

    facts: int = 0
    pages: int = 0
    latest: tuple[int, ...] = ()

    def __len__(self) -> int:
        return self.pages * PAGE + len(self.latest)

    @property
    def decisions(self) -> int:
        """How many of them are decisions."""
        return len(self) - self.facts

    def and_(self, events: Iterable[tuple[int, LogEvent]]) -> "Trail":
        """With these events after it."""
        events = list(events)
        facts = sum(not isinstance(event, Decision) for _, event in events)
        return replace(self, facts=self.facts + facts, latest=self.latest + tuple(seq for seq, _ in events))

    def paged(self) -> tuple["Trail", dict[int, tuple[int, ...]]]:
        """The trail as it is kept, and its pages that have become full, by their numbers."""
        full = len(self.latest) // PAGE
        pages = {self.pages + n: self.latest[n * PAGE : (n + 1) * PAGE] for n in range(full)}
        return replace(self, pages=self.pages + full, latest=self.latest[full * PAGE :]), pages


NO_TRAIL = Trail()
_TRAIL: TypeAdapter[Trail] = TypeAdapter(Trail)


def trail_as_json(trail: Trail) -> bytes:
    """The trail as one line."""
    return _TRAIL.dump_json(trail)


def trail_of(line: bytes) -> Trail:
    """The trail that a line tells; an empty one where it tells none."""
    try:
        return _TRAIL.validate_json(line)
    except ValidationError:
        return NO_TRAIL
