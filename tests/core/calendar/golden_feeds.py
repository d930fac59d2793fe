"""The golden feeds: each as blocks that are always the same, with what a reader has to find in it, told apart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.core.calendar.examples import STAMP, START, date_record
from tests.core.rules.kit import at, couple
from threedates.core.calendar.block import Block, block_of
from threedates.core.calendar.due_entry import DESCRIPTION, due_entries
from threedates.core.calendar.event import tzid_of
from threedates.core.calendar.feed import feed, zones_of
from threedates.core.calendar.questions import Questions
from threedates.core.calendar.tzif import ZoneRules
from threedates.core.calendar.view import view
from threedates.core.calendar.vtimezone import vtimezone
from threedates.schemas.base import KINDS
from threedates.schemas.dates import DateRecord

# Fixed too: what a machine's own files say about these zones changes with its version of them.
FOOTERS = {
    "Africa/Cairo": "EET-2EEST,M4.5.5/0,M10.5.4/24",
    "America/New_York": "EST5EDT,M3.2.0,M11.1.0",
    "Asia/Kathmandu": "<+0545>-5:45",
    "Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3",
}
NAMES = {"fun": "Fun date", "business": "Business date", "emotional": "Emotional date"}
STATUSES = {"proposed": "TENTATIVE", "scheduled": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}
LATER = STAMP + timedelta(days=1)
FUN = date_record(status="scheduled", sequence=1)
BUSINESS = date_record(
    uid="c1-business-2@threedates", kind="business", n=2, status="cancelled", sequence=3, tz="Africa/Cairo", idea=""
)
# The second half past one of that night in New York: times are written in UTC.
EMOTIONAL = date_record(
    uid="c1-emotional-1@threedates",
    kind="emotional",
    status="proposed",
    tz="America/New_York",
    start=datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    end=datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
    idea="Say it without words: a hand held, a long hug. 🤗\nשלום, and \\ too",
)
MOVED = FUN.model_copy(
    update={"sequence": 2, "start": START + timedelta(days=1, hours=1), "end": START + timedelta(days=1, hours=4)}
)
OFF = FUN.model_copy(update={"sequence": 2, "status": "cancelled"})
SCRIPTS = (
    date_record(n=1, idea="👩‍❤️‍💋‍👨 🏳️‍🌈 👍🏽 " * 9),
    date_record(n=2, uid="c1-fun-2@threedates", idea="לכו לטייל יחד, ושבו מול הים; בלי טלפונים. " * 4),
    date_record(n=3, uid="c1-fun-3@threedates", idea="اطبخا شيئًا لم يطبخه أيٌّ منكما من قبل، ثم تذوّقاه\nمعًا"),
    date_record(n=4, uid="c1-fun-4@threedates", idea="\u202bעברית and English, 123\u202c; 一起做一顿没做过的饭。" * 5),
)


@dataclass(frozen=True)
class Entry:
    """An event as its reader has to find it. Times are UTC instants; whole days are dates, the end excluded."""

    uid: str
    summary: str
    start: date
    end: date
    description: str
    sequence: int
    status: str | None


@dataclass(frozen=True)
class Golden:
    """A feed, and what is in it, sorted by UID."""

    content: bytes
    entries: tuple[Entry, ...]


def timezone_block(tzid: str) -> bytes:
    """The VTIMEZONE of one of the zones above."""
    return vtimezone(tzid, ZoneRules((), FOOTERS[tzid]))


def block(record: DateRecord, stamp: datetime = STAMP) -> Block:
    """A date as a block."""
    tzid = tzid_of(record)
    return block_of(record, stamp, 7, timezone_block(tzid) if tzid else None)


def entry(record: DateRecord, more: str = "") -> Entry:
    """What a reader has to find of a date."""
    name = NAMES[record.kind] + (" (proposed)" if record.status == "proposed" else "")
    status = STATUSES[record.status]
    return Entry(record.uid, name, record.start, record.end, record.idea + more, record.sequence, status)


def of_blocks(blocks: list[Block], entries: list[Entry]) -> Golden:
    """The feed of these blocks."""
    zones = {tzid: timezone_block(tzid) for tzid in zones_of("Europe/Berlin", blocks)}
    content = feed("Three dates: sam, alex & co; 🌈", "Europe/Berlin", blocks, zones)
    return Golden(content, tuple(sorted(entries, key=lambda one: one.uid)))


def of_dates(*records: DateRecord, stamp: datetime = STAMP) -> Golden:
    """The feed of these dates."""
    return of_blocks([block(record, stamp) for record in records], [entry(record) for record in records])


def _due() -> Golden:
    """All three kinds overdue once: no date, only whole days."""
    found = due_entries(couple(), at("2026-11-29 18:00")).entries
    days = (date(2026, 11, 29), date(2026, 12, 3))
    titles = {kind: f"Time to plan {'an' if kind == 'emotional' else 'a'} {kind} date" for kind in KINDS}
    entries = [Entry(f"c1-{kind}-due-0@threedates", titles[kind], *days, DESCRIPTION, 1, None) for kind in KINDS]
    return of_blocks([one.block for one in found], entries)


def _partners() -> Golden:
    """A partner's own: links to answer by, and alarms."""
    ask = Questions(b"a key for golden files, and nothing else", "https://dates.example.org", "c1", 0)
    blocks, entries = list[Block](), list[Entry]()
    for record in (FUN, EMOTIONAL):
        plain = block(record)
        asked = ask.of_date(plain)
        blocks.append(view(plain, "full", alarms=True, asked=asked))
        entries.append(entry(record, f"\n\n{asked}"))
    return of_blocks(blocks, entries)


def _many() -> Golden:
    """Three years of dates, whole weeks on either side of every change of the clocks."""
    records: list[DateRecord] = []
    for n in range(500):
        kind = KINDS[n % 3]
        start = START + timedelta(days=7 * (n // 3) + n % 3, minutes=15 * (n % 7))
        length = timedelta(minutes=45 * (1 + n % 4))
        uid = f"c1-{kind}-{n // 3 + 1}@threedates"
        records.append(
            date_record(uid=uid, kind=kind, n=n // 3 + 1, start=start, end=start + length, status="held", sequence=2)
        )
    return of_dates(*records)


FEEDS: dict[str, Callable[[], Golden]] = {
    "feed-empty.ics": of_dates,
    "feed-three.ics": lambda: of_dates(FUN, EMOTIONAL, BUSINESS),
    "feed-moved.ics": lambda: of_dates(MOVED, stamp=LATER),
    "feed-cancelled.ics": lambda: of_dates(OFF, stamp=LATER),
    "feed-zones.ics": lambda: of_dates(
        FUN,
        date_record(uid="c1-fun-2@threedates", n=2, tz="America/New_York", status="held", sequence=2),
        date_record(uid="c1-fun-3@threedates", n=3, tz="Asia/Kathmandu", idea="Cook dal bhat."),
    ),
    "feed-due.ics": _due,
    "feed-scripts.ics": lambda: of_dates(*SCRIPTS),
    "feed-partner.ics": _partners,
    "feed-500.ics": _many,
}
