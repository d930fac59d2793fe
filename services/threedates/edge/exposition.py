"""The metrics of this process as text, in the format Prometheus reads (text 0.0.4), the broker's figures fresh."""

from datetime import datetime

from nats.js.errors import APIError
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from threedates.edge.errors import Unavailable
from threedates.edge.heartbeat import heartbeat
from threedates.edge.lag import forget, measure
from threedates.edge.metrics import BROKER_UP, HEARTBEAT, REGISTRY, THE_BROKERS
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


async def exposition(wire: Wire | None, settings: Settings, now: datetime, *, tells_of_broker: bool) -> bytes:
    """All metrics. ``wire`` is None while there is no connection; never raises for trouble with the broker.

    With ``tells_of_broker`` the consumers, the streams and the heartbeat are read and told as well.
    """
    is_up = wire is not None and wire.is_connected
    BROKER_UP.set(is_up)
    if not tells_of_broker:
        return generate_latest(REGISTRY)
    forget()
    HEARTBEAT.set(0)
    if wire is not None and is_up:
        await measure(wire, settings, now)
        HEARTBEAT.set(await _is_beating(wire, settings, now))
    return generate_latest(REGISTRY) + generate_latest(THE_BROKERS)


async def _is_beating(wire: Wire, settings: Settings, now: datetime) -> bool:
    try:
        return await heartbeat(wire, settings, now) is None
    except (Unavailable, APIError):
        return False
