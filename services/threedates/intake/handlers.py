"""The inbox's handler: each message is admitted to its couple's log, or refused with its reason and its bytes.

A thin shell over :mod:`core.admission`. Batches are worked on one after the other, and a couple's messages in their
order; between replicas an input is never refused while an earlier command of its couple is still in the inbox.
"""

import asyncio
import logging

from nats.aio.msg import Msg

from threedates.core.admission import admit
from threedates.core.refusal import Refusal
from threedates.edge.batches import delivered_at, work
from threedates.edge.clock import Clock
from threedates.edge.errors import TooEarly
from threedates.edge.metrics import APPENDS, EVENTS, REFUSED
from threedates.edge.refusals import keep_refused
from threedates.edge.wire import Wire
from threedates.intake.known import Known
from threedates.intake.subject import Address, Astray, in_turns, known_what, read
from threedates.schemas.log import Fact, encode

logger = logging.getLogger("threedates")


class Handlers:
    """Handles batches from the inbox."""

    def __init__(self, wire: Wire, clock: Clock, known: Known) -> None:
        self._wire = wire
        self._clock = clock
        self._known = known
        # The next batch is fetched meanwhile; to work on it would let it overtake this one.
        self._turn = asyncio.Lock()

    async def on_batch(self, batch: list[Msg]) -> None:
        """Input came in."""
        async with self._turn:
            for turn in in_turns(batch, self._wire.names.prefix, self._is_known):
                await work(self._wire, self._clock, [[message] for message in turn], self._one)

    def _is_known(self, couple_id: str) -> bool:
        return self._known.lately(couple_id) is not None

    async def _one(self, messages: list[Msg]) -> None:
        """One message. Raises Unavailable."""
        (message,) = messages
        found = read(message.subject, self._wire.names.prefix)
        EVENTS.labels(known_what(found.what)).inc()
        if isinstance(found, Astray):
            await self._refuse(message, None, found.what, found.refusal)
            return
        verdict = self._at_once(message, found) or await self._closely(message, found)
        if isinstance(verdict, Refusal):
            await self._refuse(message, found.couple_id, found.what, verdict)
        else:
            await self._append(found, verdict)

    def _at_once(self, message: Msg, address: Address) -> list[Fact] | None:
        """The facts of a check-in whose couple was met lately; None where it takes a closer look."""
        state = self._known.lately(address.couple_id) if address.what == "checkin" else None
        if state is None:
            return None
        verdict = admit(address.what, address.couple_id, message.data, state, delivered_at(message))
        return None if isinstance(verdict, Refusal) else verdict

    async def _closely(self, message: Msg, address: Address) -> list[Fact] | Refusal:
        """The verdict on the couple's state as it is now. Raises Unavailable."""
        verdict = await self._on_fresh_state(message, address)
        if not isinstance(verdict, Refusal) or verdict.code in ("malformed", "too_large"):
            return verdict
        await self._wait_for_earlier(message, address)
        # Another replica may have appended the earlier command between the reading and the waiting.
        return await self._on_fresh_state(message, address)

    async def _on_fresh_state(self, message: Msg, address: Address) -> list[Fact] | Refusal:
        state = await self._known.load(address.couple_id)
        # By the broker's clock: a message that is delivered twice is judged the same twice.
        facts = admit(address.what, address.couple_id, message.data, state, delivered_at(message))
        if isinstance(facts, Refusal):
            return facts
        if state is None and await self._known.is_erased(address.couple_id):
            return Refusal("unknown_couple", f"the couple {address.couple_id} left, and its id is never used again")
        return facts

    async def _wait_for_earlier(self, message: Msg, address: Address) -> None:
        """Raises TooEarly while an earlier command of the couple is under way, here or in another replica."""
        names = self._wire.names
        commands = names.inbound("command", address.couple_id)
        first = await self._wire.reader.first(names.inbox, commands, 1)
        if first is not None and first.seq < message.metadata.sequence.stream:
            raise TooEarly(f"an earlier command of {address.couple_id} is not in the log yet")

    async def _append(self, address: Address, facts: list[Fact]) -> None:
        subject = self._wire.names.fact(address.couple_id)
        if address.what == "checkin":
            await self._wire.publish(subject, encode(facts[0]))
            APPENDS.labels("fact").inc()
            return
        seqs = await asyncio.gather(*(self._wire.publish(subject, encode(fact)) for fact in facts))
        APPENDS.labels("fact").inc(len(seqs))
        if address.what == "command":
            self._known.appended(address.couple_id, max(seqs))

    async def _refuse(self, message: Msg, couple_id: str | None, what: str, refusal: Refusal) -> None:
        """Keep the original bytes with the reason. Raises Unavailable."""
        REFUSED.labels("intake", known_what(what), refusal.code).inc()
        logger.debug("refused %s: %s", message.subject, refusal.code)
        # They left: nothing of theirs is kept any more, a note least of all.
        has_left = refusal.code == "unknown_couple" and bool(couple_id) and await self._known.is_erased(couple_id or "")
        await keep_refused(self._wire, couple_id, what, message.subject, message.data, refusal, has_left=has_left)
