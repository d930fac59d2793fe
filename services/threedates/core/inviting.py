"""By which way each partner gets the dates that are set: through the feed, or as invites by mail. Pure.

The way is the date's own, so that every date stands in one place at every time, and whoever changes it later knows
where. It is chosen when the date is first set; where a partner's choice has changed since, a decision brings it over.
"""

from datetime import datetime

from threedates.core.change import with_date
from threedates.core.evolve import evolve
from threedates.core.state import CoupleState, DateState
from threedates.schemas.outcomes import DateOutcome, InviteOutcome, Outcome


def addressed(state: CoupleState, outcome: Outcome) -> Outcome:
    """An outcome about to be decided, with those to whom its date goes by mail; others are as they were."""
    if not isinstance(outcome, DateOutcome):
        return outcome
    known = state.dates.get(outcome.date.uid)
    mailed = known.mailed if known is not None else None
    if mailed is None:
        mailed = _by_mail(state) if outcome.date.status == "scheduled" else ()
    return outcome.model_copy(update={"mailed": mailed}) if mailed else outcome


def set_first(state: CoupleState, outcome: DateOutcome) -> CoupleState:
    """The state with the ways of a date as they were decided, if it was then set for the first time."""
    date = state.dates[outcome.date.uid]
    if date.mailed is not None or outcome.date.status != "scheduled":
        return state
    return with_date(state, evolve(date, mailed=outcome.mailed))


def next_invite(state: CoupleState, now: datetime) -> InviteOutcome | None:
    """The next date still ahead whose way to a partner is not the one chosen, in the order the dates were made."""
    wanted = _by_mail(state)
    for date in state.at_hand.open:
        if date.mailed is None or date.mailed == wanted or date.record.end <= now:
            continue
        partner = 0 if (0 in date.mailed) != (0 in wanted) else 1
        chosen = state.settings.partners[partner]
        return InviteOutcome(date=date.record, partner=chosen.name, by=chosen.invites)
    return None


def invited(state: CoupleState, outcome: InviteOutcome) -> CoupleState:
    """The state with a date brought over; as it was where no such date or partner is left."""
    date = state.dates.get(outcome.date.uid)
    if date is None or outcome.partner not in state.settings.names:
        return state
    partner = state.settings.names.index(outcome.partner)
    others = {one for one in date.mailed or () if one != partner}
    mailed = tuple(sorted(others | ({partner} if outcome.by == "mail" else set())))
    return with_date(state, evolve(date, mailed=mailed))


def is_mailed(date: DateState | None, partner: int) -> bool:
    """Whether that date's invites go to a partner by mail."""
    return date is not None and date.mailed is not None and partner in date.mailed


def _by_mail(state: CoupleState) -> tuple[int, ...]:
    return tuple(n for n, partner in enumerate(state.settings.partners) if partner.invites == "mail")
