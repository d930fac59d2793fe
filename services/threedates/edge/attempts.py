"""Reading the attempt log of one endpoint, the newest first.

A stream is read forwards only. The search begins near its end and goes back in widening steps, so that an endpoint
with many attempts costs no more than one with few; what one call reads is bounded, whatever is asked for.
"""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.edge.wire import Wire
from threedates.schemas.webhook import Attempt, AttemptOutcome

_FIRST_STEP = 1_000
_WIDER = 8
_PAGE = 256
MAX_READ = 20_000
"""How many attempts one call reads at most; a page that reaches it is short, and another follows."""
# Attempts are recorded in the order in which they end, which is about that of their times.
_OUT_OF_ORDER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which attempts are looked for; the instants are inclusive."""

    outcome: AttemptOutcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    message_id: str | None = None

    def has(self, attempt: Attempt) -> bool:
        """Whether that is one of them."""
        if self.outcome not in (None, attempt.outcome) or self.message_id not in (None, attempt.message_id):
            return False
        return not ((self.since and attempt.at < self.since) or (self.until and attempt.at > self.until))


ALL = Wanted()


async def recent_attempts(
    wire: Wire, endpoint_id: str, limit: int, wanted: Wanted = ALL, before: int | None = None
) -> tuple[list[Attempt], int | None]:
    """The endpoint's last attempts for whatever couple, at most so many, the newest first; and where to go on.

    ``before`` is a sequence of the attempt stream, as the page before gave it. Raises Unavailable.
    """
    names = wire.names
    state = (await wire.api(f"STREAM.INFO.{names.attempts}"))["state"]
    first, end = int(state["first_seq"]), int(state["last_seq"]) + 1
    if before is not None:
        end = min(end, before)
    found: list[tuple[int, Attempt]] = []
    step, read = _FIRST_STEP, 0
    while True:
        begin = max(first, end - step)
        newest: deque[tuple[int, Attempt]] = deque(maxlen=limit + 1 - len(found))
        oldest: datetime | None = None
        async for seq, attempt in _between(wire, endpoint_id, begin, end):
            read, oldest = read + 1, oldest or attempt.at
            if wanted.has(attempt):
                newest.append((seq, attempt))
        found += reversed(newest)
        if len(found) > limit:
            return [attempt for _, attempt in found[:limit]], found[limit - 1][0]
        is_over = wanted.since is not None and oldest is not None and oldest < wanted.since - _OUT_OF_ORDER
        if begin <= first or is_over:
            return [attempt for _, attempt in found], None
        if read >= MAX_READ:
            return [attempt for _, attempt in found], begin
        end, step = begin, step * _WIDER


async def attempts_since(wire: Wire, endpoint_id: str, since: datetime) -> AsyncIterator[Attempt]:
    """The endpoint's attempts that were recorded then or later, the oldest first. Raises Unavailable."""
    names = wire.names
    subject, begin, after = names.attempt("*", endpoint_id), 1, since
    while True:
        row, more = await wire.reader.page(names.attempts, subject, begin, _PAGE, after if begin == 1 else None)
        for stored in row:
            yield Attempt.model_validate_json(stored.data)
        if not row or not more:
            return
        begin = row[-1].seq + 1


async def _between(wire: Wire, endpoint_id: str, begin: int, end: int) -> AsyncIterator[tuple[int, Attempt]]:
    names = wire.names
    while begin < end:
        row, more = await wire.reader.page(names.attempts, names.attempt("*", endpoint_id), begin, _PAGE)
        for stored in row:
            if stored.seq >= end:
                return
            yield stored.seq, Attempt.model_validate_json(stored.data)
        if not row or not more:
            return
        begin = row[-1].seq + 1
