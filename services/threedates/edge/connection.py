"""Connecting a service: its FastStream broker, and the wire over the same connection.

While the broker is absent a service waits and says so, at start and later; it never gives up by itself.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from threedates.edge.errors import Misconfigured, Unavailable
from threedates.edge.logs import redact
from threedates.edge.settings import Settings
from threedates.edge.topology import MIN_SERVER, differences
from threedates.edge.wire import Wire

logger = logging.getLogger("threedates")
_PATIENCE_SECONDS = 1.0


def make_broker(settings: Settings, name: str) -> NatsBroker:
    """A FastStream broker that reconnects for ever. It does not connect yet."""
    return NatsBroker(
        settings.nats_url,
        name=f"threedates-{name}",
        # Handlers take their batch and nothing else; to work out what else to inject costs a thread's turn for each.
        apply_types=False,
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        connect_timeout=2,
        ping_interval=5,
        max_outstanding_pings=2,
        pending_size=16 * 1024 * 1024,
        error_cb=_quiet,
        logger=logging.getLogger("threedates.broker"),
        log_level=logging.DEBUG,
        graceful_timeout=8,
    )


async def _quiet(error: Exception) -> None:
    """FastStream logs a broken connection once; repeating every failed attempt tells nobody more."""
    logger.debug("broker connection: %r", error)


async def connect(broker: NatsBroker, settings: Settings) -> Wire:
    """Connect, waiting while the server is absent. Raises Misconfigured where it is too old."""
    # With reconnects unlimited nats-py keeps trying by itself, silently.
    notice = asyncio.get_running_loop().call_later(
        _PATIENCE_SECONDS, logger.warning, "waiting for NATS at %s", redact(settings.nats_url)
    )
    try:
        client = await broker.connect()
    finally:
        notice.cancel()
    version = client.connected_server_version
    if (version.major, version.minor) < MIN_SERVER:
        raise Misconfigured(f"the NATS server is {version}; message schedules need 2.12 or newer")
    return Wire(client, settings.names)


async def wait_for_topology(wire: Wire, settings: Settings) -> None:
    """Wait until the streams and consumers are there (``threedates topology apply`` makes them), saying so once."""
    waiting = False
    while not await _has_topology(wire, settings):
        if not waiting:
            logger.warning("waiting for the topology; create it with: threedates topology apply")
            waiting = True
        await asyncio.sleep(_PATIENCE_SECONDS)


async def _has_topology(wire: Wire, settings: Settings) -> bool:
    try:
        return not any(difference.is_missing for difference in await differences(wire, settings))
    except (Unavailable, APIError):
        return False


async def close(stop: Callable[[], Awaitable[None]], client: Client | None) -> None:
    """Close by FastStream's ``stop``, also while the broker is away: then there is nothing to drain, only to drop."""
    try:
        await stop()
    except (NatsError, ConnectionError) as error:
        logger.debug("closed while the broker was away: %r", error)
        if client is not None:
            await client.close()
