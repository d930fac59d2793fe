"""The metrics: one couple's way from joining to the webhook shows in them, and nothing that names it does."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from pydantic import SecretStr

from tests.broker.api_kit import KEY
from tests.broker.nudges_kit import receiving
from tests.broker.seeing_kit import Installation, installation, samples
from threedates.edge.clock import system_clock
from threedates.edge.exposition import exposition
from threedates.edge.topology import consumers, streams


def grown(before: Mapping[tuple[str, ...], float], after: Mapping[tuple[str, ...], float], *key: str) -> float:
    """By how much a sample has grown: other tests of this process count into the same metrics."""
    return after.get(key, 0) - before.get(key, 0)


async def lived(here: Installation) -> str:
    """A couple joins, checks in, is nudged, reads its feed; some of what comes in is refused. Returns its id."""
    joined = await here.join()
    couple_id = str(joined["id"])
    await here.receiver.got(1)
    await here.call("POST", f"/couples/{couple_id}/check-ins", {"partner": "sam", "mood": 4})
    refused = await here.http.post(
        f"/v1/couples/{couple_id}/check-ins", json={"partner": "nobody"}, headers={"Authorization": f"Bearer {KEY}"}
    )
    assert refused.status_code == 422
    await here.wire.publish(here.wire.names.inbound("checkin", couple_id), b"no JSON")
    await here.wire.publish(f"{here.settings.prefix}.in.whatever.{couple_id}", b"{}")
    async with asyncio.timeout(20):
        while (await here.wire.api(f"STREAM.INFO.{here.wire.names.rejected}"))["state"]["messages"] < 2:
            await asyncio.sleep(0.02)
    feed = joined["feed_url"].partition("/feeds/")[2]
    kept = await here.http.get(f"/feeds/{feed}")
    await here.http.get(f"/feeds/{feed}", headers={"If-None-Match": kept.headers["etag"]})
    await here.http.get("/feeds/nothing.ics")
    await here.http.get(f"/c/{joined['partners'][0]['page_url'].partition('/c/')[2]}")
    await here.http.get("/a/nothing")
    return couple_id


STATIONS = (
    ("threedates_events_total", "command"),
    ("threedates_events_total", "checkin"),
    ("threedates_events_total", "other"),
    ("threedates_refused_total", "gateway", "unknown_partner", "checkin"),
    ("threedates_refused_total", "intake", "malformed", "checkin"),
    ("threedates_refused_total", "intake", "invalid", "other"),
    ("threedates_log_appends_total", "fact"),
    ("threedates_log_appends_total", "decision"),
    ("threedates_looks_total", "looked", "fact"),
    ("threedates_looks_total", "looked", "due"),
    ("threedates_timer_lateness_seconds_count",),
    ("threedates_decisions_total", "date", "proposal"),
    ("threedates_decisions_total", "nudge", "proposed"),
    ("threedates_deliveries_total", "2xx", "delivered"),
    ("threedates_delivery_lateness_seconds_count", "first"),
    ("threedates_webhook_post_seconds_count",),
    ("threedates_http_requests_total", "200", "feed"),
    ("threedates_http_requests_total", "304", "feed"),
    ("threedates_http_requests_total", "404", "feed"),
    ("threedates_http_requests_total", "200", "page"),
    ("threedates_http_requests_total", "404", "action"),
    ("threedates_http_requests_total", "202", "api"),
    ("threedates_http_requests_total", "422", "api"),
    ("threedates_http_request_seconds_count", "feed"),
)
"""What one couple's way must leave: a name and its labels' values, those sorted by label."""


async def test_a_couples_way_is_counted_at_each_station(nats_url: str, prefix: str) -> None:
    """An operator sees at a glance whether nudges flow, and where they do not."""
    async with installation(nats_url, prefix) as here:
        before = await here.figures()
        couple_id = await lived(here)
        after = before
        missing: list[tuple[str, ...]] = list(STATIONS)
        with suppress(TimeoutError):
            async with asyncio.timeout(30):
                while missing:
                    after = await here.figures()
                    missing = [key for key in STATIONS if not grown(before, after, *key)]
        assert not missing
        told = {consumer.name for consumer in consumers(here.settings)}
        assert {key[1] for key in after if key[0] == "threedates_consumer_pending"} == told
        assert {key[1] for key in after if key[0] == "threedates_consumer_oldest_seconds"} == told
        stored = {stream["name"] for stream in streams(here.settings)}
        assert {key[1] for key in after if key[0] == "threedates_stream_messages"} == stored
        assert after[("threedates_heartbeat_up",)] == after[("threedates_broker_up",)] == 1
        assert after[("process_cpu_seconds_total",)] > 0
        page = (await here.observed.get("/metrics")).text
        assert couple_id not in page
        assert KEY not in page


async def test_what_fails_is_counted_by_what_became_of_it(nats_url: str, prefix: str) -> None:
    """A receiver that fails, and one that is not there, are told apart."""
    async with receiving(500) as broken, installation(nats_url, prefix, broken) as here:
        before = await here.figures()
        await here.join()
        await here.receiver.got(1)
        async with asyncio.timeout(20):
            while not grown(before, await here.figures(), "threedates_deliveries_total", "5xx", "retrying"):
                await asyncio.sleep(0.02)


async def test_the_gateways_metrics_ask_for_a_key(nats_url: str, prefix: str) -> None:
    """The gateway faces the world; how many couples there are is nobody's business there."""
    async with installation(nats_url, prefix) as here:
        assert (await here.http.get("/metrics")).status_code == 401
        wrong = await here.http.get("/metrics", headers={"Authorization": "Bearer wrong"})
        assert wrong.status_code == 401
        told = await here.http.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
        assert told.status_code == 200
        assert samples(told.text)[("threedates_broker_up",)] == 1


async def test_a_key_for_metrics_leaves_those_of_apps_outside(nats_url: str, prefix: str) -> None:
    """Where many apps have keys, what all of them do together is the operator's alone."""
    async with installation(nats_url, prefix, metrics_key=SecretStr("for the operator")) as here:
        app = await here.http.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
        assert app.status_code == 401
        operator = await here.http.get("/metrics", headers={"Authorization": "Bearer for the operator"})
        assert operator.status_code == 200


async def test_without_the_broker_its_figures_are_unknown_and_not_nought(nats_url: str, prefix: str) -> None:
    """A consumer that cannot be asked is not one that has nothing to do."""
    async with installation(nats_url, prefix) as here:
        assert ("threedates_consumer_pending", "intake") in await here.figures()
        page = await exposition(None, here.settings, system_clock(), tells_of_broker=True)
        away = samples(page.decode())
        assert away[("threedates_broker_up",)] == away[("threedates_heartbeat_up",)] == 0
        assert not [key for key in away if key[0].startswith(("threedates_consumer", "threedates_stream"))]
