"""Where a couple's events lie far apart, nobody looks for them by going through what all the others have said.

``far`` is made small, and a reader that goes through the log fails the test.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from tests.broker.edge_kit import START, Edge, clock, edge
from threedates.cadence.erase import Eraser
from threedates.cadence.look import Looker
from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.core.state import CoupleState
from threedates.core.trail import NO_TRAIL, PAGE
from threedates.edge import couplelog
from threedates.edge.couplelog import CoupleLog
from threedates.edge.couples import Couples
from threedates.edge.directget import DirectReader, Stored
from threedates.edge.errors import Unavailable
from threedates.edge.frozen import SNAPSHOTS, page_key
from threedates.edge.timers import Timers
from threedates.schemas.reading import read_event

FAR = 8


class NeverThrough(DirectReader):
    """Refuses to go through the log from one event to the next."""

    log = ""

    async def tail(self, stream: str, subject: str, from_seq: int) -> list[Stored]:
        assert stream != self.log, "it goes through the log"
        return await super().tail(stream, subject, from_seq)

    async def page(self, stream: str, subject: str, *more: object) -> tuple[list[Stored], bool]:
        assert stream != self.log, "it goes through the log"
        return await super().page(stream, subject, *more)  # type: ignore[arg-type]


@asynccontextmanager
async def far_apart(nats_url: str, prefix: str) -> AsyncIterator[Edge]:
    """An edge whose couples must be read without going through the log; ``c1`` has joined, far behind is everything."""
    async with edge(nats_url, prefix) as e:
        await others(e)
        await e.join("c1")
        await others(e)
        reader = NeverThrough(e.wire.client)
        reader.log = e.wire.names.log
        e.wire.reader = reader
        e.couples = Couples(e.wire, far=FAR)
        yield e


async def others(e: Edge) -> None:
    """So much is said by others that whatever was said before is far away."""
    for n in range(FAR):
        await e.check_in("others", f"others-{n}")


async def told(e: Edge, *ids: str) -> None:
    """The couple says something, with others before each time."""
    for one in ids:
        await others(e)
        await e.check_in("c1", one)


async def whole(e: Edge) -> list[Stored]:
    """The couple's log as the broker has it."""
    tail = await DirectReader(e.wire.client).tail(e.wire.names.log, e.wire.names.tree("c1"), 1)
    return sorted(tail, key=lambda stored: stored.seq)


async def folded(e: Edge) -> CoupleState:
    """The state that the log tells."""
    state = fold("c1", [(stored.seq, read_event(stored.data)) for stored in await whole(e)])
    assert state is not None
    return state


async def look(e: Edge, couples: Couples) -> CoupleState:
    """A look, which decides and writes its snapshot."""
    state = await Looker(couples, Timers(e.wire), clock).look("c1", clock())
    assert state is not None
    return state


@pytest.mark.parametrize("came", range(4))
async def test_what_came_since_the_snapshot_is_found(nats_url: str, prefix: str, came: int) -> None:
    """Nothing, a fact, or several; by who has seen the couple, and by who has not."""
    async with far_apart(nats_url, prefix) as e:
        assert await look(e, e.couples) == await folded(e)
        await told(e, *(f"e{n}" for n in range(came)))
        await others(e)
        for couples in (e.couples, Couples(e.wire, far=FAR)):
            assert await couples.load("c1") == await folded(e)


async def test_facts_and_decisions_in_any_order_are_found_from_any_of_them_on(nats_url: str, prefix: str) -> None:
    """Exhaustive over where one begins: what follows is what the log has, and what one began at is still there."""
    async with far_apart(nats_url, prefix) as e:
        state = await e.couples.load("c1")
        assert state is not None
        decided = decide(state, clock())
        for n in range(24):
            await others(e) if n % 5 == 0 else None
            if n % 3 == 2:
                await e.couples.append_decision(await folded(e), decided)
            else:
                await e.check_in("c1", f"e{n}")
        log, events = CoupleLog(e.wire, far=1), await whole(e)
        ends = await log.ends("c1")
        for seen in range(len(events) + 1):
            trail = NO_TRAIL.and_((stored.seq, read_event(stored.data)) for stored in events[:seen])
            begin = events[seen - 1].seq if seen else 0
            if begin == events[-1].seq:
                continue  # that is not far
            tail = await log.after("c1", ends, begin, trail)
            assert tail.is_there
            assert [stored.seq for stored in tail.events] == [stored.seq for stored in events[seen:]]


async def test_a_log_of_many_pages_is_read_by_its_trail(nats_url: str, prefix: str) -> None:
    """Whole, page by page from anywhere, and where the fold has a new version."""
    async with far_apart(nats_url, prefix) as e:
        for n in range(5):
            await told(e, *(f"{n}-{m}" for m in range(2)))
            for m in range(PAGE // 2):
                await e.check_in("c1", f"{n}-near-{m}")
            await look(e, e.couples)
        await told(e, "last")
        await others(e)
        kept = await e.wire.get_all(SNAPSHOTS, ["c1.*"])
        assert [entry.key for entry in kept] == [page_key("c1", 0), page_key("c1", 1)]
        events = [stored.seq for stored in await whole(e)]
        assert [stored.seq async for stored in e.couples.log.pages("c1")] == events
        for after in (0, *events[::37], *events[-3:]):
            page, more = await e.couples.log.page("c1", after, 50)
            follow = [seq for seq in events if seq > after]
            assert [stored.seq for stored in page] == follow[:50]
            assert more == (len(follow) > 50)
        snapshot = await e.wire.get(SNAPSHOTS, "c1")
        assert snapshot is not None
        await e.wire.put(SNAPSHOTS, "c1", b"v0\n" + snapshot.data.partition(b"\n")[2])
        anew = Couples(e.wire, far=FAR)
        assert await anew.load("c1") == await folded(e)
        assert await look(e, anew) == await folded(e)
        assert await e.couples.log.far_apart("c1") == [stored.seq for stored in await whole(e)]


async def test_without_a_snapshot_a_short_log_is_found_from_its_end_back(nats_url: str, prefix: str) -> None:
    """Snapshots may be deleted at any time, and the first ones had no trail."""
    async with far_apart(nats_url, prefix) as e:
        await told(e, "e1", "e2", "e3")
        assert await Couples(e.wire, far=FAR).load("c1") == await folded(e)
        assert [seq for seq, _ in await e.couples.events("c1")] == [stored.seq for stored in await whole(e)]


async def test_a_long_log_without_its_trail_is_gone_through(
    nats_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than asked for event by event, thousands of times; also where a page of its trail was deleted."""
    monkeypatch.setattr(couplelog, "_FEW", 20)
    async with far_apart(nats_url, prefix) as e:
        e.wire.reader = DirectReader(e.wire.client)
        for n in range(PAGE):
            await e.check_in("c1", f"e{n}")
        await others(e)
        await look(e, e.couples)
        await e.wire.delete(SNAPSHOTS, page_key("c1", 0))
        await told(e, "after")
        assert [seq for seq, _ in await e.couples.events("c1")] == [stored.seq for stored in await whole(e)]
        await e.wire.delete(SNAPSHOTS, "c1")
        assert await Couples(e.wire, far=FAR).load("c1") == await folded(e)


async def test_what_another_replica_has_seen_since_is_taken_from_its_snapshot(nats_url: str, prefix: str) -> None:
    """And not looked for, though this one still remembers the couple of long ago."""
    async with far_apart(nats_url, prefix) as e:
        await look(e, e.couples)
        other = Couples(e.wire, far=FAR)
        for n in range(3):
            await told(e, f"e{n}")
            await look(e, other)
        asked = len(await whole(e))
        assert await e.couples.load("c1") == await folded(e)
        assert len(e.couples._kept["c1"].trail) == asked


async def test_a_replica_that_lacks_some_of_it_is_not_believed(nats_url: str, prefix: str) -> None:
    """It answers with what it has; only by counting does one see that there is more."""
    async with far_apart(nats_url, prefix) as e:
        await look(e, e.couples)
        await told(e, "e1", "e2")
        lacking = (await whole(e))[-2].seq

        class Lacking(NeverThrough):
            async def last_of(self, stream: str, subjects: list[str], up_to: int = 0) -> list[Stored]:
                found = await super().last_of(stream, subjects, up_to)
                return [stored for stored in found if stream != e.wire.names.log or stored.seq != lacking]

        e.wire.reader = Lacking(e.wire.client)
        with pytest.raises(Unavailable, match="has not caught up"):
            await e.couples.load("c1")


async def test_a_log_that_was_restored_without_its_snapshots_is_read_anew(nats_url: str, prefix: str) -> None:
    """The snapshot has seen what is not there any more; as many others have come since, at other places."""
    async with far_apart(nats_url, prefix) as e:
        await told(e, "e1", "lost-1", "lost-2")
        await look(e, e.couples)
        lost = [stored.seq for stored in (await whole(e))[2:]]
        for seq in lost:
            await e.wire.remove(e.wire.names.log, seq)
        await told(e, *(f"new-{n}" for n in range(len(lost) + 1)))
        for couples in (e.couples, Couples(e.wire, far=FAR)):
            assert await couples.load("c1") == await folded(e)
        assert [seq for seq, _ in await e.couples.events("c1")] == [stored.seq for stored in await whole(e)]


async def test_a_couple_that_leaves_is_gone_and_nobody_else_is(
    nats_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its events are removed one by one; of the others' not one, and no trail is left."""
    async with far_apart(nats_url, prefix) as e:
        await told(e, "e1", "e2")
        await look(e, e.couples)
        names = e.wire.names
        before = await DirectReader(e.wire.client).tail(names.log, names.fact("others"), 1)
        eraser = Eraser(e.wire, e.settings, e.couples, Timers(e.wire), lambda: START + timedelta(hours=1))
        purge, purged = e.wire.purge, list[str]()

        async def noted(stream: str, subject: str) -> None:
            purged.append(subject)
            await purge(stream, subject)

        monkeypatch.setattr(e.wire, "purge", noted)
        await eraser.erase("c1")
        assert not [subject for subject in purged if "*" in subject or ">" in subject], "it goes through all between"
        assert await whole(e) == []
        assert await e.wire.get_all(SNAPSHOTS, ["c1", "c1.*"]) == []
        assert await DirectReader(e.wire.client).tail(names.log, names.fact("others"), 1) == before
        assert await e.couples.load("c1") is None
        await others(e)
        await e.check_in("c1", "late")
        await eraser.erase("c1")
        assert await whole(e) == []


@pytest.mark.parametrize("later", [[], ["e4"]])
async def test_an_erasure_broken_off_goes_on(nats_url: str, prefix: str, later: list[str]) -> None:
    """The trail names events that are gone by then, and the snapshot may be."""
    async with far_apart(nats_url, prefix) as e:
        await told(e, "e1", "e2", "e3")
        await look(e, e.couples)
        await told(e, *later)
        for stored in (await whole(e))[:2]:
            await e.wire.remove(e.wire.names.log, stored.seq)
        left = [stored.seq for stored in await whole(e)]
        assert await CoupleLog(e.wire, far=FAR).far_apart("c1") == left
        await e.wire.purge(e.wire.names.bucket_stream(SNAPSHOTS), e.wire.names.bucket_subject(SNAPSHOTS, "c1"))
        assert await CoupleLog(e.wire, far=FAR).far_apart("c1") == left
        assert await CoupleLog(e.wire).far_apart("c1") == [], "near, one has not to know"
