"""What each service may do on the broker, declared in this one place: streams and consumers it reads, what it writes.

In: settings, for the prefix. Out: the subjects that a user of the broker may publish and subscribe to, in the words of
NATS. A service may do exactly what its code does. Besides the services there are two users: ``operator``, for the
commands, and ``producer``, for whoever sends check-ins and calendar events over NATS.
"""

from dataclasses import dataclass

from threedates.edge.settings import Settings
from threedates.edge.topology import (
    BUCKETS,
    CADENCE_DUE,
    CADENCE_FACTS,
    CALENDARS,
    INTAKE,
    INVITES,
    NUDGES_DELIVER,
    NUDGES_FANOUT,
    Consumer,
    consumers,
    streams,
)
from threedates.schemas.subjects import Names

OPERATOR = "operator"
PRODUCER = "producer"
_API = "$JS.API"


@dataclass(frozen=True, slots=True)
class Permissions:
    """The subjects one user may publish and subscribe to; everything else is refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Access:
    """What a service does: durable consumers it reads, streams it reads or purges, subjects it writes or hears."""

    consumes: tuple[str, ...] = ()
    gets: tuple[str, ...] = ()
    purges: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()


def permissions(settings: Settings, inboxes: dict[str, str]) -> dict[str, Permissions]:
    """Each user's permissions. ``inboxes`` names the users and the prefix under which each receives its answers."""
    accesses = _services(settings)
    made: dict[str, Permissions] = {}
    for user, inbox in inboxes.items():
        if user == OPERATOR:
            made[user] = _operator(settings, inbox)
        elif user == PRODUCER:
            made[user] = _producer(settings.names, inbox)
        else:
            made[user] = _service(settings, accesses[user], inbox)
    return made


def users(settings: Settings) -> tuple[str, ...]:
    """All users: the services by their names, then the operator and the producer."""
    return (*_services(settings), OPERATOR, PRODUCER)


def _services(settings: Settings) -> dict[str, _Access]:
    names = settings.names
    kv = names.bucket_stream
    all_streams = {str(stream["name"]) for stream in streams(settings)}
    return {
        "intake": _Access(
            consumes=(INTAKE,),
            gets=(names.inbox,),
            writes=(names.fact("*"), names.refused("*", ">")),
        ),
        "cadence": _Access(
            consumes=(CADENCE_FACTS, CADENCE_DUE),
            gets=(names.timers,),
            writes=(
                names.decision("*"),
                names.timer("*"),
                names.due("*"),
                names.looked("*"),
                names.bucket_subject("snapshots", ">"),
                names.bucket_subject("tombstones", "*"),
            ),
            # A couple that leaves is erased everywhere, but for its tombstone.
            purges=tuple(all_streams - {kv("tombstones")}),
            deletes=(names.log,),
        ),
        "invites": _Access(
            consumes=(INVITES,),
            gets=(kv("blocks"),),
            writes=(names.bucket_subject("blocks", ">"),),
            purges=(kv("blocks"),),
        ),
        "nudges": _Access(
            consumes=(NUDGES_FANOUT, NUDGES_DELIVER),
            gets=(kv("endpoints"), names.attempts),
            writes=(
                names.fact("*"),
                names.deliver("*", "*"),
                names.retry("*", "*", "*"),
                names.attempt("*", "*"),
                names.dead_letter("*", "delivery"),
                names.bucket_subject("endpoints", ">"),
            ),
            purges=(names.deliveries,),
        ),
        "calendars": _Access(
            consumes=(CALENDARS,),
            gets=(kv("calendars"), kv("endpoints")),
            writes=(
                names.inbound("calendar", "*"),
                names.poll_timer("*", "*"),
                names.poll("*", "*"),
                names.deliver("*", "*"),
                names.bucket_subject("calendars", ">"),
            ),
            purges=(names.polls, kv("calendars")),
        ),
        "gateway": _Access(
            # Every stream with a consumer, because its metrics tell how long the oldest message of each has waited.
            gets=(
                *(consumer.stream for consumer in consumers(settings)),
                *(kv("endpoints"), kv("feeds"), kv("blocks"), kv("calendars"), names.attempts, names.dead),
            ),
            deletes=(names.dead,),
            writes=(
                names.inbound("checkin", "*"),
                names.inbound("calendar", "*"),
                names.inbound("command", "*"),
                names.deliver("*", "*"),
                names.retry("*", "*", "*"),
                names.poll("*", "*"),
                names.bucket_subject("endpoints", ">"),
                names.bucket_subject("feeds", ">"),
                names.bucket_subject("calendars", ">"),
            ),
            hears=(
                names.fact("*"),
                names.looked("*"),
                names.bucket_subject("blocks", ">"),
                names.bucket_subject("feeds", ">"),
                names.bucket_subject("tombstones", ">"),
            ),
        ),
    }


def _service(settings: Settings, access: _Access, inbox: str) -> Permissions:
    names = settings.names
    # Every service loads couples.
    reads = {*access.gets, names.log, names.bucket_stream("snapshots"), names.bucket_stream("tombstones")}
    publish = {
        *_describes(settings),
        *(f"{_API}.DIRECT.GET.{stream}" for stream in reads),
        *(f"{_API}.STREAM.PURGE.{stream}" for stream in access.purges),
        *(f"{_API}.STREAM.MSG.DELETE.{stream}" for stream in access.deletes),
        # What a replica told of a couple is confirmed with the log's leader.
        f"{_API}.STREAM.MSG.GET.{names.log}",
        *access.writes,
    }
    for consumer in consumers(settings):
        if consumer.name in access.consumes:
            publish |= _consumes(consumer)
            publish.add(names.dead_letter("*", "message"))
    return Permissions(tuple(sorted(publish)), tuple(sorted({f"{inbox}.>", *access.hears})))


def _describes(settings: Settings) -> set[str]:
    """Asking what is there: services wait for the topology, and ``threedates doctor`` reports on it."""
    return {
        f"{_API}.INFO",
        *(f"{_API}.STREAM.INFO.{stream['name']}" for stream in streams(settings)),
        *(f"{_API}.CONSUMER.INFO.{consumer.stream}.{consumer.name}" for consumer in consumers(settings)),
    }


def _consumes(consumer: Consumer) -> set[str]:
    return {
        f"{_API}.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}",
        f"$JS.ACK.{consumer.stream}.{consumer.name}.>",
    }


def _operator(settings: Settings, inbox: str) -> Permissions:
    """Everything of this installation's: streams and consumers are made, read, saved and restored by the operator."""
    names = settings.names
    own = (f"{names.prefix}.>", *(names.bucket_subject(bucket, ">") for bucket in BUCKETS))
    return Permissions((f"{_API}.>", "$JS.SNAPSHOT.>", *own), (f"{inbox}.>", *own))


def _producer(names: Names, inbox: str) -> Permissions:
    """Sending what couples report, and hearing that it was stored; joining and leaving go through the gateway."""
    # The inbox of NATS clients that are left at their default is free for producers: no service uses it.
    return Permissions((names.inbound("checkin", "*"), names.inbound("calendar", "*")), (f"{inbox}.>", "_INBOX.>"))
