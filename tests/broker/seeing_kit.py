"""What tests of metrics, logs and traces share: all services in this process, as `threedates up` runs them, watched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import httpx
import nats
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from tests.broker.api_kit import KEY, ready
from tests.broker.nudges_kit import Receiver, receiving
from threedates.cli.registry import SERVICES, Runnable, make
from threedates.edge.observer import Observer
from threedates.edge.settings import Settings
from threedates.edge.topology import apply
from threedates.edge.wire import Wire
from threedates.gateway.app import Gateway

_RARE = {"target": "P300D", "floor": "P365D"}
COUPLE: dict[str, Any] = {
    "tz": "Europe/Berlin",
    "partners": [
        {"name": "sam", "email": "sam.private@example.org", "quiet": None},
        {"name": "alex", "email": "alex.private@example.org", "quiet": None},
    ],
    "cadence": {"fun": {"target": "PT2S"}, "business": _RARE, "emotional": _RARE},
    "budget": {"per_week": None, "min_gap": "PT0S"},
}
"""A couple whose fun dates fall due every two seconds, with nothing to hold its nudges back, at any hour."""


@dataclass
class Installation:
    """Everything at work: the gateway's HTTP, the observer's, the broker, and a receiver of webhooks."""

    settings: Settings
    wire: Wire
    http: httpx.AsyncClient
    observed: httpx.AsyncClient
    receiver: Receiver

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call under ``/v1`` that succeeds; returns the answer's JSON."""
        return await call(self.http, method, path, body, {"Authorization": f"Bearer {KEY}", **headers})

    async def join(self, **endpoint: Any) -> dict[str, Any]:
        """A couple, and the receiver as the endpoint of its nudges; returns what joining answered."""
        joined: dict[str, Any] = await self.call("POST", "/couples", COUPLE)
        body = {"url": self.receiver.url, "types": ["nudge.*"], **endpoint}
        joined["endpoint"] = await self.call("POST", f"/couples/{joined['id']}/endpoints", body)
        return joined

    async def figures(self) -> dict[tuple[str, ...], float]:
        """All samples of ``/metrics``: the name and the labels' values, sorted by label, to the value."""
        return samples((await self.observed.get("/metrics")).text)


async def call(http: httpx.AsyncClient, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    """One call under ``/v1`` that succeeds, asked for again where that is advised; returns the answer's JSON."""
    async with asyncio.timeout(60):
        # On a machine that is busy with others a couple may take longer to join than a caller is made to wait.
        while (answer := await http.request(method, f"/v1{path}", json=body, headers=headers)).status_code == 503:
            await asyncio.sleep(float(answer.headers["Retry-After"]))
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def samples(text: str) -> dict[tuple[str, ...], float]:
    """The samples in a page of metrics."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@asynccontextmanager
async def installation(
    nats_url: str, prefix: str, receiver: Receiver | None = None, **settings: Any
) -> AsyncIterator[Installation]:
    """All services on a topology of their own."""
    made = Settings(
        nats_url=nats_url,
        prefix=prefix,
        http="127.0.0.1:0",
        metrics="127.0.0.1:0",
        api_keys=SecretStr(KEY),
        secret_key=SecretStr("a key for tests, 16 bytes or more"),
        allow_networks=(ip_network("127.0.0.0/8"),),
        **settings,
    )
    async with AsyncExitStack() as stack:
        client = await nats.connect(nats_url)
        stack.push_async_callback(client.close)
        wire = Wire(client, made.names)
        await apply(wire, made)
        services: dict[str, Runnable] = {name: make(name, made) for name in SERVICES}
        observer = Observer(made, services)
        for service in (observer, *services.values()):
            await service.start()
            stack.push_async_callback(service.stop)
        gateway = services["gateway"]
        assert isinstance(gateway, Gateway)
        http, observed = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)
            )
            for port in (gateway.port, observer.port)
        ]
        await ready(http)
        if receiver is None:
            receiver = await stack.enter_async_context(receiving())
        yield Installation(made, wire, http, observed, receiver)
