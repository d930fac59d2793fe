"""Of what is due, one thing is said, to one person, at a good time.

Candidates are the stages the clock has reached and no decision has taken up. The largest deficit speaks first, the
others wait a gap; the addressee's quiet hours and attention budget hold it back, which is recorded once.
"""

from datetime import datetime
from typing import Literal

from threedates.core import ids
from threedates.core.candidates import Candidate, candidates
from threedates.core.rules.budget import budget_opens
from threedates.core.rules.ideas import suggestion
from threedates.core.rules.one_at_a_time import may_speak_from
from threedates.core.rules.quiet import quiet_until
from threedates.core.rules.reasons import reasons
from threedates.core.stages import CHECK_IN, standing
from threedates.core.state import CoupleState
from threedates.core.wording import language, nudge_words
from threedates.schemas.base import Kind
from threedates.schemas.outcomes import HoldOutcome, NudgeOutcome


def speak(state: CoupleState, now: datetime) -> NudgeOutcome | HoldOutcome | None:
    """The next nudge, or the next hold that is not on record yet."""
    held_kind: Kind | None = None
    for candidate in candidates(state, now):
        if _must_wait(candidate, held_kind) or may_speak_from(state, candidate, now) > now:
            continue
        quiet = quiet_until(state, candidate, now)
        opens = budget_opens(state, candidate, now)
        if quiet is None and opens <= now:
            return _nudge(state, candidate, now)
        if quiet is not None:
            # Until quiet hours end the largest deficit keeps its turn; others would only add to the wait.
            held_kind = candidate.kind
        hold = _hold(candidate, opens, "budget") if quiet is None else _hold(candidate, quiet, "quiet_hours")
        if not _is_on_record(state, hold):
            return hold
    return None


def _must_wait(candidate: Candidate, held_kind: Kind | None) -> bool:
    """Whether a larger deficit keeps its turn; the day's question takes nobody's."""
    return held_kind not in (None, candidate.kind) and candidate.stage != CHECK_IN


def _hold(candidate: Candidate, until: datetime, reason: Literal["quiet_hours", "budget"]) -> HoldOutcome:
    return HoldOutcome(
        kind=candidate.kind,
        cycle=candidate.cycle,
        stage=candidate.stage,
        addressee=candidate.addressee,
        until=until,
        reason=reason,
    )


def _is_on_record(state: CoupleState, hold: HoldOutcome) -> bool:
    of = (hold.kind, hold.cycle, hold.stage, hold.addressee, hold.until)
    return any((h.kind, h.cycle, h.stage, h.addressee, h.until) == of for h in state.holds)


def _nudge(state: CoupleState, candidate: Candidate, now: datetime) -> NudgeOutcome:
    kind, stage = candidate.kind, candidate.stage
    date = state.open_date(kind) if kind is not None else None
    record = date.record if date is not None else None
    words = nudge_words(
        kind,
        stage,
        candidate.addressee,
        state.other(candidate.addressee),
        record,
        lang=language(state.settings.language),
        suggestion=suggestion(state, stage, candidate.addressee, now),
    )
    addressee = state.settings.names.index(candidate.addressee)
    return NudgeOutcome(
        nudge_id=ids.nudge_id(state.couple_id, kind, candidate.cycle, stage, addressee),
        kind=kind,
        cycle=candidate.cycle,
        stage=stage,
        state=standing(state, kind, now).state if kind is not None else "fresh",
        addressee=candidate.addressee,
        title=words.title,
        message=words.message,
        date=record,
        because=reasons(state, kind, stage),
    )
