"""Couples that fall due while many are held: how late their nudges are, how many a second, and after a crash."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bench import couples
from bench.couples import Message
from bench.holding import HELLO, Held
from bench.installation import KEY_ID, Installation
from bench.lives import settings
from bench.million_figures import Figures
from bench.report import quantile
from bench.sink import Sink
from bench.waiting import until
from threedates.edge.clock import system_clock
from threedates.schemas.inbound import Join

RATE = 20
SECONDS = 15
AT_ONCE = 300
JOINING = 1_000
AFTER_A_CRASH = 10
_ROUNDS = ("first", "second")
_PATIENCE_SECONDS = 300.0
_AHEAD = timedelta(seconds=3)


class Due:
    """Has couples from all over the store fall due, each once, and sees when their nudges come."""

    def __init__(self, made: Installation, receiver: Sink, held: Held) -> None:
        self._made = made
        self._receiver = receiver
        self._held = held
        # Always the same ones; nothing depends on chance.
        self._unused = random.Random(1).sample(range(held.count), held.count)

    async def at(self, count: int, when: Callable[[int], datetime]) -> dict[str, float]:
        """Set the timers of so many anew; returns when each falls due, by the webhook-id of its nudge."""
        chosen = [self._unused.pop() for _ in range(count)]
        reader, writer = await asyncio.open_connection("127.0.0.1", self._made.broker.port)
        writer.write(HELLO)
        writer.write(b"".join(self._held.timer(self._made, n, when(i)) for i, n in enumerate(chosen)))
        writer.write(b"PING\r\n")
        # Closed earlier, what the broker has not read would be lost.
        await reader.readuntil(b"PONG\r\n")
        writer.close()
        return {self._held.nudge(n): when(i).timestamp() for i, n in enumerate(chosen)}

    async def came(self, due: dict[str, float]) -> dict[str, float]:
        """When each nudge came, once all have come. Raises TimeoutError where one does not."""
        taken: dict[str, float] = {}

        async def all_came() -> bool:
            for one, at in await self._receiver.taken():
                taken.setdefault(one, at)
            return due.keys() <= taken.keys()

        if not await until(all_came, _PATIENCE_SECONDS, every=0.5):
            missing = sorted(due.keys() - taken.keys())
            raise TimeoutError(f"{len(missing)} nudges of {len(due)} have not come, {missing[0]} for one")
        return {one: taken[one] for one in due}


async def steadily(due: Due, figures: Figures, when: str) -> None:
    """So many a second for some seconds: how late they are."""
    first = system_clock() + _AHEAD
    expected = await due.at(RATE * SECONDS, lambda n: first + timedelta(seconds=n / RATE))
    came = await due.came(expected)
    late = [came[one] - at for one, at in expected.items()]
    figures.add(f"{RATE}/s, {when}: lateness p50 (s)", quantile(late, 0.5))
    figures.add(f"{RATE}/s, {when}: lateness p99 (s)", quantile(late, 0.99))


async def nudged(made: Installation, due: Due, figures: Figures) -> None:
    """Some at a steady rate, and then as many within one moment: how many a second they become; each twice."""
    for when in _ROUNDS:
        await steadily(due, figures, when)
        at = system_clock() + _AHEAD
        expected = await due.at(AT_ONCE, lambda _, at=at: at)  # type: ignore[misc]
        last = max((await due.came(expected)).values())
        figures.add(f"due in one moment, {when}: nudges/s", len(expected) / (last - at.timestamp()))
    await made.settled()
    figures.memory(made, "after that")


async def joining(made: Installation, figures: Figures) -> None:
    """Couples that join through intake and cadence, up to their timers and rendered dates."""
    names = made.settings.names
    before = await made.messages(names.timers)
    await couples.publish_all(made, _joins(made))
    began = time.monotonic()

    async def all_have_timers() -> bool:
        return await made.messages(names.timers) >= before + JOINING

    if not await until(all_have_timers, _PATIENCE_SECONDS):
        raise TimeoutError("not every couple that joined has a timer")
    figures.add("joining by intake and cadence (couples/s)", JOINING / (time.monotonic() - began))
    await made.settled()
    figures.add("joining, dates rendered and all else done (couples/s)", JOINING / (time.monotonic() - began))


def _joins(made: Installation) -> Iterator[Message]:
    for n in range(JOINING):
        name = f"joins{n}"
        join = Join(id=f"join-{name}", at=system_clock(), key_id=KEY_ID, settings=settings("18:00"))
        # As the gateway sends it: a null in the settings is a value.
        yield Message(made.settings.names.inbound("command", name), join.model_dump_json(by_alias=True).encode())


async def restarted(made: Installation, due: Due, figures: Figures) -> None:
    """The broker is killed under the services, while a couple falls due, and started again."""
    at = system_clock() + timedelta(seconds=2)
    missed = await due.at(1, lambda _: at)
    await asyncio.sleep(1)
    made.broker.kill()
    killed = time.time()
    await asyncio.sleep(max(0.0, at.timestamp() + 1 - killed))
    began = time.time()
    with figures.timed("after kill -9: broker ready (s)"):
        await made.broker.start()
    ready = time.time()
    await made.connected()
    await made.fetching()
    figures.add("after kill -9: services at work, from broker ready (s)", time.time() - ready)
    came = max((await due.came(missed)).values())
    figures.add("after kill -9: nudge that fell due meanwhile, from start (s)", came - began)
    first = system_clock() + _AHEAD
    expected = await due.at(AFTER_A_CRASH, lambda n: first + timedelta(seconds=n / AFTER_A_CRASH))
    arrived = await due.came(expected)
    late = [arrived[one] - then for one, then in expected.items()]
    figures.add("after kill -9: nudges that fall due then, lateness at most (s)", max(late))
    figures.add("broker memory then (MB)", made.broker_memory())
