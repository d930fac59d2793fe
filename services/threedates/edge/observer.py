"""A listener of its own for whoever watches a process: ``/metrics``, ``/healthz`` and ``/readyz``, without a key.

It listens where ``THREEDATES_METRICS`` says, which is meant for a network that the world does not reach; nothing is
listened on where that is not set. It answers from the first moment, also while the broker is awaited.
"""

import asyncio
import socket
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web
from nats.js.errors import APIError

from threedates.edge.clock import Clock, system_clock
from threedates.edge.errors import Unavailable
from threedates.edge.exposition import CONTENT_TYPE, exposition
from threedates.edge.heartbeat import heartbeat
from threedates.edge.listening import host_and_port, listen
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire

SETTING = "THREEDATES_METRICS"
BEATING = "cadence"
"""The service whose readiness is the heartbeat."""
TELLING = "gateway"
"""The service that tells of the broker's consumers: one is enough."""


class Observed(Protocol):
    """A service as it is seen from outside."""

    @property
    def wire(self) -> Wire | None:
        """Its connection to the broker; None until there is one."""

    @property
    def is_ready(self) -> bool:
        """Whether it is at work: started, and connected at this moment."""


class Observer:
    """The listener for the services of one process, by their names."""

    def __init__(self, settings: Settings, services: Mapping[str, Observed], clock: Clock = system_clock) -> None:
        self._settings = settings
        self._services = services
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.lost = asyncio.Event()
        """Never set: it can answer whatever happens."""
        self.port = 0
        """The port it listens on, once started."""

    async def start(self) -> None:
        """Begin to listen. Raises Misconfigured where it cannot."""
        host, port = host_and_port(SETTING, self._settings.metrics)
        listener: socket.socket = listen(SETTING, "the listener for metrics", host, port)
        self.port = int(listener.getsockname()[1])
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _metrics(self, _: web.Request) -> web.Response:
        telling = self._services.get(TELLING)
        wires = [service.wire for service in self._services.values() if service.wire is not None]
        wire = telling.wire if telling is not None else next(iter(wires), None)
        content = await exposition(wire, self._settings, self._clock(), tells_of_broker=telling is not None)
        return web.Response(body=content, headers={"Content-Type": CONTENT_TYPE})

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        problems = [f"{name} is not at work" for name, service in self._services.items() if not service.is_ready]
        cadence = self._services.get(BEATING)
        if not problems and cadence is not None and cadence.wire is not None:
            problems = [*filter(None, [await self._heartbeat(cadence.wire)])]
        return web.Response(status=503 if problems else 200, text="\n".join(problems or ["ready"]) + "\n")

    async def _heartbeat(self, wire: Wire) -> str | None:
        try:
            return await heartbeat(wire, self._settings, self._clock())
        except (Unavailable, APIError) as error:
            return f"The heartbeat cannot be read: {error}"
