"""Running services until a signal says stop."""

import asyncio
import gc
import signal
from collections.abc import Sequence

from threedates.cli.registry import Startable, make
from threedates.edge import tracing
from threedates.edge.errors import Misconfigured
from threedates.edge.observer import Observer
from threedates.edge.settings import Settings


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def start_all(names: Sequence[str], settings: Settings) -> list[Startable]:
    """Start services side by side, and what they are watched by, where that is wanted.

    If one cannot start, the others are stopped again and its error is raised.
    """
    made = {name: make(name, settings) for name in names}
    services: list[Startable] = [*made.values(), *([Observer(settings, made)] if settings.metrics else [])]
    try:
        async with asyncio.TaskGroup() as starting:
            for service in services:
                starting.create_task(service.start())
    except ExceptionGroup as group:
        await stop_all(services)
        raise group.exceptions[0] from None
    _calm_collector()
    return services


def _calm_collector() -> None:
    """Collect what starting left, set it aside, and look for cycles less often.

    Services make many short-lived objects and hardly any cycles; at Python's default the collector goes through
    thousands of kept states every few hundred looks.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def stop_all(services: Sequence[Startable]) -> None:
    """Stop services side by side; each finishes what it has in hand, and its traces go out."""
    await asyncio.gather(*(service.stop() for service in services))
    await tracing.stop()


async def serve(names: Sequence[str], settings: Settings) -> None:
    """Run services until a signal, also one that comes while they still wait for the broker.

    Raises Misconfigured where the broker has sent them away: whoever supervises the process starts it again.
    """
    stop = stop_signal()
    starting = asyncio.create_task(start_all(names, settings))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait({starting})
        return
    services = starting.result()
    losing = {asyncio.create_task(service.lost.wait()) for service in services}
    await asyncio.wait({stopping, *losing}, return_when=asyncio.FIRST_COMPLETED)
    for task in losing:
        task.cancel()
    await stop_all(services)
    if not stopping.done():
        raise Misconfigured("the NATS server has ended the connection for good; its log says why. Start this again.")
