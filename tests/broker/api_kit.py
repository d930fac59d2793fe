"""What the tests of the HTTP API share: the gateway on a real port, with the services behind it, over a real broker.

One of them serves all tests of a worker; each test has couples of its own join.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import httpx
import nats
import pytest
import pytest_asyncio
from pydantic import SecretStr

from threedates.cadence import app as cadence
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import apply
from threedates.edge.wire import Wire
from threedates.gateway.app import Gateway, make
from threedates.intake import app as intake
from threedates.invites import app as invites

KEY, OTHER_KEY = "key-of-one-app", "key-of-another"
PARTNERS = [{"name": "sam", "tz": "Europe/Berlin"}, {"name": "alex", "tz": "Europe/Lisbon"}]
ONE_LOOP = pytest.mark.asyncio(loop_scope="session")
"""Tests that share the API run in its event loop."""


@dataclass
class Api:
    """The API, and the connection to the broker behind it."""

    settings: Settings
    wire: Wire
    http: httpx.AsyncClient

    async def call(
        self, method: str, path: str, body: Any = None, *, expect: int, key: str = KEY, **headers: str
    ) -> Any:
        """One call under ``/v1``; returns the answer's JSON, None where it is empty."""
        sent = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = await self.http.request(method, f"/v1{path}", json=body, headers=sent)
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    async def problem(self, method: str, path: str, body: Any = None, *, expect: int, **more: str) -> tuple[str, str]:
        """One call that is refused; returns the problem's code and field."""
        found = await self.call(method, path, body, expect=expect, **more)
        assert found["status"] == expect
        assert found["type"].endswith(f"/docs#{found['code']}")
        return found["code"], found.get("field", "")

    async def join(self, **settings: Any) -> str:
        """Have sam in Berlin and alex in Lisbon join; returns the couple's id once each kind has been proposed."""
        body = {"partners": PARTNERS, **settings}
        couple_id: str = (await self.call("POST", "/couples", body, expect=201))["id"]
        async with asyncio.timeout(60):
            while len((await self.call("GET", f"/couples/{couple_id}/dates", expect=200))["items"]) < 3:
                await asyncio.sleep(0.02)
        return couple_id

    async def date(self, couple_id: str, kind: str = "fun") -> dict[str, Any]:
        """The couple's date of a kind that is proposed or scheduled, else the first; waits until there is any."""
        items: list[dict[str, Any]] = []
        async with asyncio.timeout(60):
            while not items:
                items = (await self.call("GET", f"/couples/{couple_id}/dates?kind={kind}", expect=200))["items"]
                await asyncio.sleep(0 if items else 0.02)
        return next((date for date in items if date["status"] in ("proposed", "scheduled")), items[0])

    async def log(self, couple_id: str) -> list[dict[str, Any]]:
        """The events of the couple's log."""
        page = await self.call("GET", f"/couples/{couple_id}/log?limit=500", expect=200)
        return [item["event"] for item in page["items"]]


def settings_of(nats_url: str, prefix: str) -> Settings:
    """Settings for a gateway on a port of the system's choice."""
    return Settings(
        nats_url=nats_url,
        prefix=prefix,
        http="127.0.0.1:0",
        api_keys=SecretStr(f"{KEY}, {OTHER_KEY}"),
        secret_key=SecretStr("a key for tests, 16 bytes or more"),
        allow_networks=(ip_network("127.0.0.0/8"),),
    )


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Gateway, httpx.AsyncClient]]:
    """The gateway alone, and a client for it."""
    gateway = make(settings)
    await gateway.start()
    try:
        base_url = f"http://127.0.0.1:{gateway.port}"
        async with httpx.AsyncClient(base_url=base_url, timeout=20, trust_env=False) as http:
            yield gateway, http
    finally:
        await gateway.stop()


async def ready(http: httpx.AsyncClient) -> None:
    """Wait until the gateway says that it is ready."""
    async with asyncio.timeout(60):
        while (await http.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def api(nats_broker: EmbeddedNats) -> AsyncIterator[Api]:
    """The API with intake, cadence and invites behind it."""
    settings = settings_of(nats_broker.url, f"api_{secrets.token_hex(4)}")
    client = await nats.connect(nats_broker.url)
    wire = Wire(client, settings.names)
    await apply(wire, settings)
    services: list[Service[Any]] = [intake.make(settings), cadence.make(settings), invites.make(settings)]
    for service in services:
        await service.start()
    try:
        async with serving(settings) as (_, http):
            await ready(http)
            yield Api(settings, wire, http)
    finally:
        for service in services:
            await service.stop()
        await client.close()
