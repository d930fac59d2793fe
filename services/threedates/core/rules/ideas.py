"""Which idea, agenda or prompt a date gets: by what was reported since the last one, not repeated for eight weeks."""

from datetime import datetime, timedelta

from threedates.core.due import live_signs
from threedates.core.state import CoupleState
from threedates.core.walltime import local
from threedates.core.wording import Idea, Tag, language, pick_evening_apart, pick_idea, question
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
    dates = [date.record for date in state.dates.values() if date.record.kind == kind]
    recent = {date.idea_id for date in dates if date.start > now - EIGHT_WEEKS}
    return pick_idea(language(state.settings.language), kind, wanted(state, kind), recent, f"{state.couple_id} {n}")


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
            return pick_evening_apart(lang, (), f"{state.couple_id} {addressee} {day.toordinal() // 7}").text
        case "check_in":
            return question(lang, day, state.couple_id)
        case _:
            return ""
