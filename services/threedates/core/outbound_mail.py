"""From a decision to tasks for mail: invites to those who chose them, and nudges that no endpoint wanted.

In: the decision with its place in the log, the couple's state at that place or later, the nudges nobody hears. Out: the
tasks, without any address, and the nudges that mail cannot bring either.
"""

from collections.abc import Iterator, Sequence

from threedates.core.ids import change_id, mail_id
from threedates.core.outbound import LinkMaker, Outbound, nudge_tasks
from threedates.core.state import CoupleState
from threedates.core.webhook import addressee_index
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, InviteOutcome, NudgeOutcome
from threedates.schemas.webhook import Delivery, InviteNews, WebhookType

_TYPES: dict[InviteNews, WebhookType] = {
    "set": "date.scheduled",
    "moved": "date.moved",
    "asked": "date.moved",
    "idea": "date.scheduled",
    "off": "date.cancelled",
    "by_mail": "date.scheduled",
    "by_feed": "date.cancelled",
}


def may_be_mailed(decision: Decision, unheard: Sequence[str]) -> bool:
    """Whether there is anything in it that mail could bring, so that the couple's state is worth loading."""
    return bool(unheard) or any(
        isinstance(outcome, InviteOutcome) or (isinstance(outcome, DateOutcome) and outcome.mailed)
        for outcome in decision.outcomes
    )


def by_mail(
    decision: Decision, sequence: int, state: CoupleState, unheard: Sequence[str], links: LinkMaker
) -> Outbound:
    """The tasks for mail of a decision that stands at ``sequence`` in the log."""
    tasks = list(_invites(decision, sequence, state))
    still_unheard: list[str] = []
    for nudge in decision.outcomes:
        if not isinstance(nudge, NudgeOutcome) or nudge.nudge_id not in unheard:
            continue
        addressee = addressee_index(nudge.nudge_id)
        if state.settings.partners[addressee].email is None:
            still_unheard.append(nudge.nudge_id)
        else:
            tasks += nudge_tasks(decision, sequence, nudge, [mail_id(decision.couple_id, addressee)], links)
    return Outbound(tuple(tasks), tuple(still_unheard))


def _invites(decision: Decision, sequence: int, state: CoupleState) -> Iterator[Delivery]:
    for outcome in decision.outcomes:
        if isinstance(outcome, DateOutcome):
            news = _news(outcome)
            if news is None or (news != "off" and outcome.date.end <= decision.at):
                continue
            for partner in outcome.mailed:
                yield _invite(decision, sequence, outcome.date, news, partner)
        elif isinstance(outcome, InviteOutcome) and outcome.partner in state.settings.names:
            partner = state.settings.names.index(outcome.partner)
            yield _invite(decision, sequence, outcome.date, "by_mail" if outcome.by == "mail" else "by_feed", partner)


def _news(outcome: DateOutcome) -> InviteNews | None:
    """What a change says to whoever has been invited; None where their calendars show it already."""
    if outcome.change == "idea":
        return "idea"
    match outcome.date.status:
        case "proposed":
            return "asked"
        case "scheduled":
            return "moved" if outcome.change == "moved" else "set"
        case "held":
            return None
        case "skipped" | "cancelled":
            return "off"


def _invite(decision: Decision, sequence: int, date: DateRecord, news: InviteNews, partner: int) -> Delivery:
    of_change = change_id(decision.couple_id, date.kind, date.n, date.sequence)
    # The same date may be brought over and back without any change of its own.
    is_brought_over = news in ("by_mail", "by_feed")
    return Delivery(
        message_id=f"{of_change}-{sequence}" if is_brought_over else of_change,
        endpoint_id=mail_id(decision.couple_id, partner),
        couple_id=decision.couple_id,
        type=_TYPES[news],
        body="",
        decided_seq=sequence,
        kind=date.kind,
        first_at=decision.at,
        invite=news,
        date=date,
    )
