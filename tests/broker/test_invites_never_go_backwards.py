"""Does the newest change of a date stand, whatever order, repetition, crash or number of replicas?"""

import asyncio

from tests.broker.invites_kit import World, world
from threedates.invites.app import make


async def drain(here: World, replicas: int) -> None:
    """Run that many replicas of the service until every decision is handled."""
    services = [make(here.settings) for _ in range(replicas)]
    await asyncio.gather(*(service.start() for service in services))
    await here.drained()
    await asyncio.gather(*(service.stop() for service in services))


async def test_a_newer_block_is_never_replaced_by_an_older(nats_url: str, prefix: str) -> None:
    """Redeliveries come after what followed them."""
    async with world(nats_url, prefix) as here:
        last = await here.move("c1", times=6)
        messages = await here.fetch(6)
        for message in reversed(messages):
            await here.handlers().on_decisions([message])
        kept = await here.block("c1")
        assert kept.seq == last
        assert "\r\nSEQUENCE:5\r\n" in kept.vevent


async def test_one_batch_of_changes_to_one_date_ends_with_the_last(nats_url: str, prefix: str) -> None:
    """Messages of a batch are handled at once, so writers of the same key meet."""
    async with world(nats_url, prefix) as here:
        last = await here.move("c1", times=6)
        await here.handlers().on_decisions(await here.fetch(6))
        await drain(here, replicas=1)
        assert (await here.block("c1")).seq == last


async def test_a_repetition_writes_nothing(nats_url: str, prefix: str) -> None:
    """The entry's revision stays, and with it the ETag of every feed."""
    async with world(nats_url, prefix) as here:
        await here.decide("c1", "proposed")
        messages = await here.fetch(1)
        await here.handlers().on_decisions(messages)
        before = await here.wire.get("blocks", "c1.fun-1")
        await here.handlers().on_decisions(messages)
        assert before is not None
        assert await here.wire.get("blocks", "c1.fun-1") == before


async def test_what_a_crashed_replica_left_is_done_by_another(nats_url: str, prefix: str) -> None:
    """One replica dies after writing some and acknowledging none."""
    async with world(nats_url, prefix, ack_wait=1) as here:
        seqs = {f"c{n}": await here.decide(f"c{n}", "scheduled", sequence=1) for n in range(20)}
        messages = await here.fetch(20)
        for message in messages[:10]:
            await here.handlers()._decision([message])
        await drain(here, replicas=1)
        for couple_id, seq in seqs.items():
            assert (await here.block(couple_id)).seq == seq


async def test_two_replicas_agree(nats_url: str, prefix: str) -> None:
    """Forty changes each to six couples' dates, shared out between two services."""
    async with world(nats_url, prefix) as here:
        ids = [f"c{n}" for n in range(6)]
        last = dict(zip(ids, await asyncio.gather(*(here.move(couple_id, times=40) for couple_id in ids)), strict=True))
        await drain(here, replicas=2)
        for couple_id, seq in last.items():
            assert (await here.block(couple_id)).seq == seq
        assert await here.wire.get_all("blocks", ["c0.*"]) == [await here.wire.get("blocks", "c0.fun-1")]
        assert await here.wire.reader.last_of(here.wire.names.dead, [f"{prefix}.dead.>"]) == []


async def test_a_message_that_is_no_decision_harms_no_neighbour(nats_url: str, prefix: str) -> None:
    async with world(nats_url, prefix) as here:
        await here.wire.publish(here.wire.names.decision("c1"), b"{not json")
        seq = await here.decide("c1", "proposed")
        await here.handlers().on_decisions(await here.fetch(2))
        assert (await here.block("c1")).seq == seq


async def test_the_same_log_gives_the_same_bytes(nats_url: str, prefix: str) -> None:
    """The bucket may be deleted at any time and written anew from the log."""
    async with world(nats_url, prefix) as here:
        await here.decide("c1", "proposed")
        messages = await here.fetch(1)
        await here.handlers().on_decisions(messages)
        first = await here.wire.get("blocks", "c1.fun-1")
        await here.wire.purge(here.wire.names.bucket_stream("blocks"), here.wire.names.bucket_subject("blocks", ">"))
        await here.handlers().on_decisions(messages)
        second = await here.wire.get("blocks", "c1.fun-1")
        assert first is not None
        assert second is not None
        assert first.data == second.data
