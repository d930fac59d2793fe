"""Does every nudge reach each endpoint that wants it, signed, once; is one that nobody wants known to be dropped?"""

from datetime import UTC, datetime

from tests.broker.nudges_kit import checked, nudge, receiving, world
from threedates.schemas.dates import DateRecord
from threedates.schemas.outcomes import DateOutcome

DATE = DateRecord(
    uid="ada-fun-1@threedates", kind="fun", n=1, start=datetime(2026, 11, 27, 18, tzinfo=UTC),
    end=datetime(2026, 11, 27, 21, tzinfo=UTC), tz="Europe/Berlin", status="scheduled", sequence=2, planner="sam",
)  # fmt: skip


async def test_a_nudge_goes_to_the_couples_and_the_keys_endpoints(nats_url: str, prefix: str) -> None:
    """An app hears all couples of its key, a couple its own."""
    async with world(nats_url, prefix) as here, receiving() as own, receiving() as app, here.serving():
        first, second = await here.endpoint("ada", own), await here.endpoint("key-k1", app)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await own.got(1)
        await app.got(1)
        await here.settled()
        body = checked(first, own.requests[0])
        assert checked(second, app.requests[0]) == body
        assert own.ids == app.ids == ["ada-fun-0-due-a"]
        assert body["type"] == "nudge.due"
        assert body["data"]["actions"]["held"].startswith("https://t.example/a/")
        attempts = await here.attempted(first, 1)
        assert [(a.outcome, a.status, a.attempt) for a in attempts] == [("delivered", 200, 1)]
        assert await here.dropped("ada") == []


async def test_filters_and_other_couples_are_kept_apart(nats_url: str, prefix: str) -> None:
    """Nobody hears what is not theirs or not wanted."""
    async with world(nats_url, prefix) as here, receiving() as wanted, receiving() as other, here.serving():
        await here.endpoint("ada", wanted, types=("date.*",))
        await here.endpoint("ada", other, kinds=("business",))
        await here.endpoint("bea", other)
        await here.endpoint("key-k2", other)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"), DateOutcome(change="scheduled", date=DATE))
        await wanted.got(1)
        await here.settled()
        assert wanted.ids == ["ada-fun-date-1-2"]
        assert other.requests == []
        assert await here.dropped("ada") == [("ada-fun-0-due-a", "no_endpoint")]


async def test_an_endpoint_counts_from_the_moment_it_is_there_and_a_changed_one_as_it_is(
    nats_url: str, prefix: str
) -> None:
    """Nothing is remembered from before."""
    async with world(nats_url, prefix) as here, receiving() as old, receiving() as new, here.serving():
        await here.couple("ada")
        await here.decide("ada", nudge("ada", 0))
        await here.settled()
        made = await here.endpoint("ada", old)
        await here.decide("ada", nudge("ada", 1))
        await old.got(1)
        await here.endpoints.change(made.id, lambda e: e.model_copy(update={"url": new.url}))
        rotated = await here.endpoints.rotate(made.id, made.created_at)
        assert rotated is not None
        await here.decide("ada", nudge("ada", 2))
        await new.got(1)
        await here.endpoints.delete(made.id)
        await here.decide("ada", nudge("ada", 3))
        await here.settled()
        assert (old.ids, new.ids) == (["ada-fun-1-due-a"], ["ada-fun-2-due-a"])
        checked(made, new.requests[0])
        checked(rotated, new.requests[0])
        assert await here.dropped("ada") == [("ada-fun-0-due-a", "no_endpoint"), ("ada-fun-3-due-a", "no_endpoint")]


async def test_a_decision_handed_out_twice_is_delivered_once(nats_url: str, prefix: str) -> None:
    """The broker drops the second task while it remembers the first."""
    async with world(nats_url, prefix) as here, receiving() as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        async with here.serving():
            await here.decide("ada", nudge("ada"))
            await here.decide("ada", nudge("ada"))
            await there.got(1)
            await here.settled()
            await here.attempted(endpoint, 1)
        assert there.ids == ["ada-fun-0-due-a"]


async def test_a_message_that_is_none_harms_no_neighbour(nats_url: str, prefix: str) -> None:
    """Neither in the log nor among the tasks."""
    async with world(nats_url, prefix) as here, receiving() as there:
        await here.endpoint("ada", there)
        await here.couple("ada")
        await here.wire.publish(here.wire.names.decision("ada"), b"{")
        await here.wire.publish(here.wire.names.deliver("ada", "ada_x"), b"\x00")
        await here.decide("ada", nudge("ada"))
        async with here.serving():
            await there.got(1)
        assert there.ids == ["ada-fun-0-due-a"]
