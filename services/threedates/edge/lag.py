"""How far behind the consumers are, as the broker knows it, and how old the oldest message is that waits."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from nats.js.errors import APIError
from prometheus_client import Gauge

from threedates.edge.errors import Unavailable
from threedates.edge.metrics import IN_HAND, OLDEST, PENDING, STORED, STORED_BYTES
from threedates.edge.settings import Settings
from threedates.edge.topology import Consumer, consumers, streams
from threedates.edge.wire import Wire


@dataclass(frozen=True, slots=True)
class Lag:
    """One consumer: messages not given out, given out and not acknowledged, and fetches that wait for any."""

    consumer: Consumer
    pending: int
    in_hand: int
    fetching: int
    floor: int
    """The stream sequence up to which all is acknowledged."""
    last_ack: datetime | None
    """When anything was last acknowledged, in UTC; None where the broker does not know."""

    @property
    def is_waiting(self) -> bool:
        """Whether anything is not acknowledged."""
        return bool(self.pending or self.in_hand)


async def lag_of(wire: Wire, consumer: Consumer) -> Lag:
    """One consumer's lag. Raises APIError where there is no such consumer, Unavailable for trouble."""
    info = await wire.api(f"CONSUMER.INFO.{consumer.stream}.{consumer.name}")
    last = info["ack_floor"].get("last_active")
    return Lag(
        consumer,
        int(info["num_pending"]),
        int(info["num_ack_pending"]),
        int(info["num_waiting"]),
        int(info["ack_floor"]["stream_seq"]),
        datetime.fromisoformat(last) if last else None,
    )


async def oldest(wire: Wire, lag: Lag, now: datetime, passing: str | None = None) -> float:
    """Seconds since the oldest message that waits was stored, 0 where none does. Raises Unavailable.

    Messages on the subject ``passing`` are passed over.
    """
    begin = lag.floor + 1
    while lag.is_waiting:
        first = await wire.reader.first(lag.consumer.stream, lag.consumer.filter, begin)
        if first is None:
            break
        if first.subject != passing:
            return max(0.0, (now - datetime.fromisoformat(first.headers["Nats-Time-Stamp"])).total_seconds())
        begin = first.seq + 1
    return 0.0


async def measure(wire: Wire, settings: Settings, now: datetime) -> None:
    """Set the metrics of all consumers and streams; those that cannot be read have no value afterwards."""
    found = await asyncio.gather(
        *(_of_consumer(wire, consumer, now) for consumer in consumers(settings)),
        *(_of_stream(wire, str(stream["name"])) for stream in streams(settings)),
    )
    forget()
    for name, values in found:
        for gauge, value in values.items():
            gauge.labels(name).set(value)


def forget() -> None:
    """Leave the metrics of consumers and streams without values: they are not known."""
    for gauge in (PENDING, IN_HAND, OLDEST, STORED, STORED_BYTES):
        gauge.clear()


async def _of_consumer(wire: Wire, consumer: Consumer, now: datetime) -> tuple[str, dict[Gauge, float]]:
    try:
        lag = await lag_of(wire, consumer)
        values = {PENDING: lag.pending, IN_HAND: lag.in_hand, OLDEST: await oldest(wire, lag, now)}
    except (Unavailable, APIError):
        return consumer.name, {}
    return consumer.name, values


async def _of_stream(wire: Wire, name: str) -> tuple[str, dict[Gauge, float]]:
    try:
        state = (await wire.api(f"STREAM.INFO.{name}"))["state"]
    except (Unavailable, APIError):
        return name, {}
    return name, {STORED: state["messages"], STORED_BYTES: state["bytes"]}
