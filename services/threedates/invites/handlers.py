"""What a decision changes in calendars: each of its dates is rendered and kept. A thin shell over core.calendar."""

from nats.aio.msg import Msg

from threedates.core.calendar.block import block_of
from threedates.core.calendar.event import tzid_of
from threedates.edge.batches import couple_of, work
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.feedstore import drop_oldest, keep_block
from threedates.edge.tzfooter import timezone_block
from threedates.edge.wire import Wire
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, InviteOutcome
from threedates.schemas.reading import read_event


class Handlers:
    """Handles batches of decisions. Each stands for itself: order and repetition make no difference to the bucket."""

    def __init__(self, wire: Wire, clock: Clock, couples: Couples, organizer: str | None) -> None:
        self._wire = wire
        self._clock = clock
        self._couples = couples
        self._organizer = organizer

    async def on_decisions(self, batch: list[Msg]) -> None:
        """Decisions were appended to logs."""
        await work(self._wire, self._clock, ([message] for message in batch), self._decision)

    async def _decision(self, messages: list[Msg]) -> None:
        (message,) = messages
        decision = read_event(message.data)
        dates = _dates(decision) if isinstance(decision, Decision) else []
        if not dates:
            return
        seq = message.metadata.sequence.stream
        couple_id = couple_of(message.subject, self._wire.names.prefix)
        attendees = await self._attendees(couple_id, seq)
        if attendees is None:
            return  # They left; nothing of theirs may come back.
        for date in dates:
            tzid = tzid_of(date)
            timezone = timezone_block(tzid) if tzid else None
            block = block_of(date, decision.at, seq, timezone, organizer=self._organizer, attendees=attendees)
            await keep_block(self._wire, couple_id, date, block)
            await drop_oldest(self._wire, couple_id, date)

    async def _attendees(self, couple_id: str, seq: int) -> tuple[Partner, ...] | None:
        """Whom invites are addressed to, None where the couple left. Without an organizer nobody is invited."""
        if await self._couples.is_erased(couple_id):
            return None
        if self._organizer is None:
            return ()
        state = await self._couples.load(couple_id, at_least=seq)
        return None if state is None or state.left else state.settings.partners


def _dates(decision: Decision) -> list[DateRecord]:
    """The dates a decision changed, or sends another way, each once, as it left them."""
    told = (outcome.date for outcome in decision.outcomes if isinstance(outcome, DateOutcome | InviteOutcome))
    return list({date.uid: date for date in told}.values())
