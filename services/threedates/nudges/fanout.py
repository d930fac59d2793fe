"""The first half of the service: batches of decisions become delivery tasks.

Endpoints are read afresh, in one go for the batch, so that a new or changed one counts from its next message on. A
nudge that no endpoint wants goes by mail where there is mail, and else becomes the fact ``nudge.dropped``, which gives
its share of the budget back. Only for mail is the couple's state asked for: who has an address, who chose invites.
"""

import asyncio

from nats.aio.msg import Msg
from pydantic import ValidationError

from threedates.core.outbound import LinkMaker, Outbound, has_news, outbound
from threedates.core.outbound_mail import by_mail, may_be_mailed
from threedates.edge.batches import give_back, work
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.edge.errors import Unavailable
from threedates.edge.handing_on import hand_on
from threedates.edge.importing import is_imported
from threedates.edge.wire import Wire
from threedates.nudges.aftermath import dropped
from threedates.schemas.log import Decision
from threedates.schemas.reading import read_decision


class FanOut:
    """Handles batches of decisions."""

    def __init__(
        self, wire: Wire, clock: Clock, endpoints: Endpoints, links: LinkMaker, mailed: Couples | None = None
    ) -> None:
        """``mailed`` loads couples for mail; None where no mail is set up."""
        self._wire = wire
        self._mailed = mailed
        self._clock = clock
        self._endpoints = endpoints
        self._links = links

    async def on_decisions(self, batch: list[Msg]) -> None:
        """Decisions were appended to logs. Of those that were imported everybody heard long ago."""
        decisions = {id(message): _parse(message) for message in batch}
        try:
            by_owner = await self._of_owners([d for d in decisions.values() if d is not None])
        except Unavailable:
            await give_back(batch)
            return

        async def handle(group: list[Msg]) -> None:
            for message in group:
                if is_imported(message):
                    continue
                decision = decisions[id(message)] or read_decision(message.data)
                await self._fan_out(decision, message.metadata.sequence.stream, by_owner)

        await work(self._wire, self._clock, [[message] for message in batch], handle)

    async def _of_owners(self, decisions: list[Decision]) -> dict[str, list[KeptEndpoint]]:
        telling = [d for d in decisions if has_news(d)]
        owners = {d.couple_id for d in telling} | {key_owner(d.key_id) for d in telling}
        return await self._endpoints.of_owners(owners)

    async def _fan_out(self, decision: Decision, sequence: int, by_owner: dict[str, list[KeptEndpoint]]) -> None:
        hearing = by_owner.get(decision.couple_id, []) + by_owner.get(key_owner(decision.key_id), [])
        out = outbound(decision, sequence, list(hearing), self._links)
        if self._mailed is not None and may_be_mailed(decision, out.unheard):
            state = await self._mailed.load(decision.couple_id, at_least=sequence)
            if state is None or state.left:
                return  # nothing of theirs may come back
            mail = by_mail(decision, sequence, state, out.unheard, self._links)
            out = Outbound(out.tasks + mail.tasks, mail.unheard)
        await asyncio.gather(
            *(hand_on(self._wire, task) for task in out.tasks),
            *(dropped(self._wire, decision.couple_id, n, "no_endpoint", self._clock()) for n in out.unheard),
        )


def _parse(message: Msg) -> Decision | None:
    try:
        return read_decision(message.data)
    except ValidationError:
        # Its own handler meets the error again, and answers for this message alone.
        return None
