"""Which idea, agenda or prompt a date gets: by what was reported since the last one, not repeated for eight weeks."""

from datetime import datetime, timedelta

from threedates.core.due import live_signs
from threedates.core.state import CoupleState, DateState
from threedates.core.walltime import local
from threedates.core.wording import Idea, Tag, evening_apart, language, pick_idea, question
from threedates.schemas.base import Kind

EIGHT_WEEKS = timedelta(days=56)
_ASKS_FOR: dict[str, Tag] = {
    "conflict": "after_conflict",
    "less_affection": "affection",
    "less_desire": "affection",
    "surface_talk": "deep",
    "stress_money": "money",
    "stress_chores": "chores",
    "stress_family": "family",
    "stress_plans": "plans",
    "play_missing": "play",
    "flat_mood": "easy",
}


def idea_for(state: CoupleState, kind: Kind, n: int, now: datetime) -> Idea:
    """The idea for the n-th date of a kind, made at an instant."""
    recent = _recent(state, kind, now)
    return pick_idea(language(state.settings.language), kind, wanted(state, kind), recent, f"{state.couple_id} {n}")


def another_idea(state: CoupleState, date: DateState, now: datetime) -> Idea:
    """The next-best idea for a date, none of those passed over while there is any other; never the one it has."""
    record = date.record
    lang, wants = language(state.settings.language), wanted(state, record.kind)
    recent = _recent(state, record.kind, now) | set(date.passed) | {record.idea_id}
    if all(idea.id in recent for idea in lang.ideas[record.kind]):
        recent = {record.idea_id}
    return pick_idea(lang, record.kind, wants, recent, f"{state.couple_id} {record.n}")


def _recent(state: CoupleState, kind: Kind, now: datetime) -> set[str]:
    """The ideas of the last eight weeks."""
    dates = [date.record for date in state.dates.values() if date.record.kind == kind]
    return {date.idea_id for date in dates if date.start > now - EIGHT_WEEKS}


def wanted(state: CoupleState, kind: Kind) -> tuple[Tag, ...]:
    """What the signs since the kind's last date ask for: after a conflict that comes first, else the latest first."""
    rules = [sign.rule for sign in reversed(live_signs(state.kinds[kind]))]
    rules.sort(key=lambda rule: rule != "conflict")
    return tuple(dict.fromkeys(_ASKS_FOR[rule] for rule in rules if rule in _ASKS_FOR))


def suggestion(state: CoupleState, stage: str, addressee: str, now: datetime) -> str:
    """What a nudge about no kind suggests to its addressee: an evening of their own, the day's question, or nothing."""
    lang = language(state.settings.language)
    partner = state.settings.partner(addressee)
    day = local(now, partner.tz if partner is not None else state.settings.tz).date()
    match stage:
        case "time_apart":
            return evening_apart(lang, day, f"{state.couple_id} {addressee}").text
        case "check_in":
            return question(lang, day, state.couple_id)
        case _:
            return ""
