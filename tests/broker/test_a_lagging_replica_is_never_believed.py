"""A replica may answer a read before it has caught up: a look must not end by what such a one knows."""

import pytest

from tests.broker.edge_kit import clock, edge
from threedates.cadence.look import Looker
from threedates.core.fold import fold
from threedates.edge.couples import Couples
from threedates.edge.directget import DirectReader, Stored
from threedates.edge.errors import Unavailable
from threedates.edge.timers import Timers
from threedates.edge.wire import Wire


class Lagging(DirectReader):
    """Reads as a replica answers that knows the log up to a sequence only."""

    def __init__(self, wire: Wire, log: str, knows: int) -> None:
        super().__init__(wire.client)
        self._log = log
        self._knows = knows

    async def tail(self, stream: str, subject: str, from_seq: int) -> list[Stored]:
        found = await super().tail(stream, subject, from_seq)
        return [stored for stored in found if stream != self._log or stored.seq <= self._knows]

    async def ends(self, stream: str, subjects: list[str]) -> tuple[list[Stored], int]:
        return await self.last_of(stream, subjects), self._knows

    async def last_of(self, stream: str, subjects: list[str], up_to: int = 0) -> list[Stored]:
        if stream != self._log:
            return await super().last_of(stream, subjects, up_to)
        return [stored for subject in subjects for stored in (await self.tail(stream, subject, 1))[-1:]]


async def test_a_state_never_goes_back_to_what_a_replica_knows(nats_url: str, prefix: str) -> None:
    """Else the couple would be decided upon without what they said a moment ago."""
    async with edge(nats_url, prefix) as e:
        joined = await e.join("c1")
        await e.check_in("c1", "e1")
        state = await e.couples.load("c1")
        reader, e.wire.reader = e.wire.reader, Lagging(e.wire, e.wire.names.log, joined)
        with pytest.raises(Unavailable, match="has not caught up"):
            await e.couples.load("c1")
        e.wire.reader = reader
        assert await e.couples.load("c1") == state


async def test_a_look_does_not_end_before_the_leaders_end_of_the_log(nats_url: str, prefix: str) -> None:
    """It has set the timer by what it knew; only who knows all may leave it at that."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        looked = await Looker(e.couples, Timers(e.wire), clock).look("c1", clock())
        assert looked is not None
        fact = await e.check_in("c1", "e1")
        reader, e.wire.reader = e.wire.reader, Lagging(e.wire, e.wire.names.log, looked.seq)
        late = Looker(Couples(e.wire), Timers(e.wire), clock)
        with pytest.raises(Unavailable, match="has not caught up"):
            await late.look("c1", clock())
        e.wire.reader = reader
        after = await late.look("c1", clock())
        assert after is not None
        assert after.seq >= fact


async def test_a_fact_that_slips_in_before_a_decision_is_heard(
    nats_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On several nodes the compare-and-set does not see what is still under way to the others."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        publish, slipped = e.wire.publish, list[str]()

        async def slipping(subject: str, data: bytes, headers: dict[str, str] | None = None) -> int:
            if subject != e.wire.names.decision("c1") or slipped:
                return await publish(subject, data, headers)
            slipped.append(subject)
            await e.check_in("c1", "slipped")
            return await publish(subject, data)

        monkeypatch.setattr(e.wire, "publish", slipping)
        looked = await Looker(e.couples, Timers(e.wire), clock).look("c1", clock())
        assert slipped
        assert looked is not None
        assert looked == fold("c1", await e.couples.events("c1"))
        assert "slipped" in looked.seen
