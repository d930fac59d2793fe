"""Saying that a calendar cannot be read: one webhook for each bout of failing, to whoever hears the couple."""

from datetime import datetime

from threedates.core.state import CoupleState
from threedates.core.webhook import body_of, matches
from threedates.edge.calendars import CalendarRecord
from threedates.edge.handing_on import hand_on
from threedates.edge.standing import endpoints_hearing
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339
from threedates.schemas.webhook import Delivery, Webhook, WebhookCalendar, WebhookData, WebhookType

_TYPE: WebhookType = "calendar.failing"


class Telling:
    """Tells endpoints."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def failing(self, record: CalendarRecord, state: CoupleState, now: datetime) -> None:
        """Tell the couple's endpoints and their key's; told twice, it has the same id. Raises Unavailable."""
        if record.error is None or record.failing_since is None:
            return
        name = state.settings.names[record.partner]
        # A bout begins after the last answer: that stays the same where a crash loses the record of this fetch.
        event_id = f"{record.id}-failing-{int((record.last_fetch or record.created_at).timestamp())}"
        data = WebhookData(
            event_id=event_id,
            couple_id=record.couple_id,
            external_id=state.settings.external_id,
            state=record.error,
            for_=name,
            title="A calendar cannot be read",
            message=_message(record, name),
            calendar=WebhookCalendar(
                id=record.id, error=record.error, failing_since=record.failing_since, next_poll=record.next_at
            ),
        )
        body = body_of(Webhook(type=_TYPE, timestamp=now, data=data))
        for endpoint in await endpoints_hearing(self._wire, state):
            if matches(endpoint, _TYPE, None, name):
                task = Delivery(
                    message_id=event_id,
                    endpoint_id=endpoint.id,
                    couple_id=record.couple_id,
                    type=_TYPE,
                    body=body,
                    first_at=now,
                )
                await hand_on(self._wire, task)


def _message(record: CalendarRecord, name: str) -> str:
    """What is wrong, for people; never the address, which is a secret, nor its host."""
    then = "It is not asked any more"
    if record.next_at is not None:
        then = f"It is tried again at {rfc3339(record.next_at.replace(microsecond=0))}"
    return f"A calendar of {name}’s cannot be read: {record.detail}. {then}; its busy times stay as they were known."
