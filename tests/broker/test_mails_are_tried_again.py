"""Do mails go the way of webhooks: tried again, given up with a reason, sent again by hand, erased on leaving?"""

import asyncio

import pytest

from tests.broker.mail_kit import SAM, calendar_of, mailing
from threedates.core.ids import mail_id
from threedates.edge.clock import system_clock
from threedates.edge.replay import Replay
from threedates.schemas.log import Left

BY_MAIL = {"email": SAM, "invites": "mail"}


async def test_a_4xx_is_tried_again_under_the_same_message_id(nats_url: str, prefix: str) -> None:
    """Greylisting (RFC 6647) is how many servers greet; a receiver that had it after all knows it by its id."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL)
        here.post.data = ["451 4.7.1 come back later"]
        await here.book("ada")
        (retried,) = await here.attempted("ada", 0, "retrying")
        assert (retried.status, retried.error) == (451, "451 4.7.1 come back later")
        (mail,) = await here.invites(1)
        assert mail["Message-ID"] == f"<{retried.message_id}.a@example.com>"
        (delivered,) = await here.attempted("ada", 0, "delivered")
        assert (delivered.message_id, delivered.attempt) == (retried.message_id, 2)


async def test_a_5xx_is_a_dead_letter_and_goes_again_by_hand(nats_url: str, prefix: str) -> None:
    """Once whoever runs it has seen to the cause, nothing is lost."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL)
        here.post.rcpt = ["550 5.7.1 not from you"]
        await here.book("ada")
        await here.attempted("ada", 0, "dead")
        (letter,) = await here.world.dead()
        assert letter.reason == "refused for good: 550 5.7.1 not from you"
        again = Replay(here.world.wire)
        async for found in again.letters("ada", mail_id("ada", 0)):
            await again.letter(found, system_clock())
        (mail,) = await here.invites(1)
        assert str(calendar_of(mail)["METHOD"]) == "REQUEST"
        assert await here.world.dead() == []


async def test_a_server_that_is_away_is_waited_for(
    nats_url: str, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    """No mail is given up because of the server itself; who runs it is told, once."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL)
        here.post.rcpt = ["421 4.3.2 going down"] * 2
        await here.book("ada")
        await here.invites(1)
        await here.attempted("ada", 0, "delivered")
        assert await here.world.dead() == []
    said = [record.getMessage() for record in caplog.records if record.getMessage().startswith("mail ")]
    assert said == ["mail waits: 421 4.3.2 going down", "mail goes out again"]


async def test_a_couple_that_leaves_takes_its_mails_along(nats_url: str, prefix: str) -> None:
    """A mail that waits for its next attempt is erased; nothing comes after they have gone."""
    async with mailing(nats_url, prefix, ack_wait=1) as here:
        await here.join("ada", BY_MAIL)
        here.post.rcpt = ["451 4.3.0 not now"] * 1000
        await here.book("ada")
        await here.attempted("ada", 0, "retrying", 2)
        await here.world.fact("ada", Left(id="bye", at=system_clock()))
        names, wire = here.world.wire.names, here.world.wire
        async with asyncio.timeout(30):
            while await wire.get("tombstones", "ada") is None or [
                subject
                for stream in (names.log, names.deliveries, names.attempts, names.dead)
                async for subject in wire.subjects(stream, ">")
                if "ada" in subject.split(".")
            ]:
                await asyncio.sleep(0.05)
        assert here.post.mails == []
