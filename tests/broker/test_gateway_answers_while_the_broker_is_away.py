"""Without a broker, does the gateway listen, say so with 503, and recover by itself?"""

import asyncio
from pathlib import Path

import httpx
import nats

from tests.broker.api_kit import KEY, PARTNERS, ready, serving, settings_of
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.topology import apply
from threedates.edge.wire import Wire

HEADERS = {"Authorization": f"Bearer {KEY}"}


async def test_it_listens_before_there_is_a_broker(prefix: str) -> None:
    """And stops though it never had one."""
    async with serving(settings_of("nats://127.0.0.1:9", prefix)) as (_, http):
        assert (await http.get("/healthz")).status_code == 200
        await _is_unavailable(http)


async def test_it_waits_for_the_topology(nats_url: str, prefix: str) -> None:
    settings = settings_of(nats_url, prefix)
    async with serving(settings) as (_, http):
        await _is_unavailable(http)
        client = await nats.connect(nats_url)
        await apply(Wire(client, settings.names), settings)
        await client.close()
        await ready(http)


async def test_it_says_so_while_the_broker_is_down_and_goes_on_afterwards(tmp_path: Path, prefix: str) -> None:
    """Within moments, not after a time-out: its callers have better things to do than to wait for what is known."""
    broker = EmbeddedNats(tmp_path, sync="always")
    await broker.start()
    settings = settings_of(broker.url, prefix)
    client = await nats.connect(broker.url)
    await apply(Wire(client, settings.names), settings)
    await client.close()
    async with serving(settings) as (_, http):
        await ready(http)
        await broker.stop()
        async with asyncio.timeout(60):
            while (await http.get("/readyz")).status_code != 503:
                await asyncio.sleep(0.02)
        await _is_unavailable(http)
        await broker.start()
        await ready(http)
        assert (await http.get("/v1/endpoints", headers=HEADERS)).json() == {"items": []}
        await broker.stop()


async def test_a_head_without_end_is_not_kept(prefix: str) -> None:
    """Anybody may begin a request; only so much of it is remembered, and who sends a usual one notices nothing."""
    async with serving(settings_of("nats://127.0.0.1:9", prefix)) as (gateway, http):
        assert (await http.get("/healthz", headers={"X-Long": "v" * 30_000})).status_code == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Endless: " + b"v" * 1_000_000)
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")
        writer.close()
        assert (await http.get("/healthz")).status_code == 200


async def test_who_joins_while_the_intake_is_away_is_told_to_come_again(nats_url: str, prefix: str) -> None:
    """With the same Idempotency-Key that joins nobody twice."""
    settings = settings_of(nats_url, prefix)
    client = await nats.connect(nats_url)
    await apply(Wire(client, settings.names), settings)
    await client.close()
    async with serving(settings) as (_, http):
        await ready(http)
        answer = await http.post("/v1/couples", json={"partners": PARTNERS}, headers=HEADERS)
        assert answer.status_code == 503
        assert answer.headers["retry-after"].isdigit()


async def _is_unavailable(http: httpx.AsyncClient) -> None:
    for path in ("/readyz", "/v1/endpoints", "/v1/couples/c1/status"):
        answer = await http.get(path, headers=HEADERS)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"].isdigit()
        assert answer.headers["content-type"] == "application/problem+json"
        assert "nats" not in answer.text.lower()
