"""Every stream, consumer and bucket, declared in this one place, compared with the broker and applied.

``apply`` creates what is missing and never rewrites what differs; ``differences`` says what that is. Services only
bind to the consumers named here.
"""

from dataclasses import dataclass
from typing import Any

from nats.js.errors import NotFoundError

from threedates.edge.settings import Settings
from threedates.edge.wire import Wire

_NANO = 1_000_000_000
_DAY = 86_400 * _NANO
CHANGEABLE = ("max_age", "num_replicas")
"""What of a stream follows the settings later on, where that is asked for."""
MIN_SERVER = (2, 12)
"""Message schedules came with this version."""
BUCKETS = ("snapshots", "endpoints", "feeds", "blocks", "calendars", "tombstones")
# The delivered-but-unacknowledged cap. Handlers never wait on a message, they park it, so this only bounds a burst.
MAX_ACK_PENDING = 4096

INTAKE = "intake"
CADENCE_FACTS = "cadence-facts"
CADENCE_DUE = "cadence-due"
INVITES = "invites"
NUDGES_FANOUT = "nudges-fanout"
NUDGES_DELIVER = "nudges-deliver"
CALENDARS = "calendars"


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable pull consumer: the stream it reads and the subject it is limited to."""

    name: str
    stream: str
    filter: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on the broker that is not as declared."""

    where: str
    field: str
    declared: object
    found: object

    @property
    def is_missing(self) -> bool:
        """Whether the whole thing is not there."""
        return self.field == ""

    def __str__(self) -> str:
        if self.is_missing:
            return f"{self.where}: missing"
        return f"{self.where}: {self.field} is {self.found!r}, declared {self.declared!r}"


def streams(settings: Settings) -> list[dict[str, Any]]:
    """The streams, as the JetStream API takes them; the buckets' streams included."""
    names, prefix = settings.names, settings.prefix
    common: dict[str, Any] = {
        "storage": settings.storage,
        "num_replicas": settings.replicas,
        "allow_direct": True,
        "discard": "old",
        "max_age": 0,
    }
    queue: dict[str, Any] = {"retention": "workqueue"}
    keep: dict[str, Any] = {"retention": "limits"}
    declared: list[dict[str, Any]] = [
        {"name": names.inbox, "subjects": [f"{prefix}.in.>"], **queue},
        {"name": names.log, "subjects": [f"{prefix}.log.*.fact", f"{prefix}.log.*.decision"], **keep},
        {
            "name": names.timers,
            "subjects": [f"{prefix}.timer.>", f"{prefix}.due.>"],
            "allow_msg_schedules": True,
            **queue,
        },
        {
            "name": names.deliveries,
            "subjects": [f"{prefix}.deliver.>", f"{prefix}.retry.>"],
            "allow_msg_schedules": True,
            **queue,
        },
        {
            "name": names.polls,
            "subjects": [f"{prefix}.polltimer.>", f"{prefix}.poll.>"],
            "allow_msg_schedules": True,
            **queue,
        },
        {"name": names.rejected, "subjects": [f"{prefix}.rejected.>"], **keep, "max_age": settings.keep_days * _DAY},
        {
            "name": names.attempts,
            "subjects": [f"{prefix}.attempt.>"],
            **keep,
            "max_age": settings.keep_days * _DAY,
            "max_msgs_per_subject": 200,
        },
        {"name": names.dead, "subjects": [f"{prefix}.dead.>"], **keep, "max_age": settings.keep_days * _DAY},
    ]
    for bucket in BUCKETS:
        declared.append(
            {
                "name": names.bucket_stream(bucket),
                "subjects": [names.bucket_subject(bucket, ">")],
                **keep,
                "max_msgs_per_subject": 1,
                "allow_rollup_hdrs": True,
                "deny_delete": True,
            }
        )
    return [{**common, **stream} for stream in declared]


def consumers(settings: Settings) -> list[Consumer]:
    """The durable consumers, one per handler."""
    names, prefix = settings.names, settings.prefix
    return [
        Consumer(INTAKE, names.inbox, f"{prefix}.in.>"),
        Consumer(CADENCE_FACTS, names.log, f"{prefix}.log.*.fact"),
        Consumer(CADENCE_DUE, names.timers, f"{prefix}.due.>"),
        Consumer(INVITES, names.log, f"{prefix}.log.*.decision"),
        Consumer(NUDGES_FANOUT, names.log, f"{prefix}.log.*.decision"),
        Consumer(NUDGES_DELIVER, names.deliveries, f"{prefix}.deliver.>"),
        Consumer(CALENDARS, names.polls, f"{prefix}.poll.>"),
    ]


def consumer_config(consumer: Consumer, settings: Settings) -> dict[str, Any]:
    """A consumer as the JetStream API takes it. Deliveries are unlimited: handlers write the dead letters."""
    return {
        "durable_name": consumer.name,
        "name": consumer.name,
        "filter_subject": consumer.filter,
        "ack_policy": "explicit",
        "deliver_policy": "all",
        "ack_wait": int(settings.ack_wait * _NANO),
        "max_deliver": -1,
        "max_ack_pending": MAX_ACK_PENDING,
    }


async def apply(wire: Wire, settings: Settings) -> list[str]:
    """Create what is missing; returns what was created, by name. Raises Unavailable."""
    created: list[str] = []
    for stream in streams(settings):
        name = str(stream["name"])
        if await _found(wire, f"STREAM.INFO.{name}") is None:
            await wire.api(f"STREAM.CREATE.{name}", stream)
            created.append(name)
    for consumer in consumers(settings):
        call = f"{consumer.stream}.{consumer.name}"
        if await _found(wire, f"CONSUMER.INFO.{call}") is None:
            body = {"stream_name": consumer.stream, "config": consumer_config(consumer, settings), "action": "create"}
            await wire.api(f"CONSUMER.CREATE.{call}.{consumer.filter}", body)
            created.append(call.replace(".", "/"))
    return created


async def change(wire: Wire, settings: Settings) -> list[str]:
    """Have existing streams keep what they keep as long, and in as many copies, as declared; returns which changed.

    Nothing else of them is touched. Raises Unavailable, and APIError where the broker refuses.
    """
    changed: list[str] = []
    for stream in streams(settings):
        name = str(stream["name"])
        found = await _found(wire, f"STREAM.INFO.{name}")
        wanted = {field: stream[field] for field in CHANGEABLE}
        if found is not None and any((found.get(field) or 0) != value for field, value in wanted.items()):
            await wire.api(f"STREAM.UPDATE.{name}", {**found, **wanted})
            changed.append(name)
    return changed


async def differences(wire: Wire, settings: Settings) -> list[Difference]:
    """What on the broker is missing or not as declared. Raises Unavailable."""
    found: list[Difference] = []
    for stream in streams(settings):
        name = str(stream["name"])
        found += _compare(f"stream {name}", stream, await _found(wire, f"STREAM.INFO.{name}"))
    for consumer in consumers(settings):
        where = f"consumer {consumer.stream}/{consumer.name}"
        info = await _found(wire, f"CONSUMER.INFO.{consumer.stream}.{consumer.name}")
        found += _compare(where, consumer_config(consumer, settings), info)
    return found


def _compare(where: str, declared: dict[str, Any], actual: dict[str, Any] | None) -> list[Difference]:
    if actual is None:
        return [Difference(where, "", "present", None)]
    return [
        # The broker leaves out what is false or nought.
        Difference(where, field, wanted, actual.get(field))
        for field, wanted in declared.items()
        if (actual.get(field) or None) != (wanted or None)
    ]


async def _found(wire: Wire, call: str) -> dict[str, Any] | None:
    try:
        config: dict[str, Any] = (await wire.api(call))["config"]
    except NotFoundError:
        return None
    return config
