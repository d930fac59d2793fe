"""Is nobody left out: does a nudge that no endpoint wants go by mail, and is it dropped only where that cannot be?"""

import asyncio
from typing import Any

import pytest

from tests.broker.mail_kit import SAM, mailing
from threedates.core.links import read_action_token


async def test_a_nudge_without_an_endpoint_comes_as_a_mail_with_its_links(nats_url: str, prefix: str) -> None:
    """In plain words and as HTML, from a program that says so; the budget counts it."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", {"email": SAM}, nudges_by_mail=True)
        (mail, *_) = await here.post.got(1)
        assert mail["To"] == f"sam <{SAM}>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe"].startswith("<https://t.example/c/ada.0.1.")
        assert mail.get_content_type() == "multipart/alternative"
        plain, html = (mail.get_body((form,)) for form in ("plain", "html"))
        assert plain is not None
        assert html is not None
        (token,) = [
            line.rpartition("/a/")[2] for line in plain.get_content().splitlines() if line.startswith("Another time: ")
        ]
        link = read_action_token(here.world.settings.link_key, token)
        assert link is not None
        assert (link.couple_id, link.partner, link.action) == ("ada", 0, "move")
        assert token in html.get_content()
        (attempt, *_) = await here.attempted("ada", 0, "delivered")
        assert (attempt.type, attempt.status) == ("nudge.proposed", 250)
        assert all(not nudge_id.endswith("-a") for nudge_id, _ in await here.world.dropped("ada"))


async def test_who_has_an_endpoint_gets_no_mail_beside_it(nats_url: str, prefix: str) -> None:
    """One nudge, one way."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", {"email": SAM})
        await here.hooks.got(1)
        await here.world.settled()
        assert here.post.mails == []


@pytest.mark.parametrize(("sam", "settings"), [({}, {}), ({"email": SAM}, {"smtp_url": "", "mail_from": ""})])
async def test_without_an_address_or_a_server_it_is_dropped(
    nats_url: str, prefix: str, sam: dict[str, Any], settings: dict[str, Any]
) -> None:
    """Which gives its share of the budget back."""
    async with mailing(nats_url, prefix, **settings) as here:
        await here.join("ada", sam, nudges_by_mail=True)
        async with asyncio.timeout(30):
            while not (dropped := await here.world.dropped("ada")):
                await asyncio.sleep(0.02)
        assert {reason for _, reason in dropped} == {"no_endpoint"}
        assert here.post.mails == []
