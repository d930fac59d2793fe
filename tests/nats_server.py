"""A nats-server with a configuration of the test's own, for what the embedded broker has no word for: users, clusters.

In: a directory and the configuration as a function of the port; for a network of its own, the address there and what to
put before the command. Out: a running server that dies with the test process.
"""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from threedates.edge.embedded_child import Child, StoreLock, find_binary, free_port

PORT_TRIES = 5
_READY = "Server is ready"


class NatsServer:
    """One server. It keeps its port and store over restarts."""

    def __init__(
        self, directory: Path, config: Callable[[int], str], host: str = "127.0.0.1", before: tuple[str, ...] = ()
    ) -> None:
        self.directory = directory
        self.host = host
        self.port = 0
        self._log_file = directory / "server.log"
        self._config = config
        self._before = before
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"nats://{self.host}:{self.port}"

    @property
    def log(self) -> str:
        """What it has logged."""
        return self._log_file.read_text(encoding="utf-8")

    async def start(self) -> None:
        """Start it and wait until it listens; on a new port where somebody else was faster."""
        for _ in range(PORT_TRIES):
            if await self._start_on(self.port or free_port()):
                return
        raise AssertionError(f"the server does not start:\n{self.log}")

    async def stop(self) -> None:
        """SIGTERM, and gone when this returns."""
        if self._child is not None:
            self._child.send(signal.SIGTERM)
            await self._child.wait(10)
        self.kill()

    def kill(self) -> None:
        """SIGKILL, and gone when this returns."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def reload(self) -> None:
        """Have it read its configuration again."""
        assert self._child is not None
        self._child.send(signal.SIGHUP)

    async def _start_on(self, port: int) -> bool:
        binary = find_binary(None)
        assert binary is not None
        self.directory.mkdir(parents=True, exist_ok=True)
        config = self.directory / "server.conf"
        config.write_text(self._config(port), encoding="utf-8")
        lock = StoreLock.take(self.directory / "lock")
        assert lock is not None
        logged = len(self.log) if self._log_file.exists() else 0
        child = Child.spawn([*self._before, str(binary), "-c", str(config)], self._log_file, lock)
        lock.release()
        async with asyncio.timeout(60):
            while child.alive and _READY not in self.log[logged:]:
                await asyncio.sleep(0.02)
        if not child.alive:
            return False
        self.port, self._child = port, child
        return True
