"""The figures of ``bench.million``, as they come, and the memory of every process watched meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psutil

from bench.installation import Installation
from bench.processes import memory_of
from bench.report import console, median
from threedates.edge.embedded import EmbeddedNatsError

_LOOK_EVERY_SECONDS = 0.25


class Figures:
    """By what they are of, in the order in which they were taken; each is said at once, for this takes long."""

    def __init__(self, count: int) -> None:
        self.values: dict[str, float] = {}
        self.notes: list[str] = []
        self._count = count
        self._peaks: dict[str, float] = {}

    def add(self, what: str, value: float) -> None:
        """Note a figure."""
        self.values[what] = value
        console.print(f"[dim]{self._count:,}: {what}: {value:,.3f}[/dim]", highlight=False)

    def spread(self, what: str, seconds: list[float]) -> None:
        """Note the median and the slowest of single calls, in milliseconds; nothing where none was answered."""
        if not seconds:
            return
        self.add(f"{what}: median (ms)", 1000 * median(seconds))
        self.add(f"{what}: slowest of {len(seconds)} (ms)", 1000 * max(seconds))

    def note(self, text: str) -> None:
        """Note in a sentence what went otherwise than meant."""
        self.notes.append(f"{self._count:,}: {text}")
        console.print(f"[dim]{self.notes[-1]}[/dim]", highlight=False)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Note how many seconds the block takes."""
        began = time.monotonic()
        yield
        self.add(what, time.monotonic() - began)

    @asynccontextmanager
    async def watched(self, made: Installation) -> AsyncIterator[None]:
        """Within, the memory of the broker and the services is looked at all the time."""

        async def look() -> None:
            while True:
                for name, pid in _pids(made).items():
                    try:
                        self._peaks[name] = max(self._peaks.get(name, 0.0), memory_of(pid))
                    except psutil.NoSuchProcess:
                        continue
                await asyncio.sleep(_LOOK_EVERY_SECONDS)

        looking = asyncio.create_task(look())
        try:
            yield
        finally:
            looking.cancel()

    def memory(self, made: Installation, when: str) -> None:
        """Note the memory of every process as it is now."""
        for name, pid in _pids(made).items():
            self.add(f"{name} memory {when} (MB)", memory_of(pid))

    def peak(self, name: str) -> float:
        """The most memory that a process has been seen with since it was last asked for, in MB."""
        return self._peaks.pop(name, 0.0)


def _pids(made: Installation) -> dict[str, int]:
    pids = {name: child.popen.pid for name, child in made.services.items()}
    try:
        return {"broker": made.broker.pid, **pids}
    except EmbeddedNatsError:
        return pids
