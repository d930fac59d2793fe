"""Everything happens once, at DEBUG, in a process of its own: its logs name the couple, and hold nothing private."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.broker.edge_kit import Edge, edge
from tests.broker.nudges_kit import Receiver, receiving
from tests.broker.seeing_kit import COUPLE, call
from threedates.edge.embedded_child import free_port

API_KEY = "td_an-api-key-nobody-may-see"
METRICS_KEY = "a-key-for-metrics-nobody-may-see"
SECRET_KEY = "a-secret-key-nobody-may-see"
NOTE = "we-argued-about-the-blue-sofa"
PATH_SECRET, QUERY_SECRET, HEADER_SECRET = "in-the-path-4711", "in-the-query-4712", "in-a-header-4713"


@asynccontextmanager
async def services(e: Edge, log: Path) -> AsyncIterator[httpx.AsyncClient]:
    """All services in one process that logs all it can; a client for its gateway."""
    port, watched = free_port(), free_port()
    env = {
        **os.environ,
        "THREEDATES_NATS_URL": e.settings.nats_url,
        "THREEDATES_PREFIX": e.settings.prefix,
        "THREEDATES_HTTP": f"127.0.0.1:{port}",
        "THREEDATES_API_KEYS": API_KEY,
        "THREEDATES_METRICS": f"127.0.0.1:{watched}",
        "THREEDATES_METRICS_KEY": METRICS_KEY,
        "THREEDATES_SECRET_KEY": SECRET_KEY,
        "THREEDATES_ALLOW_NETWORKS": "127.0.0.0/8",
        "THREEDATES_LOG_LEVEL": "DEBUG",
        "THREEDATES_LOG_FORMAT": "json",
    }
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "threedates.cli", "serve", "all", env=env, stdout=out, stderr=out
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as http:
            async with asyncio.timeout(90):
                while not await is_ready(http, f"http://127.0.0.1:{watched}/readyz"):
                    assert process.returncode is None, log.read_text(encoding="utf-8")
                    await asyncio.sleep(0.1)
            yield http
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def is_ready(http: httpx.AsyncClient, url: str) -> bool:
    """Whether all services of the process are at work."""
    try:
        return (await http.get(url)).status_code == 200
    except httpx.TransportError:
        return False


async def api(http: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    """One call that succeeds; its JSON."""
    return await call(http, method, path, body, {"Authorization": f"Bearer {API_KEY}"})


async def live(e: Edge, http: httpx.AsyncClient, well: Receiver, failing: Receiver) -> tuple[str, list[str]]:
    """A couple's whole way, failures included; returns its id, and every secret there was."""
    joined = await api(http, "POST", "/couples", COUPLE)
    path = f"/couples/{joined['id']}"
    secrets = [
        joined["feed_url"],
        *(partner[link] for partner in joined["partners"] for link in partner if "_url" in link),
    ]
    urls = (
        well.url,
        f"{failing.url}?key={QUERY_SECRET}&p={PATH_SECRET}",
        f"http://127.0.0.1:9/{PATH_SECRET}?{QUERY_SECRET}",
    )
    for url in urls:
        body = {"url": url, "types": ["nudge.*"], "headers": {"X-Token": HEADER_SECRET}}
        endpoint = await api(http, "POST", f"{path}/endpoints", body)
        rotated = await api(http, "POST", f"/endpoints/{endpoint['id']}/rotate-secret")
        await api(http, "POST", f"/endpoints/{endpoint['id']}/test")
        secrets += [endpoint["secret"], rotated["secret"]]
    await api(http, "POST", f"{path}/check-ins?wait=5", {"partner": "sam", "mood": 2, "note": NOTE})
    calendar = {"partner": "sam", "url": f"{failing.url}/{PATH_SECRET}/basic.ics?key={QUERY_SECRET}"}
    await api(http, "POST", f"{path}/calendars", calendar)
    await refused(e, joined["id"])
    await broken(e)
    async with asyncio.timeout(40):
        while not (nudged := [json.loads(body) for _, body in well.requests if b'"actions":{' in body]):
            await asyncio.sleep(0.05)
        while len(failing.requests) < 2:
            await asyncio.sleep(0.05)
        while not (await api(http, "GET", f"{path}/calendars"))["items"][0]["error"]:
            await asyncio.sleep(0.2)
    links = [link for link in nudged[0]["data"]["actions"].values() if link]
    secrets += links
    for link in (*links, *secrets[:3]):
        await http.get(httpx.URL(link).raw_path.decode())
    await http.post(httpx.URL(links[0]).raw_path.decode(), data={})
    await http.get("/metrics", headers={"Authorization": f"Bearer {METRICS_KEY}"})
    await http.get("/v1/couples", headers={"Authorization": f"Bearer {API_KEY}-wrong"})
    await api(http, "DELETE", f"{path}?wait=5")
    return joined["id"], secrets


async def refused(e: Edge, couple_id: str) -> None:
    """Input that intake refuses, private words and all."""
    body = json.dumps({"id": "x", "partner": "nobody", "at": "yesterday", "note": NOTE}).encode()
    await e.wire.publish(e.wire.names.inbound("checkin", couple_id), body)
    async with asyncio.timeout(20):
        while not (await e.wire.api(f"STREAM.INFO.{e.wire.names.rejected}"))["state"]["messages"]:
            await asyncio.sleep(0.05)


async def broken(e: Edge) -> None:
    """What no handler can take: each fails on it, with a traceback in the log."""
    body = json.dumps({"type": "decision", "id": "y", "note": NOTE, "email": "sam.private@example.org"}).encode()
    await e.wire.publish(e.wire.names.decision("broken"), body)
    await e.wire.publish(e.wire.names.deliver("broken", "broken_one"), body)


def tokens(secrets: list[str]) -> set[str]:
    """What must not be found: of an address that is a capability, its last part."""
    found = {secret.rpartition("/")[2].removesuffix(".ics") if "://" in secret else secret for secret in secrets}
    assert all(len(token) >= 16 for token in found)
    return found | {
        API_KEY, METRICS_KEY, SECRET_KEY, NOTE, PATH_SECRET, QUERY_SECRET, HEADER_SECRET, "private@example.org",
        "sam.private", "whsec_A",
    }  # fmt: skip


@pytest.mark.timeout(180)
async def test_nothing_private_is_in_the_logs(nats_url: str, prefix: str, tmp_path: Path) -> None:
    """Logs are shipped to places that couples never agreed to."""
    log = tmp_path / "all.log"
    async with (
        edge(nats_url, prefix) as e,
        receiving() as well,
        receiving(500) as failing,
        services(e, log) as http,
    ):
        couple_id, secrets = await live(e, http, well, failing)
    text = log.read_text(encoding="utf-8")
    assert not {token for token in tokens(secrets) if token in text}
    assert couple_id in text
    for expected in ("a handler failed on", "Traceback", "GET /feeds/…", "POST /a/…", "attempt 1: delivered"):
        assert expected in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(line) for line in lines))
    assert {line.get("consumer") for line in lines if line.get("couple_id") == couple_id} >= {"intake", "cadence-facts"}
