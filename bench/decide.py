"""How long the pure core takes: a look at a typical couple, its status, and the fold of a long log.

No broker, one process; processor time, so that whatever else the machine does counts little.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.report import Report, median
from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.snapshot import freeze, thaw
from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.core.trail import NO_TRAIL, PAGE
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import LOG_EVENT, Answered, CheckedIn, Joined, LogEvent, encode

COUPLE = "c1"
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
TYPICAL_DAYS = 60
ROUNDS = 500
EVENTS = 10_000
_SETTINGS = CoupleSettings.model_validate(
    {"partners": [{"name": "sam", "tz": "Europe/Berlin"}, {"name": "alex", "tz": "Europe/Lisbon"}]}
)


class Life:
    """A couple with the product's defaults that lives by its log: two check-ins a day, and a yes to most proposals."""

    def __init__(self) -> None:
        joined = Joined(id="joined", at=BEGIN, settings=_SETTINGS, key_id="k")
        self.events: list[tuple[int, LogEvent]] = [(1, joined)]
        state = fold(COUPLE, self.events)
        assert state is not None
        self.state = state
        self.now = BEGIN

    def day(self) -> None:
        """One day more."""
        end = self.now + timedelta(days=1)
        while (look := decide(self.state, self.now).next_look) is not None and look < end:
            self.now = look
            self._look()
        self.now = end
        for name in ("sam", "alex"):
            n = len(self.events)
            report = CheckedIn(id=f"report-{n}", at=end, partner=name, mood=1 + n % 5, connection=3, did=("walk",))
            self._append(report)
        for uid in [uid for uid, date in self.state.dates.items() if date.record.status == "proposed"][:2]:
            self._append(Answered(id=f"yes-{len(self.events)}", at=end, by="alex", uid=uid, answer="accept"))
        self._look()

    def _look(self) -> None:
        decision = decide(self.state, self.now)
        if decision.outcomes:
            self._append(decision)

    def _append(self, event: LogEvent) -> None:
        seq = len(self.events) + 1
        self.events.append((seq, event))
        self.state = apply_event(self.state, seq, event)


async def run() -> None:
    """Measure and publish."""
    report = Report("decide", "the pure core (microseconds, median)", "what", "µs")
    life = Life()
    for _ in range(TYPICAL_DAYS):
        life.day()
    kept = freeze(life.state, NO_TRAIL.and_(life.events[-PAGE:]))
    look = decide(life.state, life.now).next_look
    assert look is not None
    report.row("a look that finds nothing", _of_fresh(kept, lambda state: decide(state, life.now)))
    report.row("a look that decides something", _of_fresh(kept, lambda state: decide(state, look)))
    report.row("a status without what comes next", _of_fresh(kept, lambda state: status_of(state, life.now, ahead=0)))
    report.row("a status with it", _of_fresh(kept, lambda state: status_of(state, life.now)))
    decision = encode(decide(life.state, look))
    report.row("reading that decision", _median(lambda: LOG_EVENT.validate_json(decision)))
    report.row("reading a snapshot", _median(lambda: thaw(kept)))
    while len(life.events) < EVENTS:
        life.day()
    logged = [(seq, encode(event)) for seq, event in life.events[:EVENTS]]
    report.row(f"folding {EVENTS:,} events", _median(lambda: fold(COUPLE, life.events[:EVENTS]), 3))
    read_and_fold = _median(lambda: fold(COUPLE, [(seq, LOG_EVENT.validate_json(data)) for seq, data in logged]), 3)
    report.row(f"reading and folding {EVENTS:,} events", read_and_fold)
    report.note("Processor time.")
    report.note(f"typical: {len(life.state.dates)} dates, {len(kept) / 1000:.1f} kB as a snapshot, nothing remembered")
    report.publish()


def _of_fresh(kept: bytes, look: Callable[[CoupleState], object]) -> float:
    """A look at a state that was just read, as it is for all but the couples looked at last."""
    found: list[float] = []
    for _ in range(ROUNDS):
        state, _ = thaw(kept)
        assert state is not None
        began = time.process_time()
        look(state)
        found.append((time.process_time() - began) * 1e6)
    return median(found)


def _median(what: Callable[[], object], rounds: int = ROUNDS) -> float:
    found: list[float] = []
    for _ in range(rounds):
        began = time.process_time()
        what()
        found.append((time.process_time() - began) * 1e6)
    return median(found)
