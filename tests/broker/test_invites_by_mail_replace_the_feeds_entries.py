"""Does each date stand in one place: in a partner's own feed, or, where they chose so, in their mail alone?"""

import asyncio
from datetime import timedelta
from typing import Any

from tests.broker.gateway_kit import COUPLE, Gateway, whole
from threedates.schemas.log import Booked, Changed

MAIL = {"smtp_url": "smtp://localhost:2525", "mail_from": "dates@example.org"}
PARTNERS: tuple[dict[str, Any], ...] = (
    {"name": "sam", "tz": "Europe/Berlin", "email": "sam@example.org"},
    {"name": "alex", "tz": "Europe/Lisbon"},
)


async def book(here: Gateway) -> str:
    """Book a fun date in four days; its UID."""
    start = here.clock.now + timedelta(days=4)
    booked = Booked(
        id="booked", at=here.clock.now, by="alex", kind="fun", start=start, end=start + timedelta(hours=3),
        status="scheduled",
    )  # fmt: skip
    await here.deps.couples.append_fact(COUPLE, booked)
    return next(uid for uid, date in (await here.state()).dates.items() if date.record.status == "scheduled")


async def choose(here: Gateway, way: str) -> None:
    """Sam chooses a way, and the couple is looked at."""
    patch = {"partners": [{**PARTNERS[0], "invites": way}, PARTNERS[1]]}
    await here.deps.couples.append_fact(COUPLE, Changed(id=f"to-{way}", at=here.clock.now, patch=patch))


async def shows(here: Gateway, path: str, uid: str, *, expected: bool) -> None:
    """Wait until a feed shows a date, or no longer does."""
    async with asyncio.timeout(30):
        while (f"UID:{uid}" in (await here.http.get(path)).text.replace("\r\n ", "")) is not expected:
            await asyncio.sleep(0.05)


async def test_a_set_date_leaves_the_feed_of_who_chose_mail_and_comes_back(nats_url: str, prefix: str) -> None:
    """The couple's feed and the other's have it all the while; a proposal stays, for no mail brings it."""
    async with whole(nats_url, prefix, MAIL) as here:
        both, sams, alexs = (here.path(record) for record in await here.join(partners=PARTNERS))
        proposed = await here.proposed("business")
        uid = await book(here)
        for feed in (both, sams, alexs):
            await shows(here, feed, uid, expected=True)
        await choose(here, "mail")
        await shows(here, sams, uid, expected=False)
        for feed in (both, alexs):
            await shows(here, feed, uid, expected=True)
        await shows(here, sams, proposed, expected=True)
        await choose(here, "feed")
        await shows(here, sams, uid, expected=True)


async def test_without_a_mail_server_it_stays_in_the_feed(nats_url: str, prefix: str) -> None:
    """What no mail brings must not be taken away."""
    async with whole(nats_url, prefix) as here:
        _, sams, _ = (
            here.path(record) for record in await here.join(partners=[{**PARTNERS[0], "invites": "mail"}, PARTNERS[1]])
        )
        await here.proposed()
        uid = await book(here)
        await shows(here, sams, uid, expected=True)
