"""Does a partner's calendar become busy times once, and again only where they change?"""

from datetime import timedelta

from aiohttp import web

from tests.broker.calendars_kit import COUPLE, at, holding, hosting, world
from tests.core.polled_kit import calendar, event
from threedates.core.polled import Change
from threedates.edge.wire import Wire
from threedates.schemas.inbound import CalendarEvent


def told(events: list[CalendarEvent]) -> list[tuple[str, object]]:
    """Each one's status and start."""
    return [(event.status, event.start) for event in events]


async def last_sequences(wire: Wire, *streams: str) -> list[int]:
    """How far each stream goes."""
    return [int((await wire.api(f"STREAM.INFO.{stream}"))["state"]["last_seq"]) for stream in streams]


async def test_an_unchanged_calendar_writes_nothing(nats_url: str, prefix: str) -> None:
    """Neither by a 304, nor by the same bytes, nor by bytes that say the same; and only its own record notes it."""
    async with world(nats_url, prefix) as here, hosting(holding(2, 3)) as host, here.serving():
        calendar_id = await here.add(host)
        record = await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        assert record.busy == 2
        assert sorted(told(await here.sent())) == [("confirmed", at(2)), ("confirmed", at(3))]
        assert {event.partners for event in await here.sent()} == {("sam",)}
        table = await here.calendars.told(calendar_id)
        before = await last_sequences(here.wire, here.wire.names.inbox, here.wire.names.log)
        here.later(hours=2)
        await here.polled(calendar_id)
        assert host.requests[-1].headers["If-None-Match"] == record.etag
        host.answer = lambda _: web.Response(body=host.data)
        here.later(hours=2)
        await here.polled(calendar_id)
        host.answer = lambda _: web.Response(body=host.data.replace(b"Quite", b"Very"))
        here.later(hours=2)
        record = await here.polled(calendar_id)
        assert (record.last_fetch, record.busy) == (here.now, 2)
        assert len(host.requests) == 4
        assert await here.calendars.told(calendar_id) == table
        assert await last_sequences(here.wire, here.wire.names.inbox, here.wire.names.log) == before


async def test_what_moves_and_what_vanishes_is_told(nats_url: str, prefix: str) -> None:
    """A thousand events or two: the others are not mentioned again."""
    async with world(nats_url, prefix) as here, hosting(holding(2, 3, 4)) as host, here.serving():
        calendar_id = await here.add(host)
        first = await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        host.data = holding(2, 5)
        here.later(hours=2)
        record = await here.polled(calendar_id)
        assert record.last_change == here.now
        assert first.last_change is not None
        news = (await here.sent())[3:]
        assert sorted(told(news)) == [("cancelled", at(4)), ("confirmed", at(5))]
        assert len({event.sequence for event in news}) == 1
        assert len({event.id for event in await here.sent()}) == 5


async def test_recurring_events_roll_on_while_the_bytes_stay_the_same(nats_url: str, prefix: str) -> None:
    """Once a day it is read anew, without asking whether it has changed."""
    daily = calendar(event("d", at(-30), 1, "RRULE:FREQ=DAILY"))
    async with world(nats_url, prefix) as here, hosting(daily) as host, here.serving():
        calendar_id = await here.add(host)
        await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        before = await here.sent()
        here.later(hours=2)
        await here.polled(calendar_id)
        assert "If-None-Match" in host.requests[-1].headers
        assert await here.sent() == before
        here.later(hours=22)
        await here.polled(calendar_id)
        assert "If-None-Match" not in host.requests[-1].headers
        (new,) = (await here.sent())[len(before) :]
        assert new.start == max(event.start for event in before) + timedelta(days=1)


async def test_no_title_and_no_address_is_anywhere_but_where_it_must_be(nats_url: str, prefix: str) -> None:
    """An address is in its record alone, a title nowhere; of a shared calendar the words that look like a date."""
    async with world(nats_url, prefix) as here, hosting() as host, here.serving():
        host.data = calendar(event("u", at(2), 3, "SUMMARY:Quite private dinner for two at Luigi's"))
        own = await here.add(host, "own")
        await here.becomes(own, lambda record: record.last_fetch is not None)
        assert [one.summary for one in await here.sent()] == [None]
        host.url = host.url.replace("basic", "shared")
        shared = await here.add(host, "shared", shared=True)
        await here.becomes(shared, lambda record: record.last_fetch is not None)
        last = (await here.sent())[-1]
        assert (last.summary, last.partners) == ("dinner for two", ("sam", "alex"))
        names = here.wire.names
        for stream in (names.inbox, names.log, names.polls, names.deliveries, names.bucket_stream("calendars")):
            for stored in await here.wire.reader.tail(stream, ">", 1):
                assert b"Luigi" not in stored.data
                assert b"private-3f9c" not in stored.data or stored.subject in {
                    names.bucket_subject("calendars", f"{COUPLE}.{rest}") for rest in ("own", "shared")
                }


async def test_what_a_crash_left_untold_is_told_first(nats_url: str, prefix: str) -> None:
    """The table says what is to be told before it is told; the same ids go again."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host:
        async with here.serving():
            calendar_id = await here.add(host)
            await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        (first,) = await here.sent()
        table, revision = await here.calendars.told(calendar_id)
        undone = table.model_copy(update={"pending": (Change(taken=table.taken[0]),)})
        await here.calendars.keep_told(calendar_id, undone, revision)
        async with here.serving():
            here.later(hours=2)
            await here.polled(calendar_id)
        assert await here.sent() == [first, first]
        assert (await here.calendars.told(calendar_id))[0].pending == ()
