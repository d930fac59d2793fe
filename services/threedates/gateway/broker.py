"""The gateway's connection to the broker: made in the background, so that HTTP answers from the first moment, with 503.

In: settings. Out: the :class:`Deps` every route works with, or Unavailable while there is no broker or no topology.
"""

import asyncio
import logging

from threedates.edge.clock import Clock
from threedates.edge.connection import close, connect, make_broker, wait_for_topology
from threedates.edge.couples import Couples
from threedates.edge.errors import Misconfigured, Unavailable
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire
from threedates.gateway.deps import Deps
from threedates.gateway.inbox import Inbox

logger = logging.getLogger("threedates")


class Broker:
    """Connects, and says whether it is connected. ``lost`` is set once the connection has ended for good."""

    def __init__(self, settings: Settings, clock: Clock, lost: asyncio.Event) -> None:
        self._settings = settings
        self._clock = clock
        self._broker = make_broker(settings, "gateway", lost=lost)
        self._deps: Deps | None = None
        self._trouble = "the broker has not been reached yet"
        self._connecting: asyncio.Task[None] | None = None

    def deps(self) -> Deps:
        """The gateway's tools. Raises Unavailable at once, rather than after a time-out, while the broker is away."""
        if self._deps is None:
            raise Unavailable(self._trouble)
        if not self._deps.wire.is_connected:
            raise Unavailable("the connection to the broker is down")
        return self._deps

    @property
    def wire(self) -> Wire | None:
        """The connection, whether it stands at this moment or not; None before it first did and was of use."""
        return self._deps.wire if self._deps is not None else None

    def start(self) -> None:
        """Begin to connect."""
        self._connecting = asyncio.create_task(self._connect())

    async def ready(self, seconds: float) -> None:
        """Give connecting so long; it goes on in the background."""
        if self._connecting is not None:
            await asyncio.wait({self._connecting}, timeout=seconds)

    async def stop(self) -> None:
        """Close the connection, or give up connecting."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait({self._connecting})
        await close(self._broker.stop, self._deps.wire.client if self._deps is not None else None)

    async def _connect(self) -> None:
        try:
            wire = await connect(self._broker, self._settings)
            self._trouble = "the topology is not there yet"
            await wait_for_topology(wire, self._settings)
        except Misconfigured as error:
            # Answering 503 with the reason in the log serves an operator better than a process that is gone.
            self._trouble = str(error)
            logger.error("gateway: %s", error)  # noqa: TRY400  # a person has to act; a traceback would hide on what
            return
        self._deps = Deps(self._settings, wire, Couples(wire), Inbox(wire), self._clock)
        logger.info("gateway: at work")
