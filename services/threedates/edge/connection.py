"""Connecting a service: its FastStream broker, and the wire over the same connection.

While the broker is absent a service waits and says so, at start and later; it never gives up by itself.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from threedates.edge.errors import Misconfigured, Unavailable
from threedates.edge.identity import inbox, security
from threedates.edge.logs import redact
from threedates.edge.settings import Settings
from threedates.edge.topology import MIN_SERVER, differences
from threedates.edge.wire import Wire

logger = logging.getLogger("threedates")
_PATIENCE_SECONDS = 1.0
SILENCE_SECONDS = 10
_MOST_SAID = 20
_FINAL = ("authorization violation", "authorization timeout", "maximum connections exceeded")


OnRefusal = Callable[[str], None]


def make_broker(
    settings: Settings, name: str, on_refusal: OnRefusal = logger.error, lost: asyncio.Event | None = None
) -> NatsBroker:
    """A FastStream broker that reconnects for ever. It does not connect yet. Raises Misconfigured.

    ``on_refusal`` is told, once each, what the server will not have from us and what to do about it; ``lost``
    is set where the connection has ended for good, as when the server knows this user no more.
    """
    trouble = _Trouble(settings, on_refusal, lost or asyncio.Event())

    async def reconnected() -> None:
        _limit_silence(broker.connection)

    broker = NatsBroker(
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
        closed_cb=trouble.closed,
        reconnected_cb=reconnected,
        error_cb=trouble.heard,
        security=security(settings),
        inbox_prefix=inbox(settings),
        logger=logging.getLogger("threedates.broker"),
        log_level=logging.DEBUG,
        graceful_timeout=8,
    )
    return broker


def _limit_silence(client: Client) -> None:
    """Have the system end a connection whose other side has confirmed nothing for so long (RFC 5482, on Linux).

    nats-py leaves a node that answers no more only when it has written what it still holds: to one that is cut off,
    after a quarter of an hour.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        writer = client._transport._io_writer  # type: ignore[union-attr]  # noqa: SLF001  # it shows its socket to nobody
        found = writer.get_extra_info("socket")
        if found is not None:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_SECONDS * 1000)


class _Trouble:
    """What the connection complains of: once where a person has to act, else for debugging alone.

    FastStream logs a broken connection once; repeating every failed attempt tells nobody more.
    """

    def __init__(self, settings: Settings, on_refusal: OnRefusal, lost: asyncio.Event) -> None:
        self._where = redact(settings.nats_url)
        self._on_refusal = on_refusal
        self._lost = lost
        self._said: set[str] = set()

    async def closed(self) -> None:
        """nats-py's callback for the end of the connection, which nothing makes anew."""
        self._lost.set()

    async def heard(self, error: Exception) -> None:
        """nats-py's callback for errors."""
        if any(reason in str(error).lower() for reason in _FINAL):
            # FastStream raises these, also out of the task that reconnects, which nothing starts again.
            self._lost.set()
        advice = _advice(error)
        if advice is None or str(error) in self._said or len(self._said) >= _MOST_SAID:
            logger.debug("broker connection: %r", error)
            return
        self._said.add(str(error))
        self._on_refusal(f"NATS at {self._where} refuses this process: {error}; {advice}")


def _advice(error: Exception) -> str | None:
    text = str(error).lower()
    if "authorization violation" in text:
        return "give it the seed of a user that the server knows, in THREEDATES_NATS_NKEY or THREEDATES_NATS_NKEY_FILE"
    if "permissions violation" in text:
        return "the server's configuration is older than this program; write it anew: threedates deploy nats-config"
    if isinstance(error, ssl.SSLError):
        return "set THREEDATES_NATS_TLS_CA to the certificate that vouches for it"
    return None


async def connect(broker: NatsBroker, settings: Settings) -> Wire:
    """Connect, waiting while the server is absent. Raises Misconfigured where it is too old or does not let us in."""
    # With reconnects unlimited nats-py keeps trying by itself, silently.
    notice = asyncio.get_running_loop().call_later(
        _PATIENCE_SECONDS, logger.warning, "waiting for NATS at %s", redact(settings.nats_url)
    )
    try:
        client = await broker.connect()
    except NatsError as error:
        raise Misconfigured(
            f"NATS at {redact(settings.nats_url)} refuses this process: {error}; {_advice(error) or 'see its log'}"
        ) from error
    finally:
        notice.cancel()
    _limit_silence(client)
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
            with suppress(NatsError, ConnectionError):
                await client.close()
