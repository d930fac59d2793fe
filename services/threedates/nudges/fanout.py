"""The first half of the service: batches of decisions become delivery tasks.

Endpoints are read afresh, in one go for the batch, so that a new or changed one counts from its next message on. A
nudge that no endpoint wants becomes the fact ``nudge.dropped``, which gives its share of the budget back.
"""

import asyncio

from nats.aio.msg import Msg
from pydantic import ValidationError

from threedates.core.outbound import LinkMaker, has_news, outbound
from threedates.edge.batches import give_back, work
from threedates.edge.clock import Clock
from threedates.edge.endpoints import Endpoints, KeptEndpoint, key_owner
from threedates.edge.errors import Unavailable
from threedates.edge.handing_on import hand_on
from threedates.edge.wire import Wire
from threedates.nudges.aftermath import dropped
from threedates.schemas.log import Decision


class FanOut:
    """Handles batches of decisions."""

    def __init__(self, wire: Wire, clock: Clock, endpoints: Endpoints, links: LinkMaker) -> None:
        self._wire = wire
        self._clock = clock
        self._endpoints = endpoints
        self._links = links

    async def on_decisions(self, batch: list[Msg]) -> None:
        """Decisions were appended to logs."""
        decisions = {id(message): _parse(message) for message in batch}
        try:
            by_owner = await self._of_owners([d for d in decisions.values() if d is not None])
        except Unavailable:
            await give_back(batch)
            return

        async def handle(group: list[Msg]) -> None:
            for message in group:
                decision = decisions[id(message)] or Decision.model_validate_json(message.data)
                await self._fan_out(decision, message.metadata.sequence.stream, by_owner)

        await work(self._wire, self._clock, [[message] for message in batch], handle)

    async def _of_owners(self, decisions: list[Decision]) -> dict[str, list[KeptEndpoint]]:
        telling = [d for d in decisions if has_news(d)]
        owners = {d.couple_id for d in telling} | {key_owner(d.key_id) for d in telling}
        return await self._endpoints.of_owners(owners)

    async def _fan_out(self, decision: Decision, sequence: int, by_owner: dict[str, list[KeptEndpoint]]) -> None:
        hearing = by_owner.get(decision.couple_id, []) + by_owner.get(key_owner(decision.key_id), [])
        out = outbound(decision, sequence, list(hearing), self._links)
        await asyncio.gather(
            *(hand_on(self._wire, task) for task in out.tasks),
            *(dropped(self._wire, decision.couple_id, n, "no_endpoint", self._clock()) for n in out.unheard),
        )


def _parse(message: Msg) -> Decision | None:
    try:
        return Decision.model_validate_json(message.data)
    except ValidationError:
        # Its own handler meets the error again, and answers for this message alone.
        return None
