"""Replay: every decision a log holds, made again by the code of today, and what is different about it.

Each decision names the last event it had seen; facts may lie between that and the decision itself. So the log is folded
up to what was seen, decided upon at the instant named, compared, and then folded on with the decision that is stored.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.core.state import CoupleState
from threedates.schemas.base import Model
from threedates.schemas.log import Decision, LogEvent
from threedates.schemas.outcomes import DateOutcome, HoldOutcome, InviteOutcome, NudgeOutcome, Outcome, ResumeOutcome


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: what it is about, what the log has and what would be decided now; None where nothing."""

    about: str
    stored: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A stored decision that would be another today: its sequence, its instant (UTC), and what is different."""

    seq: int
    as_of: datetime
    folded_to: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a log: how many decisions were made again, and those that differ."""

    couple_id: str
    decisions: int
    differing: tuple[Differing, ...]


def check(couple_id: str, log: Sequence[tuple[int, LogEvent]]) -> Checked:
    """Make every decision of a log again and compare. The log is given whole, with its sequences, in order."""
    count, differing = 0, []
    for seq, stored, state in _decisions(couple_id, log):
        count += 1
        found = tuple(_differences(stored, state))
        if found:
            differing.append(Differing(seq, stored.as_of, stored.folded_to, found))
    return Checked(couple_id, count, tuple(differing))


def _decisions(
    couple_id: str, log: Sequence[tuple[int, LogEvent]]
) -> Iterator[tuple[int, Decision, CoupleState | None]]:
    """Every stored decision with its sequence and the state it had seen."""
    state: CoupleState | None = None
    waiting: list[tuple[int, LogEvent]] = []
    for seq, event in log:
        if isinstance(event, Decision):
            state = fold(couple_id, [one for one in waiting if one[0] <= event.folded_to], state)
            waiting = [one for one in waiting if one[0] > event.folded_to]
            if state is not None and state.seq > event.folded_to:
                yield seq, event, fold(couple_id, [one for one in log if one[0] <= event.folded_to])
            else:
                yield seq, event, state
        waiting.append((seq, event))


def _differences(stored: Decision, state: CoupleState | None) -> Iterator[Difference]:
    if state is None:
        yield Difference("the couple", "a decision", "nobody has joined by then: is the beginning of the log missing?")
        return
    if state.seq != stored.folded_to:
        seen = f"events up to {stored.folded_to}"
        yield Difference("what was seen", seen, f"the log has none after {state.seq}: is a part of it missing?")
    yield from _compared(stored, decide(state, stored.as_of))


def _compared(stored: Decision, now: Decision) -> Iterator[Difference]:
    if stored.outcomes != now.outcomes:
        yield from _outcomes(stored.outcomes, now.outcomes)
    for name in ("couple_id", "external_id", "key_id", "week", "tz", "next_look"):
        yield from _field(name.replace("_", " "), getattr(stored, name), getattr(now, name))


def _outcomes(stored: Sequence[Outcome], now: Sequence[Outcome]) -> Iterator[Difference]:
    """Outcomes are told apart by what they are about; then each is compared field by field."""
    before, after = _by_subject(stored), _by_subject(now)
    for about, outcome in before.items():
        if about not in after:
            yield Difference(about, in_short(outcome), None)
    for about, outcome in after.items():
        if about not in before:
            yield Difference(about, None, in_short(outcome))
    common = [about for about in before if about in after]
    for about in common:
        yield from _fields(about, before[about], after[about])
    order = [about for about in after if about in before]
    if common != order:
        yield Difference("the order of outcomes", ", ".join(common), ", ".join(order))


def _by_subject(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        about = subject_of(outcome)
        again = sum(known == about or known.startswith(f"{about} (") for known in found)
        found[f"{about} ({again + 1})" if again else about] = outcome
    return found


def _fields(about: str, stored: Model, now: Model) -> Iterator[Difference]:
    for name in type(stored).model_fields:
        before, after = getattr(stored, name), getattr(now, name)
        if before == after:
            continue
        if isinstance(before, Model) and type(before) is type(after):
            yield from _fields(f"{about}, {name.replace('_', ' ')}", before, after)
        else:
            yield from _field(f"{about}, {name.replace('_', ' ')}", before, after)


def _field(about: str, stored: Any, now: Any) -> Iterator[Difference]:
    if stored != now:
        yield Difference(about, _text(stored), _text(now))


def subject_of(outcome: Outcome) -> str:
    """What an outcome is about: its sort, with what tells it from others of the sort."""
    match outcome:
        case DateOutcome():
            return f"date {outcome.date.uid.partition('@')[0]}"
        case NudgeOutcome():
            return f"nudge {outcome.nudge_id}"
        case HoldOutcome():
            return f"hold of {outcome.kind or 'both'} {outcome.stage} for {outcome.addressee}"
        case ResumeOutcome():
            return "end of the pause"
        case InviteOutcome():
            return f"invite of {outcome.partner} to {outcome.date.uid.partition('@')[0]}"


def in_short(outcome: Outcome) -> str:
    """An outcome in a few words, times in UTC."""
    match outcome:
        case DateOutcome():
            return f"{outcome.change}, {_text(outcome.date.start)}"
        case NudgeOutcome():
            return f"{outcome.stage} to {outcome.addressee}: {outcome.title}"
        case HoldOutcome():
            return f"{outcome.reason.replace('_', ' ')}, until {_text(outcome.until)}"
        case ResumeOutcome():
            return f"over, {_text(outcome.until)}"
        case InviteOutcome():
            return f"by {outcome.by} from now on"


def _text(value: Any) -> str:
    match value:
        case None:
            return "none"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}Z"
        case tuple():
            return "; ".join(str(getattr(one, "text", one)) for one in value) or "none"
        case _:
            return str(value)
