"""Loading a couple: the log is the truth, snapshots only save time, memory is never trusted beyond its sequence."""

import pytest

from tests.broker.edge_kit import clock, edge
from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.edge.couples import SNAPSHOT_EVERY, Couples
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.frozen import SNAPSHOTS


async def test_nobody_joined_means_none(nats_url: str, prefix: str) -> None:
    """An empty tree, confirmed with the log's leader, is no such couple."""
    async with edge(nats_url, prefix) as e:
        assert await e.couples.load("nobody") is None


async def test_a_log_that_begins_without_a_joining_is_nobody(nats_url: str, prefix: str) -> None:
    """A late fact of a couple that left stands alone in its tree and must not make a couple."""
    async with edge(nats_url, prefix) as e:
        await e.check_in("late", "e1")
        assert await e.couples.load("late") is None


async def test_a_decision_that_saw_less_than_the_log_loses(nats_url: str, prefix: str) -> None:
    """The compare-and-set goes by the couple's whole tree, facts included."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        state = await e.couples.load("c1")
        assert state is not None
        decision = decide(state, clock())
        await e.check_in("c1", "e1")
        with pytest.raises(Conflict):
            await e.couples.append_decision(state, decision)


async def test_of_two_decisions_one_wins(nats_url: str, prefix: str) -> None:
    """Two replicas that saw the same log both decide; the second has to look again."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        other = Couples(e.wire)
        mine, theirs = await e.couples.load("c1"), await other.load("c1")
        assert mine is not None
        assert theirs is not None
        after = await e.couples.append_decision(mine, decide(mine, clock()))
        with pytest.raises(Conflict):
            await other.append_decision(theirs, decide(theirs, clock()))
        assert await other.load("c1") == after


async def test_a_snapshot_gives_the_same_state_and_may_be_deleted(nats_url: str, prefix: str) -> None:
    """Delete all snapshots at any time: the next load takes longer, and nothing else."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        for n in range(SNAPSHOT_EVERY + 5):
            await e.check_in("c1", f"e{n}")
        state = await e.couples.load("c1")
        assert state is not None
        await e.couples.snapshot(state)
        assert await e.wire.get(SNAPSHOTS, "c1") is not None
        await e.check_in("c1", "after")
        whole = fold("c1", await e.couples.events("c1"))
        assert await Couples(e.wire).load("c1") == whole
        await e.wire.delete(SNAPSHOTS, "c1")
        assert await Couples(e.wire).load("c1") == whole


async def test_among_very_many_whatever_is_new_is_worth_a_snapshot(nats_url: str, prefix: str) -> None:
    """To find the next of a couple's events the broker goes through all that lies between."""
    async with edge(nats_url, prefix) as e:
        e.couples = Couples(e.wire, far=10)
        await e.join("few")
        for n in range(10):
            await e.join(f"c{n}")
        await e.check_in("c0", "e1")
        for couple_id in ("few", "c0"):
            state = await e.couples.load(couple_id)
            assert state is not None
            await e.couples.snapshot(state)
        assert await e.wire.get(SNAPSHOTS, "few") is None, "it was among few that it said something"
        assert await e.wire.get(SNAPSHOTS, "c0") is not None
        before = await e.wire.get(SNAPSHOTS, "c0")
        again = Couples(e.wire, far=10)
        state = await again.load("c0")
        assert state is not None
        await again.snapshot(state)
        assert await e.wire.get(SNAPSHOTS, "c0") == before, "nothing has come since"
        for n in range(10):
            await e.check_in("c1", f"e{n}")
        await e.check_in("c0", "e2")
        state = await again.load("c0")
        assert state is not None
        await again.snapshot(state)
        assert await e.wire.get(SNAPSHOTS, "c0") != before
        assert await Couples(e.wire).load("c0") == fold("c0", await e.couples.events("c0"))


async def test_a_snapshot_that_cannot_be_read_is_thrown_away(nats_url: str, prefix: str) -> None:
    """Another version's snapshot, or half a one, must never become a state."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        await e.wire.put(SNAPSHOTS, "c1", b"v0\n{}")
        state = await e.couples.load("c1")
        assert state is not None
        assert state.settings.names == ("sam", "alex")


async def test_a_state_of_a_log_that_is_gone_is_thrown_away(nats_url: str, prefix: str) -> None:
    """The couple left and the tree was purged; what a replica still has in memory speaks of nothing."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        assert await e.couples.load("c1") is not None
        await e.wire.purge(e.wire.names.log, e.wire.names.tree("c1"))
        assert await e.couples.load("c1") is None


async def test_memory_holds_no_more_couples_than_it_may(nats_url: str, prefix: str) -> None:
    """A service that has seen a million couples must not keep a million states."""
    async with edge(nats_url, prefix) as e:
        few = Couples(e.wire, keep=3)
        for n in range(10):
            await e.join(f"c{n}")
            assert await few.load(f"c{n}") is not None
        assert len(few._kept) == 3


async def test_an_event_of_a_newer_version_stops_the_couple_and_is_not_skipped(nats_url: str, prefix: str) -> None:
    """Folding past what it cannot read would decide on half a truth."""
    async with edge(nats_url, prefix) as e:
        await e.join("c1")
        await e.wire.publish(e.wire.names.fact("c1"), b'{"v":1,"type":"from.the.future","id":"x"}')
        with pytest.raises(Unavailable, match="run a newer version"):
            await e.couples.load("c1")
