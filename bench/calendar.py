"""How long a feed of 200 dates takes to make from what was rendered before, beside rendering it with icalendar.

No broker, one process. "Joined" is what serving a feed takes: blocks as they are kept, under one header. The other rows
add what a feed's own settings ask for, gzip, and reading the blocks as a bucket gives them.
"""

import gzip
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.report import Report, median, quantile
from threedates.core.calendar.block import Block, block_of
from threedates.core.calendar.event import vevent
from threedates.core.calendar.questions import Questions
from threedates.core.fold import fold
from threedates.core.ids import date_uid
from threedates.core.state import CoupleState
from threedates.edge.feedrecords import FeedRecord
from threedates.edge.feedstore import feed_bytes
from threedates.edge.tzfooter import timezone_block
from threedates.gateway.feedload import render_feed
from threedates.schemas.base import KINDS
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Joined, encode

DATES = 200
OPEN = 3
ROUNDS = 200
AIM_MS = 2.0
COUPLE = "c1"
TZ = "Europe/Berlin"
BEGIN = datetime(2026, 1, 5, 18, tzinfo=UTC)
NOW = BEGIN + timedelta(days=3)  # nothing is due yet
_PARTNERS = [{"name": "sam", "tz": TZ}, {"name": "alex", "tz": "Europe/Lisbon"}]
_IDEA = "Cook something neither of you has cooked before; the loser of a coin toss washes up."


async def run() -> None:
    """Measure and publish."""
    dates = [_date(n) for n in range(DATES)]
    blocks = [block_of(date, BEGIN, n, timezone_block(TZ)) for n, date in enumerate(dates)]
    stored = [encode(block) for block in blocks]
    joined = feed_bytes("sam & alex", TZ, blocks)
    state, ask = _couple(), Questions(b"a key for the bench, 16 bytes or more", "https://dates.example.org", COUPLE, 0)
    couple, partner, busy = _record(), _record(partner=0), _record(detail="busy", alarms=True)
    report = Report(
        "calendar", f"a feed of {DATES} dates ({len(joined) / 1000:.0f} kB)", "what", "ms", "p99 ms", "aim ms"
    )
    _row(report, "joined from blocks", lambda: feed_bytes("sam & alex", TZ, blocks), AIM_MS)
    _row(report, "a couple's feed, ready to send (gzip too)", lambda: render_feed(couple, state, blocks, NOW))
    _row(
        report,
        f"a partner's, {OPEN} dates with links to answer by",
        lambda: render_feed(partner, state, blocks, NOW, ask),
    )
    _row(report, "times alone, with alarms", lambda: render_feed(busy, state, blocks, NOW))
    _row(report, "gzip alone", lambda: gzip.compress(joined, 6, mtime=0))
    _row(report, "blocks read as they are kept", lambda: [Block.model_validate_json(data) for data in stored])
    _row(report, "rendered by icalendar", lambda: [vevent(date, BEGIN) for date in dates], rounds=ROUNDS // 20)
    report.note(
        f"medians of {ROUNDS} rounds in one process; a finished feed is kept, so most requests cost none of this"
    )
    report.publish()


def _row(report: Report, what: str, make: Callable[[], object], aim: float | str = "", rounds: int = ROUNDS) -> None:
    make()
    taken: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        make()
        taken.append((time.perf_counter() - began) * 1_000)
    report.row(what, median(taken), quantile(taken, 0.99), aim)


def _date(n: int) -> DateRecord:
    kind = KINDS[n % len(KINDS)]
    number = n // len(KINDS) + 1
    start = BEGIN + timedelta(days=7 * number + n % len(KINDS))
    return DateRecord(
        uid=date_uid(COUPLE, kind, number),
        kind=kind,
        n=number,
        start=start,
        end=start + timedelta(hours=2),
        tz=TZ,
        status="scheduled" if n >= DATES - OPEN else "held",
        sequence=1,
        planner="sam",
        idea=_IDEA,
    )


def _couple() -> CoupleState:
    settings = CoupleSettings.model_validate({"tz": TZ, "partners": _PARTNERS})
    state = fold(COUPLE, [(1, Joined(id="joined", at=BEGIN, settings=settings, key_id="k"))])
    assert state is not None
    return state


def _record(**how: object) -> FeedRecord:
    scope = "partner" if "partner" in how else "couple"
    return FeedRecord.model_validate({"id": "c1_x", "couple_id": COUPLE, "scope": scope, "created_at": BEGIN, **how})
