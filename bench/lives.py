"""Couples that have lived, to hold by the million: some live through the real core once, the others have their logs.

A template couple is alive from joining until its next look would say that a fun date is due; by then it has told,
answered and met. What the services would keep of it is noted with its name and sequences left open, and written for
every couple under its own: the log, three feeds, a rendered block for each date, a snapshot.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial

from bench.installation import KEY_ID
from threedates.core.calendar.block import block_of
from threedates.core.calendar.event import tzid_of
from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.core.ids import date_key
from threedates.core.simulate.acts import Act, answer
from threedates.core.simulate.run import Run
from threedates.core.snapshot import freeze
from threedates.core.state import CoupleState
from threedates.core.trail import NO_TRAIL
from threedates.edge.couplelog import FAR
from threedates.edge.couples import SNAPSHOT_EVERY
from threedates.edge.feedrecords import PARTNER_FEEDS, FeedRecord, couple_feed_id, partner_feed_id
from threedates.edge.tzfooter import timezone_block
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import CheckedIn, Decision, Fact, Joined, encode
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome

_NAME = "zqx-name"
_FIRST = 7_000_000_000
_SEQ = re.compile(rb"700000(\d{4})")
_WEEK = 7
_LATE = timedelta(minutes=5)
_MEASURED_FOR = timedelta(hours=6)


class Text:
    """Bytes in which a couple's name and the sequences of its log are left open."""

    def __init__(self, text: bytes) -> None:
        self._text = _SEQ.sub(rb"%(\1)d", text.replace(b"%", b"%%").replace(_NAME.encode(), b"%(name)b"))
        self._places = [(place, int(place)) for place in dict.fromkeys(_SEQ.findall(text))]

    def of(self, name: bytes, first: int, apart: int) -> bytes:
        """The text for that couple, whose log begins at that sequence and goes on in steps of ``apart``."""
        return self._text % {b"name": name, **{place: first + n * apart for place, n in self._places}}


def settings(planning_hour: str) -> CoupleSettings:
    """The default cadence; nothing holds a nudge back, at whatever time of day this runs."""
    return CoupleSettings.model_validate(
        {
            "tz": "UTC",
            "planning_hour": planning_hour,
            "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "quiet": None}],
            "budget": {"per_week": None, "min_gap": "PT0S"},
        }
    )


@dataclass(frozen=True, slots=True)
class Life:
    """A template: what is written for each couple, with its name and the sequences of its log left open."""

    log: tuple[tuple[str, Text], ...]
    """Each message's last token of the subject, and its body."""
    kept: tuple[tuple[str, Text, Text], ...]
    """Bucket, key and value of what is kept beside the log."""
    nudge: str
    """The webhook-id of the nudge that its next look brings, ``%s`` for the name."""


class _Alive(Run):
    """Begins at the sequence by which templates know their own."""

    def __init__(self, joined: Joined) -> None:
        super().__init__(_NAME, joined)
        state = fold(_NAME, [(_FIRST, joined)])
        assert state is not None
        self.state = state
        self.log = [(_FIRST, joined)]


def lived(now: datetime, begin: int, apart: int) -> Life:
    """A couple that joined a week before its fun date falls due, a few minutes before now, and has had none.

    Sam agrees to every other date, and both check in, sam ``begin`` days after joining and alex three days later.
    In the stream one message of theirs is so far ``apart`` from the next, which tells how far a snapshot has come.
    """
    due_at = now.astimezone(UTC) - _LATE
    joined_at = datetime.combine(due_at.date() - timedelta(days=_WEEK), time(9), UTC)
    alive = _Alive(Joined(id=f"join-{_NAME}", at=joined_at, settings=settings(f"{due_at:%H:%M}"), key_id=KEY_ID))
    plans: list[tuple[datetime, Act]] = []
    for by, day in (("sam", begin), ("alex", begin + 3)):
        plans.append((joined_at + timedelta(days=day, hours=12), partial(_good_day, by)))
    while True:
        plans.sort(key=lambda plan: plan[0])
        at = alive.next_look
        assert at is not None, "a couple always has a next look"
        if plans and plans[0][0] < at:
            at, act = plans.pop(0)
            if (fact := act(alive.state, at, f"told-{len(alive.log)}-{_NAME}")) is not None:
                alive.append(fact)
        elif _due(decide(alive.state, at)):
            return _noted(alive, now, apart)
        assert at < now, "the fun date has fallen due"
        for date in _proposed(alive.look(at)):
            if date.kind != "fun":
                plans.append((at + timedelta(hours=2), answer("sam", date.uid, "accept")))


def _good_day(by: str, state: CoupleState, at: datetime, fact_id: str) -> Fact:
    """A check-in that brings no date sooner."""
    return CheckedIn(
        id=fact_id, at=at, partner=by, mood=4, connection=4, loneliness=1, talk="deep", affection=4,
        did=("walk", "play"), together_minutes=90, note="A long walk by the river; we talked about the summer.",
    )  # fmt: skip


def _due(decision: Decision) -> list[str]:
    """The ids of the nudges that a fun date is due."""
    said = (outcome for outcome in decision.outcomes if isinstance(outcome, NudgeOutcome))
    return [nudge.nudge_id for nudge in said if nudge.stage == "due" and nudge.kind == "fun"]


def _proposed(decision: Decision) -> Iterator[DateRecord]:
    for outcome in decision.outcomes:
        if isinstance(outcome, DateOutcome) and outcome.change == "proposed":
            yield outcome.date


def _noted(alive: _Alive, now: datetime, apart: int) -> Life:
    nudge, later = (one for at in (now, now + _MEASURED_FOR) for one in _due(decide(alive.state, at)))
    assert nudge == later, "whenever the couple is looked at"
    log = ((("decision" if isinstance(event, Decision) else "fact"), Text(encode(event))) for _, event in alive.log)
    return Life(tuple(log), tuple(_kept(alive, apart)), nudge.replace(_NAME, "%s"))


def _kept(alive: _Alive, apart: int) -> Iterator[tuple[str, Text, Text]]:
    blocks: dict[str, bytes] = {}
    for seq, event in alive.log:
        for outcome in event.outcomes if isinstance(event, Decision) else ():
            if isinstance(outcome, DateOutcome):
                date = outcome.date
                tzid = tzid_of(date)
                block = block_of(date, event.at, seq, timezone_block(tzid) if tzid else None)
                blocks[date_key(_NAME, date.kind, date.n)] = encode(block)
    for key, value in blocks.items():
        yield "blocks", Text(key.encode()), Text(value)
    at = alive.log[0][1].at
    feeds = [FeedRecord(id=couple_feed_id(_NAME), couple_id=_NAME, scope="couple", created_at=at)]
    for partner in range(len(PARTNER_FEEDS)):
        feed_id = partner_feed_id(_NAME, partner)
        feeds.append(FeedRecord(id=feed_id, couple_id=_NAME, scope="partner", partner=partner, created_at=at))
    for feed in feeds:
        yield "feeds", Text(feed.id.replace("_", ".").encode()), Text(feed.model_dump_json().encode())
    seen = alive.log[: _covered(len(alive.log), apart)]
    if (state := fold(_NAME, seen)) is not None:
        yield "snapshots", Text(_NAME.encode()), Text(freeze(state, NO_TRAIL.and_(seen)))


def _covered(count: int, apart: int) -> int:
    """How many of so many events the last snapshot covers: each ends a look, which writes one where it is worth it."""
    covered = 0
    for n in range(count):
        if n + 1 - covered >= SNAPSHOT_EVERY or n * apart >= FAR:
            covered = n + 1
    return covered
