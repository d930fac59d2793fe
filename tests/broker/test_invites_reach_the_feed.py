"""Can the gateway read what the invites service kept: whole feeds, single invites, and nothing that is not theirs?"""

from datetime import timedelta

from icalendar import Calendar

from tests.broker.invites_kit import NOW, world
from threedates.core.ids import date_uid
from threedates.edge.couples import TOMBSTONES
from threedates.edge.feedstore import KEPT_PER_KIND, feed_bytes, read_feed_blocks, read_invite
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Joined, encode


async def test_a_feed_is_the_blocks_of_one_couple(nats_url: str, prefix: str) -> None:
    """Ids may begin alike; a wildcard must not mix two couples."""
    async with world(nats_url, prefix) as here:
        for couple_id in ("c1", "c10", "c1-x"):
            await here.decide(couple_id, "proposed")
        await here.decide("c1", "scheduled", n=2)
        await here.handlers().on_decisions(await here.fetch(4))
        blocks = await read_feed_blocks(here.wire, "c1", NOW)
        calendar = Calendar.from_ical(feed_bytes("ours", "Europe/Lisbon", blocks))
        uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
        assert uids == [date_uid("c1", "fun", 1), date_uid("c1", "fun", 2)]
        zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
        assert zones == ["Europe/Berlin", "Europe/Lisbon"]


async def test_a_couple_without_dates_has_an_empty_feed(nats_url: str, prefix: str) -> None:
    async with world(nats_url, prefix) as here:
        assert await read_feed_blocks(here.wire, "c1", NOW) == []


async def test_a_cancelled_date_leaves_the_feed_after_thirty_days(nats_url: str, prefix: str) -> None:
    """Its invite can still be fetched."""
    async with world(nats_url, prefix) as here:
        await here.decide("c1", "cancelled", sequence=2)
        await here.handlers().on_decisions(await here.fetch(1))
        cancelled_at = NOW + timedelta(hours=2)
        assert len(await read_feed_blocks(here.wire, "c1", cancelled_at + timedelta(days=29))) == 1
        assert await read_feed_blocks(here.wire, "c1", cancelled_at + timedelta(days=30)) == []
        assert b"STATUS:CANCELLED" in (await read_invite(here.wire, "c1", date_uid("c1", "fun", 1)) or b"")


async def test_an_invite_is_given_to_its_own_couple_alone(nats_url: str, prefix: str) -> None:
    async with world(nats_url, prefix) as here:
        await here.decide("c1", "proposed")
        await here.handlers().on_decisions(await here.fetch(1))
        mine = date_uid("c1", "fun", 1)
        assert b"METHOD:PUBLISH" in (await read_invite(here.wire, "c1", mine) or b"")
        assert await read_invite(here.wire, "c2", mine) is None
        for uid in ("", "nonsense", "c1-fun-0@threedates", "*-fun-1@threedates", date_uid("c1", "fun", 2), f"x{mine}"):
            assert await read_invite(here.wire, "c1", uid) is None


async def test_with_a_mail_address_partners_are_invited(nats_url: str, prefix: str) -> None:
    """Their addresses come from the log as it stands, not from the decision."""
    async with world(nats_url, prefix) as here:
        partners = [{"name": "sam", "email": "sam@example.org"}, {"name": "alex"}]
        settings = CoupleSettings.model_validate({"tz": "Europe/Berlin", "partners": partners})
        joined = Joined(id="join-1", at=NOW, settings=settings, key_id="0123456789ab")
        await here.wire.publish(here.wire.names.fact("c1"), encode(joined))
        await here.decide("c1", "scheduled", sequence=1)
        await here.handlers("dates@example.org").on_decisions(await here.fetch(1))
        invite = await read_invite(here.wire, "c1", date_uid("c1", "fun", 1))
        calendar = Calendar.from_ical(invite or b"")
        assert str(calendar["METHOD"]) == "REQUEST"
        (event,) = calendar.walk("VEVENT")
        assert str(event["ATTENDEE"]) == "mailto:sam@example.org"
        assert "ATTENDEE" not in (await here.block("c1")).vevent


async def test_nothing_comes_back_for_a_couple_that_left(nats_url: str, prefix: str) -> None:
    """A decision may still be in flight when they leave."""
    async with world(nats_url, prefix) as here:
        await here.decide("c1", "proposed")
        await here.wire.put(TOMBSTONES, "c1", b"2026-11-20T17:00:00Z")
        await here.handlers().on_decisions(await here.fetch(1))
        assert await here.wire.get_all("blocks", ["c1.*"]) == []


async def test_old_dates_make_room(nats_url: str, prefix: str) -> None:
    """With a target of a second a couple has thousands of dates within the hour, and a feed must stay readable."""
    async with world(nats_url, prefix) as here:
        for n in (1, 2, KEPT_PER_KIND, KEPT_PER_KIND + 1):
            await here.decide("c1", "held", n=n)
            await here.handlers().on_decisions(await here.fetch(1))
        kept = await here.wire.get_all("blocks", ["c1.*"])
        assert [entry.key for entry in kept] == [f"c1.fun-{n}" for n in (KEPT_PER_KIND, KEPT_PER_KIND + 1, 2)]
