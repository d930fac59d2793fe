"""Does a replay find every sort of difference, name it, and forgive what the broker may do?"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.simulate.kit import lived
from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.core.replay import Difference, check
from threedates.schemas.log import CheckedIn, Decision, LogEvent
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome

Log = list[tuple[int, LogEvent]]


@pytest.fixture
def log() -> Log:
    return list(lived("attentive", 3).log)


def tampered(log: Log, change: Callable[[Decision], dict[str, Any]]) -> tuple[Log, int]:
    """The log's last decision with a nudge in it, changed; and its sequence."""
    at = max(n for n, (_, e) in enumerate(log) if isinstance(e, Decision) and any_nudge(e))
    seq, decision = log[at]
    assert isinstance(decision, Decision)
    return [*log[:at], (seq, decision.model_copy(update=change(decision)))], seq


def any_nudge(decision: Decision) -> bool:
    return any(isinstance(outcome, NudgeOutcome) for outcome in decision.outcomes)


def found(log: Log) -> list[tuple[int, Difference]]:
    return [(one.seq, difference) for one in check("attentive-1", log).differing for difference in one.differences]


def test_what_is_untouched_is_alike(log: Log) -> None:
    """Same log, same clock, same bytes."""
    checked = check("attentive-1", log)
    assert (checked.decisions, checked.differing) == (sum(isinstance(e, Decision) for _, e in log), ())


def test_other_words_are_named_field_by_field(log: Log) -> None:
    """A change of wording is one line, not a whole outcome."""

    def other_title(decision: Decision) -> dict[str, Any]:
        return {
            "outcomes": tuple(
                o.model_copy(update={"title": "Hello"}) if isinstance(o, NudgeOutcome) else o for o in decision.outcomes
            )
        }

    changed, seq = tampered(log, other_title)
    [(at, difference)] = found(changed)
    assert at == seq
    assert difference.about.endswith(", title")
    assert difference.stored == "Hello"
    assert difference.now not in (None, "Hello")


def test_a_nudge_that_would_not_be_decided_any_more_is_named(log: Log) -> None:
    """Stored, and nothing like it now."""

    def one_more(decision: Decision) -> dict[str, Any]:
        nudge = next(o for o in decision.outcomes if isinstance(o, NudgeOutcome))
        return {"outcomes": (*decision.outcomes, nudge.model_copy(update={"nudge_id": "made-up"}))}

    changed, seq = tampered(log, one_more)
    [(at, difference)] = found(changed)
    assert (at, difference.about, difference.now) == (seq, "nudge made-up", None)


def test_a_nudge_that_would_now_be_decided_is_named(log: Log) -> None:
    """Not stored, but decided now."""
    changed, seq = tampered(log, lambda decision: {"outcomes": (), "next_look": None})
    differences = [difference for at, difference in found(changed) if at == seq]
    assert any(d.about.startswith("nudge ") and d.stored is None for d in differences)
    assert any(d.about == "next look" and d.stored == "none" for d in differences)


def test_a_date_at_another_time_is_named_with_both_times(log: Log) -> None:
    """So that a change of the slot rule can be judged."""
    at = max(
        n
        for n, (_, e) in enumerate(log)
        if isinstance(e, Decision) and any(isinstance(o, DateOutcome) for o in e.outcomes)
    )
    seq, decision = log[at]
    assert isinstance(decision, Decision)
    moved = tuple(
        o.model_copy(update={"date": o.date.model_copy(update={"tz": "Asia/Tokyo"})})
        if isinstance(o, DateOutcome)
        else o
        for o in decision.outcomes
    )
    differences = [d for s, d in found([*log[:at], (seq, decision.model_copy(update={"outcomes": moved}))]) if s == seq]
    assert differences
    assert all(d.about.endswith(", date, tz") and d.stored == "Asia/Tokyo" for d in differences)


def test_facts_between_what_was_seen_and_the_decision_are_allowed(log: Log) -> None:
    """On three replicas a fact in flight may slip in: the decision did not see it, and is judged without it."""
    state = fold("attentive-1", log)
    assert state is not None
    assert state.as_of is not None
    late = CheckedIn(id="late", at=state.as_of, partner="sam", mood=1, conflict=True)
    decision = decide(state, lived("attentive", 3).end)
    assert decision.outcomes or decision.next_look
    grown: Log = [*log, (state.seq + 1, late), (state.seq + 2, decision)]
    assert decision.folded_to == state.seq
    assert not found(grown)


def test_a_log_without_its_beginning_is_said_to_be_one(log: Log) -> None:
    """Rather than a crash, or silence."""
    differences = found(log[1:])
    assert differences
    assert all("missing" in (difference.now or "") for _, difference in differences)


def test_a_gap_in_the_log_is_named(log: Log) -> None:
    """A decision names the last event it saw; where that is gone the comparison means little, and says so."""
    at = next(n for n, (_, e) in enumerate(log) if isinstance(e, CheckedIn) and isinstance(log[n + 1][1], Decision))
    assert any("is a part of it missing" in (d.now or "") for _, d in found([*log[:at], *log[at + 1 :]]))
