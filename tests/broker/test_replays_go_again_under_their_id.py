"""Do deliveries go again when asked for: one, those of a time, the dead ones; under their id, beside what is new?"""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

from tests.broker.nudges_kit import World, checked, nudge, receiving, world
from threedates.core.outbound import LinkMaker
from threedates.edge.clock import system_clock
from threedates.edge.replay import Replay
from threedates.schemas.log import encode
from threedates.schemas.webhook import DeadLetter, Delivery


def again(here: World) -> Replay:
    return Replay(here.wire, LinkMaker(here.settings.link_key, here.settings.base_url))


def letter(couple_id: str, endpoint_id: str, message_id: str) -> DeadLetter:
    now = system_clock()
    task = Delivery(
        message_id=message_id, endpoint_id=endpoint_id, couple_id=couple_id, type="nudge.due", body='{"a":1}',
        first_at=now, kind="fun", addressee="sam", attempt=10,
    )  # fmt: skip
    return DeadLetter(at=now, reason="given up", subject="t.deliver.x", delivery=task)


async def bury(here: World, dead: DeadLetter) -> None:
    assert dead.delivery is not None
    await here.wire.publish(here.wire.names.dead_letter(dead.delivery.couple_id, "delivery"), encode(dead))


async def test_a_delivered_nudge_goes_again_as_it_was(nats_url: str, prefix: str) -> None:
    """Made anew from the log: the same id and the same bytes, though the endpoint hears other things by now."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await here.decide("ada", nudge("ada"))
        await here.attempted(endpoint, 1)
        changed = await here.endpoints.change(endpoint.id, lambda old: old.model_copy(update={"types": ("date.*",)}))
        assert changed is not None
        assert await again(here).one(changed, "ada-fun-0-due-a", system_clock())
        await there.got(2)
        assert there.ids == ["ada-fun-0-due-a"] * 2
        assert checked(endpoint, there.requests[0]) == checked(endpoint, there.requests[1])
        assert not await again(here).one(changed, "ada-fun-7-due-a", system_clock())


async def test_whatever_was_sent_within_a_time_goes_again(nats_url: str, prefix: str) -> None:
    """For a receiver that lost what it had; what it never got is not among it."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        endpoint = await here.endpoint("key-k1", there)
        for couple_id in ("ada", "bea"):
            await here.couple(couple_id)
            await here.decide(couple_id, nudge(couple_id), nudge(couple_id, 1))
        attempts = await here.attempted(endpoint, 4)
        since, until = attempts[0].at, attempts[-1].at
        assert await again(here).range(endpoint, since, until, system_clock()) == (4, None)
        await there.got(8)
        assert sorted(there.ids[4:]) == sorted(there.ids[:4])
        later = system_clock() + timedelta(hours=1)
        assert await again(here).range(endpoint, later, later, system_clock()) == (0, None)


async def test_dead_letters_go_again_once_and_leave_the_list(nats_url: str, prefix: str) -> None:
    """Of this endpoint alone; one that fails again comes back."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        for n in range(3):
            await bury(here, letter("ada", endpoint.id, f"ada-fun-{n}-due-a"))
        await bury(here, letter("ada", "ada_other", "ada-fun-9-due-a"))
        await here.couple("ada")
        assert await again(here).dead(endpoint, None, None, system_clock()) == (3, None)
        await there.got(3)
        assert sorted(there.ids) == [f"ada-fun-{n}-due-a" for n in range(3)]
        assert [found.delivery.endpoint_id for found in await here.dead() if found.delivery] == ["ada_other"]
        assert await again(here).dead(endpoint, None, None, system_clock()) == (0, None)


async def test_a_thousand_replays_do_not_hold_up_what_is_new(nats_url: str, prefix: str) -> None:
    """They come one every tenth of a second, and have a share of their own even where the receiver is slow."""
    release = asyncio.Event()
    async with (
        world(nats_url, prefix, in_flight=32) as here,
        receiving(hold=release) as slow,
        receiving() as there,
        here.serving(),
    ):
        old = await here.endpoint("bea", slow)
        await here.endpoint("ada", there)
        await here.couple("ada")
        await here.couple("bea")
        for n in range(40):
            await bury(here, letter("bea", old.id, f"bea-fun-{n}-due-a"))
        await again(here).dead(old, None, None, system_clock())
        await slow.got(1)
        for n in range(20):
            await here.decide("ada", nudge("ada", n))
        await there.got(20)
        assert len(slow.requests) == 1
        release.set()
        await slow.got(40)


async def test_what_was_on_its_way_to_an_endpoint_that_is_disabled_is_a_dead_letter(nats_url: str, prefix: str) -> None:
    """Nothing is lost for it: enabled again, it gets them by a replay."""
    async with world(nats_url, prefix) as here, receiving() as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await bury(here, letter("ada", endpoint.id, "ada-fun-0-due-a"))
        await again(here).dead(endpoint, None, None, system_clock())
        retried = letter("ada", endpoint.id, "ada-fun-1-due-a").delivery
        assert retried is not None
        await here.wire.publish(here.wire.names.deliver("ada", endpoint.id), encode(retried))
        await here.endpoints.change(endpoint.id, lambda old: old.model_copy(update={"disabled": "by_hand"}))
        async with here.serving():
            await here.attempted(endpoint, 2)
            await here.settled()
            assert [found.reason for found in await here.dead()] == ["the endpoint is disabled"] * 2
            assert there.requests == []
            await here.endpoints.change(endpoint.id, lambda old: old.model_copy(update={"disabled": None}))
            await again(here).dead(endpoint, None, None, system_clock())
            await there.got(2)


async def run(here: World, *arguments: str) -> tuple[int, str]:
    """The command's exit code and what it printed."""
    env = {
        **os.environ, "THREEDATES_NATS_URL": here.settings.nats_url, "THREEDATES_PREFIX": here.settings.prefix,
        "COLUMNS": "200",
    }  # fmt: skip
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "threedates.cli", "dead", *arguments], env=env, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


async def test_the_command_lists_dead_letters_and_replays_them(nats_url: str, prefix: str) -> None:
    """A message goes back to its queue; an event of the log is never appended twice; nothing is taken by default."""
    async with world(nats_url, prefix) as here, receiving() as there, here.serving():
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        await bury(here, letter("ada", endpoint.id, "ada-fun-0-due-a"))
        names = here.wire.names
        for subject in (names.inbound("checkin", "ada"), names.fact("ada")):
            unread = DeadLetter(at=system_clock(), reason="a handler failed", subject=subject, body="e30=")
            await here.wire.publish(names.dead_letter("ada", "message"), encode(unread))
        code, said = await run(here, "list")
        assert (code, said.count("ada-fun-0-due-a"), said.count("a message nobody could take")) == (0, 1, 2)
        code, said = await run(here, "replay")
        assert (code, "--all" in said) == (2, True)
        code, said = await run(here, "replay", "--all")
        assert (code, "2 on their way again, 1 left" in said) == (1, True)
        await there.got(1)
        inbox = await here.wire.reader.tail(names.inbox, names.inbound("checkin", "ada"), 1)
        assert [stored.data for stored in inbox] == [b"{}"]
        code, said = await run(here, "list", "--json")
        assert said.count("\n") == 1
        assert names.fact("ada") in said
