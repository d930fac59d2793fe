"""Is a calendar that cannot be read tried again, spoken of once, and never taken for an empty one?"""

import gzip
import json
from datetime import timedelta
from typing import Any

from aiohttp import web

from tests.broker.calendars_kit import COUPLE, Host, World, holding, hosting, world
from threedates.edge.calendar_client import Limits
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints
from threedates.edge.standing import full_status
from threedates.schemas.status import CalendarTrouble
from threedates.schemas.webhook import Delivery


async def tasks(here: World) -> list[Delivery]:
    """What is on its way to endpoints: nobody delivers it here."""
    names = here.wire.names
    found = await here.wire.reader.tail(names.deliveries, f"{names.prefix}.deliver.>", 1)
    return [Delivery.model_validate_json(stored.data) for stored in found]


async def troubles(here: World) -> tuple[CalendarTrouble, ...]:
    """The calendars that the couple's status names."""
    state = await here.couples.load(COUPLE)
    assert state is not None
    return (await full_status(here.wire, state, here.now)).calendars


async def listening(here: World, owner: str, **fields: Any) -> str:
    """The id of an endpoint of that owner's."""
    return (await Endpoints(here.wire).create(owner, "http://127.0.0.1:9/", system_clock(), **fields)).id


async def test_a_missing_calendar_is_spoken_of_once_and_tried_on_slowly(nats_url: str, prefix: str) -> None:
    """To whoever hears the couple, and wants to hear of that partner; its times stay as they were known."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host, here.serving():
        theirs, apps = await listening(here, COUPLE), await listening(here, "key-k1")
        await listening(here, COUPLE, partners=("alex",))
        await listening(here, COUPLE, types=("nudge.*",))
        calendar_id = await here.add(host)
        await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        host.fails(404)
        here.later(hours=2)
        record = await here.polled(calendar_id)
        assert (record.error, record.failing_since, record.warned, record.busy) == ("not_found", here.now, True, 1)
        assert record.next_at is not None
        assert record.next_at > here.now + timedelta(hours=20)
        here.later(hours=48)
        again = await here.polled(calendar_id)
        assert (again.failures, again.failing_since) == (2, record.failing_since)
        found = await tasks(here)
        assert sorted(task.endpoint_id for task in found) == sorted([theirs, apps])
        data = json.loads(found[0].body)["data"]
        assert (data["for"], data["state"], data["calendar"]["id"]) == ("sam", "not_found", calendar_id)
        assert "127.0.0.1" not in found[0].body
        assert [event.status for event in await here.sent()] == ["confirmed"]
        assert [(one.id, one.partner, one.error) for one in await troubles(here)] == [(calendar_id, "sam", "not_found")]
        host.answer = None
        here.later(hours=48)
        well = await here.polled(calendar_id)
        assert await troubles(here) == ()
        assert (well.error, well.failing_since, well.failures, well.warned) == (None, None, 0, False)
        assert len(await here.sent()) == 1


async def test_a_calendar_that_is_gone_is_asked_no_more(nats_url: str, prefix: str) -> None:
    """It has no timer any more; adding its address again has it asked at once."""
    async with world(nats_url, prefix) as here, hosting() as host, here.serving():
        await listening(here, COUPLE)
        host.fails(410)
        calendar_id = await here.add(host)
        record = await here.becomes(calendar_id, lambda record: record.error is not None)
        await here.idle()
        assert (record.error, record.next_at) == ("gone", None)
        assert not [timer for timer in await here.timers() if COUPLE in timer]
        (task,) = await tasks(here)
        assert json.loads(task.body)["data"]["calendar"]["next_poll"] is None
        host.answer, host.data = None, holding(2)
        assert await here.add(host, "x2") == calendar_id
        assert (await here.becomes(calendar_id, lambda record: record.error is None)).busy == 1


async def test_trouble_that_may_pass_is_spoken_of_the_third_time(nats_url: str, prefix: str) -> None:
    """With ever more time between the tries."""
    async with world(nats_url, prefix) as here, hosting() as host, here.serving():
        await listening(here, COUPLE)
        host.fails(503)
        calendar_id = await here.add(host)
        first = await here.becomes(calendar_id, lambda record: record.failures == 1)
        here.later(hours=25)
        second = await here.polled(calendar_id)
        assert (await tasks(here), second.warned) == ([], False)
        here.later(hours=25)
        third = await here.polled(calendar_id)
        assert (len(await tasks(here)), third.warned, third.failing_since) == (1, True, first.failing_since)
        assert first.next_at is not None
        assert third.next_at is not None
        assert third.next_at - here.now > first.next_at - first.created_at


def huge(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"X" * 200_000)


def bomb(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=gzip.compress(b"\0" * 9_000_000), headers={"Content-Encoding": "gzip"})


def login(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Log in</html>")


def inside(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "http://127.0.0.2:9/latest/meta-data"})


async def test_whatever_comes_is_trouble_and_frees_nothing(nats_url: str, prefix: str) -> None:
    """What was known of it stays, and the reason stands in its record."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host, here.serving(limits=Limits(size=100_000)):
        calendar_id = await here.add(host)
        await here.becomes(calendar_id, lambda record: record.last_fetch is not None)
        hostile = {huge: "too_large", bomb: "too_large", login: "not_a_calendar", inside: "address_refused"}
        for answer, error in hostile.items():
            host.answer = answer
            here.later(hours=25)
            record = await here.polled(calendar_id)
            assert (record.error, record.warned, record.busy) == (error, True, 1)
            assert record.detail
        assert [event.status for event in await here.sent()] == ["confirmed"]


async def test_the_other_calendars_go_on(nats_url: str, prefix: str) -> None:
    """A host that is not there harms nobody else's."""
    async with world(nats_url, prefix) as here, hosting(holding(2)) as host, here.serving():
        lost = await here.add(Host(url="http://127.0.0.1:9/a.ics"), "lost")
        fine = await here.add(host, "fine")
        assert (await here.becomes(fine, lambda record: record.last_fetch is not None)).busy == 1
        assert (await here.becomes(lost, lambda record: record.failures == 1)).error == "not_reachable"
