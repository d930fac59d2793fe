"""Runs a story: events at local times on a virtual clock, through the very fold and decide that the service uses.

A story is a text file. `couple:` names the partners with their zones, `set:` changes a setting, `show: weeks` adds to
each line which week it counts to. Then each line is a local time (in the couple's zone) and what happens, see
``sentences``; lines that begin with `>` are what the decisions say, in order, with the local time they say it at.
`ends` is where the clock stops, `... nobody looks until now` is an outage, and `how is fun?` asks for the status.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.core.decide.sentences import Moment, fact_in, local_instant, set_path
from threedates.core.decide import decide
from threedates.core.fold import apply_event, fold
from threedates.core.state import CoupleState
from threedates.core.status import status_of
from threedates.schemas.log import LOG_EVENT, Decision, encode
from threedates.schemas.outcomes import DateOutcome, HoldOutcome, InviteOutcome, NudgeOutcome, Outcome, ResumeOutcome

STORIES = Path(__file__).parent.parent.parent / "stories"
TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d) (.*)$")
HOW = re.compile(r"^how is (fun|business|emotional)\?$")
MAX_LOOKS = 400


class Story:
    """One story file: its settings, its events, and its body: the events with the lines expected between them."""

    def __init__(self, path: Path) -> None:
        self.settings: dict[str, Any] = {}
        self.shows_weeks = False
        self.events: list[tuple[str, str]] = []
        self.head: list[str] = []
        self.body: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            self._read(line.strip())

    def _read(self, line: str) -> None:
        if line.startswith("couple:"):
            self._couple(line.removeprefix("couple:"))
        elif line.startswith("set:"):
            name, value = line.removeprefix("set:").split(maxsplit=1)
            set_path(self.settings, name, json.loads(value))
        elif line == "show: weeks":
            self.shows_weeks = True
        elif line.startswith(">"):
            self.body.append(line)
        elif found := TIME.match(line):
            self.events.append((found[1], found[2]))
            self.body.append(line)
        if not self.body:
            self.head.append(line)

    def _couple(self, text: str) -> None:
        partners = [dict(zip(("name", "tz"), part.split(), strict=True)) for part in text.split(",")]
        self.settings = {"tz": partners[0]["tz"], "partners": partners}


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
        for clock, what in self.story.events:
            at = local_instant(clock, self.tz)
            if what.startswith("... "):
                self._next = at
            else:
                self._look_until(at)
            self.lines.append(f"{clock} {what}")
            if found := HOW.match(what):
                self.lines.append(self._standing(found[1], at))
            elif what != "ends" and not what.startswith("... "):
                moment = Moment(at, f"e{len(self.log) + 1}", self.tz, self.story.settings, self._state)
                self._append(encode(fact_in(what, moment)))
                self._look(at)
        return self.lines

    @property
    def state(self) -> CoupleState:
        """The couple's state now."""
        assert self._state is not None, "nobody has joined yet"
        return self._state

    @property
    def tz(self) -> str:
        """The zone that times are told in: the couple's, also after they moved."""
        return self._state.settings.tz if self._state is not None else str(self.story.settings["tz"])

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
        return f"{instant.astimezone(ZoneInfo(self.tz)):%Y-%m-%d %H:%M}"

    def _said(self, decision: Decision) -> Iterator[str]:
        week = f", week of {decision.week}" if self.story.shows_weeks else ""
        for outcome in decision.outcomes:
            yield self._line(outcome) + week

    def _line(self, outcome: Outcome) -> str:
        match outcome:
            case DateOutcome():
                return f"{outcome.date.kind} {outcome.change} {self._local(outcome.date.start)}"
            case NudgeOutcome():
                return f"{outcome.kind or 'both'} nudge {outcome.stage} to {outcome.addressee}"
            case HoldOutcome():
                until = self._local(outcome.until)
                kind = outcome.kind or "both"
                return f"{kind} hold {outcome.stage} for {outcome.addressee} until {until}, {outcome.reason}"
            case ResumeOutcome():
                return f"pause over {self._local(outcome.until)}"
            case InviteOutcome():
                return f"{outcome.date.kind} date goes to {outcome.partner} by {outcome.by}"

    def _standing(self, kind: str, at: datetime) -> str:
        status = status_of(self.state, at).kinds[kind]  # type: ignore[index]
        rules = ", ".join(reason.rule for reason in status.because)
        return f"> {self._local(at)} {kind} is {status.state}, due {self._local(status.due_at)}: {rules}"
