"""From a decision to delivery tasks: one per nudge, or change of a date, and endpoint that wants it.

In: the decision with its place in the log, the endpoints that may hear it, what links are made with. Out: the tasks,
and the nudges that no endpoint wanted.
"""

from dataclasses import dataclass
from datetime import timedelta

from threedates.core.links import action_links
from threedates.core.webhook import addressee_index, body_of, date_webhook, matches, nudge_webhook
from threedates.schemas.base import Kind
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome
from threedates.schemas.webhook import Actions, Delivery, Endpoint, Webhook

LINKS_LIVE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """What action links are made with: the server's key and the base of its URLs."""

    key: bytes
    base_url: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """The tasks of one decision, and the ids of nudges nobody hears."""

    tasks: tuple[Delivery, ...]
    unheard: tuple[str, ...]


def has_news(decision: Decision) -> bool:
    """Whether any of its outcomes may go out."""
    return any(isinstance(outcome, DateOutcome | NudgeOutcome) for outcome in decision.outcomes)


def outbound(decision: Decision, sequence: int, endpoints: list[Endpoint], links: LinkMaker) -> Outbound:
    """The delivery tasks of a decision that stands at ``sequence`` in the log, in the order of its outcomes."""
    tasks: list[Delivery] = []
    unheard: list[str] = []
    for outcome in decision.outcomes:
        if isinstance(outcome, NudgeOutcome):
            wanting = _wanting(endpoints, nudge_webhook(decision, sequence, outcome, None), outcome.addressee)
            if not wanting:
                unheard.append(outcome.nudge_id)
                continue
            # Links cost more than the rest; they are made only for somebody.
            tasks += nudge_tasks(decision, sequence, outcome, [endpoint.id for endpoint in wanting], links)
        elif isinstance(outcome, DateOutcome):
            webhook = date_webhook(decision, sequence, outcome)
            if webhook is not None:
                to = [endpoint.id for endpoint in _wanting(endpoints, webhook, None)]
                tasks += _tasks(decision, sequence, webhook, to, outcome.date.kind)
    return Outbound(tuple(tasks), tuple(unheard))


def one_again(
    decision: Decision, sequence: int, endpoint: Endpoint, message_id: str, links: LinkMaker
) -> Delivery | None:
    """One of a decision's messages for an endpoint that has had it before, whatever its filters are by now."""
    hears_all = endpoint.model_copy(update={"types": ("*",), "kinds": None, "partners": None, "disabled": None})
    tasks = outbound(decision, sequence, [hears_all], links).tasks
    return next((task for task in tasks if task.message_id == message_id), None)


def _wanting(endpoints: list[Endpoint], webhook: Webhook, addressee: str | None) -> list[Endpoint]:
    return [e for e in endpoints if matches(e, webhook.type, webhook.data.kind, addressee)]


def nudge_tasks(
    decision: Decision, sequence: int, nudge: NudgeOutcome, to: list[str], links: LinkMaker
) -> list[Delivery]:
    """The tasks that bring one nudge to endpoints, or to what stands in the place of one, by their ids."""
    webhook = nudge_webhook(decision, sequence, nudge, _actions(decision, nudge, links))
    about = {"cycle": nudge.cycle, "stage": nudge.stage, "addressee": nudge.addressee}
    return [task.model_copy(update=about) for task in _tasks(decision, sequence, webhook, to, nudge.kind)]


def _actions(decision: Decision, nudge: NudgeOutcome, links: LinkMaker) -> Actions | None:
    """The links that answer a nudge; a nudge about no kind asks for nothing that a link could do."""
    if nudge.kind is None:
        return None
    return action_links(
        links.key,
        links.base_url,
        decision.couple_id,
        addressee_index(nudge.nudge_id),
        nudge.kind,
        nudge.date.uid if nudge.date is not None else None,
        decision.at + LINKS_LIVE,
    )


def _tasks(decision: Decision, sequence: int, webhook: Webhook, to: list[str], kind: Kind | None) -> list[Delivery]:
    body = body_of(webhook) if to else ""
    message_id = webhook.data.nudge_id or webhook.data.event_id or ""
    return [
        Delivery(
            message_id=message_id,
            endpoint_id=endpoint_id,
            couple_id=decision.couple_id,
            type=webhook.type,
            body=body,
            decided_seq=sequence,
            kind=kind,
            first_at=decision.at,
        )
        for endpoint_id in to
    ]
