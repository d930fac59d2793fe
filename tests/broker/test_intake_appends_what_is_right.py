"""Does what producers send reach its couple's log, once in effect, in order, whatever travels beside it?"""

import json

from tests.broker.intake_kit import at, inbox
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.wire import Wire
from threedates.intake.handlers import Handlers
from threedates.intake.known import Known


async def test_one_bad_among_a_hundred_good_harms_no_neighbour(nats_url: str, prefix: str) -> None:
    """A batch is no unit: each message stands for itself."""
    async with inbox(nats_url, prefix) as here:
        await here.join("ada")
        for n in range(50):
            await here.check_in("ada", f"c{n}", mood=3)
        await here.send("checkin", "ada", b"{")
        for n in range(50, 100):
            await here.check_in("ada", f"c{n}", mood=3)
        async with here.serving():
            await here.settled()
        facts = await here.facts("ada")
        assert await here.ids("ada") == ["j1", *(f"c{n}" for n in range(100))]
        assert {fact.partner for fact in facts if fact.type == "checkin.reported"} == {"Sam"}
        assert [stored.data for stored in await here.refused()] == [b"{"]


async def test_duplicates_fold_to_nothing(nats_url: str, prefix: str) -> None:
    """Producers repeat themselves; by its id the same is the same."""
    async with inbox(nats_url, prefix) as here, here.serving():
        await here.join("ada")
        await here.join("ada")
        pause = {"type": "pause", "id": "p1", "at": at(), "by": "sam"}
        resume = {"type": "resume", "id": "r1", "at": at(), "by": "alex"}
        for body in (pause, pause, resume, pause):
            await here.send("command", "ada", body)
        await here.settled()
        state = await here.couples.load("ada")
        assert state is not None
        assert state.pause is None
        assert sorted(state.seen) == ["j1", "p1", "r1"]
        assert await here.refused() == []


async def test_what_follows_a_join_is_never_refused_for_being_early(nats_url: str, prefix: str) -> None:
    """Two replicas share the inbox: one may hold the join while the other has the check-in already."""
    async with inbox(nats_url, prefix) as here, here.serving(replicas=2):
        for n in range(30):
            await here.join(f"c{n}")
            await here.check_in(f"c{n}", "x")
        await here.settled()
        assert await here.refused() == []
        assert [await here.ids(f"c{n}") for n in range(30)] == [["j1", "x"]] * 30


async def test_a_message_that_comes_again_changes_nothing(nats_url: str, prefix: str) -> None:
    """A crash between the append and the acknowledgement: the broker delivers once more."""
    async with inbox(nats_url, prefix, ack_wait=2) as here:
        await here.join("ada")
        async with here.serving():
            await here.settled()
        await here.check_in("ada", "c1", mood=3)
        await _append_without_acknowledging(here.wire)
        async with here.serving():
            await here.settled()
        assert [fact.id for fact in await here.facts("ada")].count("c1") > 1
        state = await here.couples.load("ada")
        assert state is not None
        assert sorted(state.seen) == ["c1", "j1"]


async def test_raw_icalendar_becomes_a_fact_for_every_occurrence(nats_url: str, prefix: str) -> None:
    """In the order of the occurrences."""
    start = system_clock().strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", f"DTSTART:{start}", "RRULE:FREQ=DAILY;COUNT=5"]
    ics = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
    async with inbox(nats_url, prefix) as here, here.serving():
        await here.join("ada")
        await here.send("calendar", "ada", {"id": "i", "source": "s", "ics": ics})
        await here.settled()
        assert await here.ids("ada") == ["j1", *(f"i:{n}" for n in range(5))]


async def _append_without_acknowledging(wire: Wire) -> None:
    """What a service does that dies before its acknowledgement is out."""
    subscription = await wire.client.jetstream().pull_subscribe_bind("intake", wire.names.inbox)
    (message,) = await subscription.fetch(1, 60)
    await Handlers(wire, system_clock, Known(Couples(wire), system_clock))._one([message])
    await subscription.unsubscribe()
    assert json.loads(message.data)["id"] == "c1"
