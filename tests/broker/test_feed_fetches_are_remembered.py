"""Is it remembered when a feed was last fetched and by what, at no cost to whoever fetches it?"""

import logging
from datetime import timedelta

import pytest

from tests.broker.gateway_kit import COUPLE, NOW, Gateway, gateway
from threedates.edge.errors import Unavailable
from threedates.edge.feedfetches import EVERY, MAX_USER_AGENT, FeedFetches
from threedates.edge.feedrecords import FeedRecord
from threedates.gateway.deps import Deps
from threedates.gateway.feednotes import FetchNotes
from threedates.schemas.http.feeds import FeedFetch


async def last(here: Gateway, record: FeedRecord) -> FeedFetch | None:
    """What is kept once all is."""
    await here.noted()
    return (await FeedFetches(here.wire).of_couple(COUPLE)).get(record.id)


async def test_the_program_and_the_time_are_kept(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        assert await last(here, couple) is None
        await here.http.get(here.path(couple), headers={"user-agent": "Thunderbird/140"})
        assert await last(here, couple) == FeedFetch(at=NOW, user_agent="Thunderbird/140")
        assert await last(here, partner) is None


async def test_a_304_counts_and_a_refusal_does_not(nats_url: str, prefix: str) -> None:
    """A calendar that reads a feed which never changes gets nothing but 304s."""
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        etag = (await here.http.get(here.path(couple))).headers["etag"]
        await here.noted()
        here.clock.advance(minutes=11)
        again = await here.http.get(here.path(couple), headers={"if-none-match": etag})
        assert again.status_code == 304
        assert (await last(here, couple) or FeedFetch(at=NOW)).at == NOW + timedelta(minutes=11)
        await here.records.revoke(partner.id, NOW)
        assert (await here.http.get(here.path(partner))).status_code == 410
        assert await last(here, partner) is None


async def test_it_is_written_once_in_ten_minutes(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        for minutes in (0, 4, 5):
            here.clock.advance(minutes=minutes)
            await here.http.get(here.path(couple), headers={"user-agent": f"after {minutes}"})
        assert await last(here, couple) == FeedFetch(at=NOW, user_agent="after 0")
        here.clock.advance(minutes=1)
        await here.http.get(here.path(couple), headers={"user-agent": "later"})
        assert await last(here, couple) == FeedFetch(at=NOW + EVERY, user_agent="later")


async def test_other_gateways_do_not_write_it_again(nats_url: str, prefix: str) -> None:
    """Each process throttles by itself; what is kept settles it between them."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        fetches = FeedFetches(here.wire)
        assert await fetches.note(couple.id, NOW, "one")
        assert not await fetches.note(couple.id, NOW + EVERY - timedelta(seconds=1), "two")
        assert await fetches.note(couple.id, NOW + EVERY, "three")


async def test_noting_leaves_a_kept_feed_kept(nats_url: str, prefix: str) -> None:
    """Else every couple's feeds would be made anew every ten minutes."""
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        await here.settled(couple)
        await FeedFetches(here.wire).note(partner.id, NOW, "x")
        await here.heard()
        assert not (await here.asked_broker(couple))[0]
        assert len(await here.records.of_couple(COUPLE)) == 3


async def test_a_name_is_cut_and_cleaned(nats_url: str, prefix: str) -> None:
    """It is the fetching program's word for itself, and shown to people later."""
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        fetches = FeedFetches(here.wire)
        await fetches.note(couple.id, NOW, "a\x1b[31m" + "x" * 1000)
        await fetches.note(partner.id, NOW, " \x00 ")
        found = await fetches.of_couple(COUPLE)
        assert (found[couple.id].user_agent or "")[:5] == "a[31m"
        assert len(found[couple.id].user_agent or "") == MAX_USER_AGENT
        assert found[partner.id].user_agent is None


async def test_what_cannot_be_noted_is_logged_and_let_go(caplog: pytest.LogCaptureFixture) -> None:
    def away() -> Deps:
        raise Unavailable("the connection to the broker is down")

    notes = FetchNotes(away)
    with caplog.at_level(logging.WARNING):
        notes.note("token", [], NOW)
        await next(iter(notes._tasks))
    assert "could not be noted: the connection" in caplog.text
