"""The gateway, wired: its socket, its server, its connection to the broker. The only place where its parts meet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from threedates.edge.clock import Clock, system_clock
from threedates.edge.errors import Misconfigured
from threedates.edge.listening import BACKLOG, host_and_port, listen
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire
from threedates.gateway.broker import Broker
from threedates.gateway.heads import BoundedHeads
from threedates.gateway.web import build

HTTP = "THREEDATES_HTTP"
PATIENCE_SECONDS = 0.5
GRACE_SECONDS = 12
"""A little more than the longest wait a caller may ask for."""


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs the services."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Gateway:
    """The gateway as a service: it listens from the start, and answers 503 while the broker is away."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._broker: Broker | None = None
        self.lost = asyncio.Event()
        """Set once the connection to the broker has ended for good."""
        self.port = 0
        """The port it listens on, once started."""

    @property
    def wire(self) -> Wire | None:
        """The connection to the broker; None until there is one."""
        return self._broker.wire if self._broker is not None else None

    @property
    def is_ready(self) -> bool:
        """Whether it can serve: connected at this moment, the topology there."""
        return self.wire is not None and self.wire.is_connected

    async def start(self) -> None:
        """Begin to listen; where the broker is there, also to serve, so that what is started next may ask at once.

        Raises Misconfigured where it cannot listen, or the key for links is missing.
        """
        host, port = host_and_port(HTTP, self._settings.http)
        _ = self._settings.link_key
        listener = listen(HTTP, "the gateway", host, port)
        self.port = int(listener.getsockname()[1])
        settings = self._settings
        if port == 0:
            # Links must lead to the port that the system chose.
            settings = settings.model_copy(update={"http": f"{self._settings.http.rpartition(':')[0]}:{self.port}"})
        broker = self._broker = Broker(settings, self._clock, self.lost)

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            broker.start()
            yield
            await broker.stop()

        self._server = _Server(_config(build(settings, broker.deps, lifespan)))
        self._serving = asyncio.create_task(self._server.serve([listener]))
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
                raise Misconfigured("the gateway could not start; see the log")
            await asyncio.sleep(0.01)
        await broker.ready(PATIENCE_SECONDS)

    async def stop(self) -> None:
        """Take no new requests, finish those under way, close."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving


def make(settings: Settings, clock: Clock = system_clock) -> Gateway:
    """The gateway, not started yet."""
    return Gateway(settings, clock)


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's own words for an ASGI application differ from Starlette's
        http=BoundedHeads,
        ws="none",
        lifespan="on",
        # Logging is set up by whoever runs the services, with secrets struck out; the shell writes the access log.
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
