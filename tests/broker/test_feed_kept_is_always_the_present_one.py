"""Is a finished feed served again without asking the broker, and never once anything in it has changed?"""

from datetime import timedelta
from pathlib import Path

from icalendar import Calendar

from tests.broker.gateway_kit import COUPLE, NOW, gateway
from tests.core.rules.kit import at
from threedates.core.ids import date_uid
from threedates.edge.couples import TOMBSTONES
from threedates.edge.embedded import EmbeddedNats
from threedates.gateway.conditional import format_http_date
from threedates.gateway.feedbody import feed_body
from threedates.gateway.feedcache import KEPT_FOR, SETTLING, FeedCache
from threedates.schemas.log import Snoozed


async def test_an_unchanged_feed_costs_the_broker_nothing(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.date()
        first = await here.settled(couple)
        asked, again = await here.asked_broker(couple)
        assert not asked
        assert (again.content, again.headers) == (first.content, first.headers)


async def test_a_changed_date_is_in_the_next_answer(nats_url: str, prefix: str) -> None:
    """At once, and also once the change has settled and feeds are kept again."""
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        await here.date()
        before = [await here.settled(feed) for feed in (couple, partner)]
        await here.date(status="cancelled")
        await here.heard()
        for feed, old in zip((couple, partner), before, strict=True):
            now = await here.http.get(here.path(feed), headers={"if-none-match": old.headers["etag"]})
            assert "STATUS:CANCELLED" in now.text
            assert "STATUS:CANCELLED" in (await here.settled(feed)).text


async def test_right_after_a_change_nothing_is_kept(nats_url: str, prefix: str) -> None:
    """The announcement may come before the write can be read: what was read meanwhile must not stay."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.settled(couple)
        await here.date()
        await here.heard()
        assert [(await here.asked_broker(couple))[0] for _ in range(3)] == [True, True, True]
        here.clock.advance(seconds=SETTLING.total_seconds())
        assert [(await here.asked_broker(couple))[0] for _ in range(3)] == [True, False, False]


async def test_other_couples_changes_leave_it_kept(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.settled(couple)
        await here.date(couple_id="c10")
        await here.heard()
        assert not (await here.asked_broker(couple))[0]


async def test_a_kept_feed_ends_with_its_link(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, partner, other = await here.join()
        for feed in (couple, partner, other):
            await here.settled(feed)
        await here.records.rotate(couple.id)
        await here.records.revoke(partner.id, here.clock.now)
        await here.heard()
        answers = [await here.http.get(here.path(feed)) for feed in (couple, partner, other)]
        assert [answer.status_code for answer in answers] == [410, 410, 200]


async def test_a_kept_feed_ends_with_its_couple(nats_url: str, prefix: str) -> None:
    """Erasing purges, which nobody announces; the tombstone is."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.date()
        await here.settled(couple)
        await here.leave()
        await here.wire.put(TOMBSTONES, COUPLE, b"2026-11-20T17:00:00Z")
        await here.heard()
        assert (await here.http.get(here.path(couple))).status_code == 410
        await here.wire.purge(here.wire.names.bucket_stream("feeds"), here.wire.names.bucket_subject("feeds", ">"))
        assert (await here.http.get(here.path(couple))).status_code == 404


async def test_a_new_name_stands_in_the_next_answer(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.settled(couple)
        await here.rename("robin")
        await here.heard()
        answer = await here.http.get(here.path(couple))
        assert str(Calendar.from_ical(answer.content)["NAME"]) == "robin & alex: dates"


async def test_a_cancelled_date_leaves_a_kept_feed_in_time(nats_url: str, prefix: str) -> None:
    """Time alone changes the feed then, and Last-Modified says when."""
    async with gateway(nats_url, prefix) as here:
        rarely = {"target": "P90D", "floor": "P180D"}  # so that nothing is due meanwhile
        couple, _, _ = await here.join(cadence={"fun": rarely, "business": rarely, "emotional": rarely})
        await here.date(status="cancelled")
        await here.settled(couple)
        here.clock.now = NOW + timedelta(days=30, seconds=-2)
        assert "VEVENT" in (await here.http.get(here.path(couple))).text
        assert not (await here.asked_broker(couple))[0]
        here.clock.advance(seconds=3)
        answer = await here.http.get(here.path(couple))
        assert "VEVENT" not in answer.text
        assert answer.headers["last-modified"] == format_http_date(NOW + timedelta(days=30))


async def test_nothing_is_kept_for_ever(nats_url: str, prefix: str) -> None:
    """Should an announcement ever be lost, the feed lags an hour at most."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.settled(couple)
        here.clock.advance(seconds=KEPT_FOR.total_seconds())
        assert (await here.asked_broker(couple))[0]


async def test_what_was_missed_while_disconnected_is_not_believed(tmp_path: Path, prefix: str) -> None:
    """The date changes through another connection while the gateway's own is down."""
    async with EmbeddedNats(tmp_path) as nats, gateway(nats.url, prefix, reconnect_time_wait=1) as here:
        couple, _, _ = await here.join()
        await here.date()
        await here.settled(couple)
        await nats.stop()
        await here.until(connected=False)
        await nats.start()
        async with gateway(nats.url, prefix) as other:
            other.sequence = here.sequence
            await other.date(status="cancelled")
        await here.until(connected=True)
        answer = await here.http.get(here.path(couple))
        assert "STATUS:CANCELLED" in answer.text


async def test_kinds_and_scope_of_the_record_hold(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, alex = await here.join()
        await here.date("fun")
        await here.date("business")
        narrowed = alex.model_copy(update={"kinds": ("business",)})
        await here.wire.put("feeds", alex.id.replace("_", "."), narrowed.model_dump_json().encode())
        both = Calendar.from_ical((await here.http.get(here.path(couple))).content)
        one = Calendar.from_ical((await here.http.get(here.path(alex))).content)
        uids = [date_uid(COUPLE, "business", 1), date_uid(COUPLE, "fun", 1)]
        assert [str(event["UID"]) for event in both.walk("VEVENT")] == uids
        assert [str(event["UID"]) for event in one.walk("VEVENT")] == uids[:1]
        assert str(one["NAME"]) == "alex: dates with sam"
        assert "Europe/Lisbon" in {str(zone["TZID"]) for zone in one.walk("VTIMEZONE")}


async def test_a_feed_never_leads_to_a_page(nats_url: str, prefix: str) -> None:
    """Calendars are shared more freely than pages are meant to be."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.date()
        text = (await here.http.get(here.path(couple))).text.replace("\r\n ", "")
        assert "http" not in text


async def test_what_is_kept_stays_within_its_bound(nats_url: str, prefix: str) -> None:
    """The one asked for longest ago goes first."""
    async with gateway(nats_url, prefix) as here:
        body = feed_body(bytes(range(256)) * 4, NOW, None, NOW)
        cache = FeedCache(here.wire, here.clock, max_bytes=3 * body.size)
        await cache.watch()
        here.clock.advance(seconds=SETTLING.total_seconds())
        for token in ("a", "b", "c"):
            cache.keep(token, COUPLE, body, cache.connection)
        assert cache.get("a", here.clock.now) is body
        cache.keep("d", COUPLE, body, cache.connection)
        assert [cache.get(token, here.clock.now) for token in ("a", "b", "c", "d")] == [body, None, body, body]


async def test_a_kept_feed_shows_what_comes_due(nats_url: str, prefix: str) -> None:
    """Time alone brings it, a fact takes it away; no date changes and nobody is told of anything."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        due = at("2026-11-27 18:00")
        here.clock.now = due - timedelta(minutes=1)
        assert "VEVENT" not in (await here.settled(couple)).text
        assert not (await here.asked_broker(couple))[0]
        here.clock.now = due
        answer = await here.http.get(here.path(couple))
        assert answer.text.count("SUMMARY:Time to plan") == 3
        assert answer.headers["last-modified"] == format_http_date(due - timedelta(seconds=1))
        here.clock.advance(minutes=1)
        await here.settled(couple)
        snooze = Snoozed(id="z", at=here.clock.now, by="sam", kind="fun", until=due + timedelta(days=1))
        await here.deps.couples.append_fact(COUPLE, snooze)
        await here.heard()
        asked, answer = await here.asked_broker(couple)
        assert asked
        assert answer.text.count("SUMMARY:Time to plan") == 2
        assert answer.headers["last-modified"] == format_http_date(here.clock.now - timedelta(seconds=1))
