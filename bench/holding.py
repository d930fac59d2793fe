"""Fills a store with couples that have lived, as fast as one connection takes them.

Everybody's first message is written, then everybody's second, and so on: what a couple has lies as far apart as weeks
put it. Nothing waits for an acknowledgement; instead the streams are asked now and then how far they are, because a
broker that is given more than it can store throws messages away. The bench is the log's only writer meanwhile, so it
knows every sequence beforehand.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bench.couples import couple_name
from bench.installation import Installation
from bench.lives import Life
from bench.waiting import until
from threedates.schemas.base import rfc3339
from threedates.schemas.subjects import Names

HELLO = b'CONNECT {"verbose":false,"pedantic":false,"headers":true}\r\n'
_PIECE = 5_000
# A prime that no size of any interest is a multiple of: every couple gets a name, and each its own.
_STRIDE = 611_953
# The broker lets 100,000 messages or 128 MB wait to be stored.
_MOST_WAITING = 5_000
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Held:
    """Couples in a store, the lives in turns. Those written one after another do not follow in their names."""

    lives: tuple[Life, ...]
    count: int
    timers_from: datetime
    timers_for: timedelta

    def name(self, n: int) -> str:
        """What the n-th couple is called."""
        return couple_name(n * _STRIDE % self.count)

    def life(self, n: int) -> Life:
        """What the n-th couple has."""
        return self.lives[n % len(self.lives)]

    @property
    def length(self) -> int:
        """How many messages each log has."""
        (length,) = {len(life.log) for life in self.lives}
        return length

    def nudge(self, n: int) -> str:
        """The webhook-id of what the n-th couple's next look brings."""
        return self.life(n).nudge % self.name(n)

    def timer(self, made: Installation, n: int, at: datetime | None = None) -> bytes:
        """The n-th couple's timer, as the service would set it, ready to be sent."""
        names, name = made.settings.names, self.name(n)
        at = at or self.timers_from + self.timers_for * (n / self.count)
        folded_to = (self.length - 1) * self.count + n + 1
        body = json.dumps({"folded_to": folded_to, "at": rfc3339(at)}).encode()
        head = f"NATS/1.0\r\nNats-Schedule: @at {rfc3339(at)}\r\nNats-Schedule-Target: {names.due(name)}\r\n\r\n"
        sizes = f"{len(head)} {len(head) + len(body)}"
        return f"HPUB {names.timer(name)} {sizes}\r\n{head}".encode() + body + b"\r\n"


async def fill(made: Installation, held: Held) -> float:
    """Put all of them into an empty store; returns how many seconds that took."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", made.broker.port)
    writer.write(HELLO)
    answering = asyncio.create_task(_answer(reader, writer))
    sent: Counter[str] = Counter()
    try:
        for stream, written in _passes(made, held):
            for begin in range(0, held.count, _PIECE):
                piece = range(begin, min(begin + _PIECE, held.count))
                writer.write(b"".join(map(written, piece)))
                await writer.drain()
                sent[stream] += len(piece)
                await _until_stored(made, stream, sent[stream] - _MOST_WAITING)
        for stream, count in sent.items():
            await _until_stored(made, stream, count)
    finally:
        answering.cancel()
        writer.close()
    return time.monotonic() - began


def _passes(made: Installation, held: Held) -> Iterator[tuple[str, Callable[[int], bytes]]]:
    """What is written to a stream for each couple by its number, one message of everybody's after the other."""
    names = made.settings.names
    for nth in range(held.length):
        yield names.log, partial(_logged, names, held, nth)
    for nth, (bucket, _, _) in enumerate(held.lives[0].kept):
        yield names.bucket_stream(bucket), partial(_kept, names, held, nth)
    yield names.timers, partial(held.timer, made)


def _logged(names: Names, held: Held, nth: int, n: int) -> bytes:
    name = held.name(n)
    last, text = held.life(n).log[nth]
    return _put(f"{names.prefix}.log.{name}.{last}", text.of(name.encode(), n + 1, held.count))


def _kept(names: Names, held: Held, nth: int, n: int) -> bytes:
    name = held.name(n).encode()
    bucket, key, text = held.life(n).kept[nth]
    subject = names.bucket_subject(bucket, key.of(name, n + 1, held.count).decode())
    return _put(subject, text.of(name, n + 1, held.count))


def _put(subject: str, data: bytes) -> bytes:
    return b"PUB %b %d\r\n%b\r\n" % (subject.encode(), len(data), data)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the broker's pings, lest it hang up."""
    while line := await reader.readline():
        if line.startswith(b"PING"):
            writer.write(b"PONG\r\n")
        elif line.startswith(b"-ERR"):
            raise RuntimeError(f"the broker refuses what it is given: {line.decode()}")


async def _until_stored(made: Installation, stream: str, count: int) -> None:
    async def has_them() -> bool:
        return await made.messages(stream) >= count

    if not await until(has_them, _PATIENCE_SECONDS, every=0.02):
        raise TimeoutError(f"{stream} does not hold {count:,} messages after {_PATIENCE_SECONDS:g} s")
