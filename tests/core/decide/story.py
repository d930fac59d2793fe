"""Runs a story: events at local times on a virtual clock, through the very fold and decide that the service uses.

A story is a text file. `couple:` names the partners with their zones, `set:` changes a setting, then each line is a
local time (in the couple's zone) and what happens; lines that begin with `>` are what the decisions say, in order, with
the local time they say it at. `ends` is where the clock stops. A line `... nobody looks until TIME` is an outage.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import (
    LOG_EVENT,
    Answered,
    Booked,
    CalendarSeen,
    DateOutcome,
    Decision,
    Fact,
    HoldOutcome,
    Joined,
    Left,
    NudgeDropped,
    NudgeOutcome,
    Outcome,
    Paused,
    Resumed,
    Snoozed,
    encode,
)

STORIES = Path(__file__).parent.parent.parent / "stories"
TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d) (.*)$")
VERBS = {"accepts": "accept", "declines": "decline", "held": "held", "skips": "skip", "cancels": "cancel"}
MAX_LOOKS = 400


class Story:
    """One story file: its settings, its events, and its body: the events with the lines expected between them."""

    def __init__(self, path: Path) -> None:
        self.settings: dict[str, Any] = {}
        self.events: list[tuple[datetime, str]] = []
        self.head: list[str] = []
        self.body: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            self._read(line.strip())

    def _read(self, line: str) -> None:
        if line.startswith("couple:"):
            self._couple(line.removeprefix("couple:"))
        elif line.startswith("set:"):
            name, value = line.removeprefix("set:").split(maxsplit=1)
            self._set(name.split("."), json.loads(value))
        elif line.startswith(">"):
            self.body.append(line)
        elif found := TIME.match(line):
            self.events.append((self.instant(found[1]), line))
            self.body.append(line)
        if not self.body:
            self.head.append(line)

    def _couple(self, text: str) -> None:
        partners = [dict(zip(("name", "tz"), part.split(), strict=True)) for part in text.split(",")]
        self.settings = {"tz": partners[0]["tz"], "partners": partners}

    def _set(self, path: list[str], value: Any) -> None:
        at: Any = self.settings
        for name in path[:-1]:
            at = at[int(name)] if isinstance(at, list) else at.setdefault(name, {})
        at[path[-1]] = value

    def instant(self, text: str) -> datetime:
        """The UTC instant of a local time of the story."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.settings["tz"])).astimezone(UTC)


class Telling:
    """Tells a story: the clock goes from event to event, and looks whenever the last decision asked for it."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.lines: list[str] = []
        self.log: list[tuple[int, bytes]] = []
        self._state: CoupleState | None = None
        self._next: datetime | None = None

    def tell(self) -> list[str]:
        """The story's body: its events, and between them every line that decisions say."""
        for at, line in self.story.events:
            what = line[len("2026-11-20 18:00 ") :]
            if not what.startswith("... "):
                self._look_until(at)
            self.lines.append(line)
            if (fact := self._fact(at, what)) is not None:
                self._append(encode(fact))
                self._look(at)
            elif what.startswith("... "):
                self._next = at
        return self.lines

    @property
    def state(self) -> CoupleState:
        """The couple's state now."""
        assert self._state is not None, "nobody has joined yet"
        return self._state

    def _append(self, data: bytes) -> None:
        seq = len(self.log) + 1
        self.log.append((seq, data))
        event = LOG_EVENT.validate_json(data)
        self._state = fold("c1", [(seq, event)]) if self._state is None else apply_event(self._state, seq, event)

    def _look_until(self, at: datetime) -> None:
        looks = 0
        while self._next is not None and self._next < at:
            looks += 1
            assert looks < MAX_LOOKS, f"still looking after {looks} looks, at {self._next}"
            self._look(self._next)

    def _look(self, at: datetime) -> None:
        decision = decide(self.state, at)
        if decision.outcomes:
            self.lines += [f"> {self._local(at)} {line}" for line in self._said(decision)]
            self._append(encode(decision))
            assert not decide(self.state, at).outcomes, "a second look at the same instant has something new to say"
        assert decision.next_look is None or decision.next_look > at, "the next look must lie ahead"
        self._next = decision.next_look

    def _local(self, instant: datetime) -> str:
        return f"{instant.astimezone(ZoneInfo(self.state.settings.tz)):%Y-%m-%d %H:%M}"

    def _said(self, decision: Decision) -> Iterator[str]:
        for outcome in decision.outcomes:
            yield self._line(outcome)

    def _line(self, outcome: Outcome) -> str:
        match outcome:
            case DateOutcome():
                return f"{outcome.date.kind} {outcome.change} {self._local(outcome.date.start)}"
            case NudgeOutcome():
                return f"{outcome.kind} nudge {outcome.stage} to {outcome.addressee}"
            case HoldOutcome():
                until = self._local(outcome.until)
                return f"{outcome.kind} hold {outcome.stage} for {outcome.addressee} until {until}, {outcome.reason}"
            case _:
                return f"pause over {self._local(outcome.until)}"

    def _fact(self, at: datetime, what: str) -> Fact | None:
        fact_id = f"e{len(self.log) + 1}"
        match what.split():
            case ["joins"]:
                return Joined(id=fact_id, at=at, key_id="k", settings=CoupleSettings(**self.story.settings))
            case [by, ("accepts" | "declines" | "held" | "skips" | "cancels") as verb, kind]:
                return Answered(id=fact_id, at=at, by=by, uid=self._uid(kind), answer=VERBS[verb])  # type: ignore[arg-type]
            case [by, "moves", kind, "to", day, clock]:
                start = self.story.instant(f"{day} {clock}")
                return Answered(id=fact_id, at=at, by=by, uid=self._uid(kind), answer="move", start=start)
            case [by, ("books" | "reports") as verb, kind, "at", day, clock]:
                start = self.story.instant(f"{day} {clock}")
                status: Any = "scheduled" if verb == "books" else "held"
                end = start + timedelta(hours=2)
                return Booked(id=fact_id, at=at, by=by, kind=kind, start=start, end=end, status=status)  # type: ignore[arg-type]
            case ["calendar", ("confirmed" | "cancelled") as status, kind, "at", day, clock]:
                start = self.story.instant(f"{day} {clock}")
                return CalendarSeen(
                    id=fact_id, at=at, source="s", uid="abc", status=status, start=start,
                    end=start + timedelta(hours=2), tz=self.state.settings.tz, kind=kind,  # type: ignore[arg-type]
                    sequence=len(self.log),
                )  # fmt: skip
            case [by, "snoozes", kind, "until", day, clock]:
                return Snoozed(id=fact_id, at=at, by=by, kind=kind, until=self.story.instant(f"{day} {clock}"))  # type: ignore[arg-type]
            case [by, "pauses"]:
                return Paused(id=fact_id, at=at, by=by)
            case [by, "pauses", "until", day, clock]:
                return Paused(id=fact_id, at=at, by=by, until=self.story.instant(f"{day} {clock}"))
            case [by, "resumes"]:
                return Resumed(id=fact_id, at=at, by=by)
            case ["nudge", nudge_id, "dropped"]:
                return NudgeDropped(id=fact_id, at=at, nudge_id=nudge_id, reason="no_endpoint")
            case ["leaves"]:
                return Left(id=fact_id, at=at)
            case ["ends"] | ["...", *_]:
                return None
            case _:
                raise ValueError(f"a story cannot say: {what}")

    def _uid(self, kind: str) -> str:
        """The kind's open date, else its latest."""
        open_date = self.state.open_date(kind)  # type: ignore[arg-type]
        if open_date is not None:
            return open_date.record.uid
        return max((d.record for d in self.state.dates.values() if d.record.kind == kind), key=lambda r: r.n).uid
