"""The embedded broker: one real nats-server as a child process, for `threedates up` and for the tests.

In: a data directory, a port (or none: a free one is chosen), how eagerly the store syncs, optionally a binary. Out: a
running nats-server with JetStream on 127.0.0.1, its `url` and `pid`, and an `EmbeddedNatsError` that says what is
wrong, where the log is and what to do. The store outlives the process: start, stop and kill as often as you like.
Below it: `embedded_child` (process, lock, ports), `embedded_files` (configuration, log), `embedded_probe` (ready?).
"""

import asyncio
import logging
import secrets
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from threedates.edge import embedded_errors as errors
from threedates.edge.embedded_child import Child, StoreLock, find_binary, free_port, port_is_taken
from threedates.edge.embedded_errors import EmbeddedNatsError
from threedates.edge.embedded_files import BrokerFiles, Sync
from threedates.edge.embedded_probe import probe

__all__ = ["EmbeddedNats", "EmbeddedNatsError"]

logger = logging.getLogger("threedates")
OLDEST_VERSION = (2, 12)  # the first with message schedules
LOCK_WAIT_S = 5.0  # a server whose parent was killed needs a moment to close its store
POLL_S = 0.02
NOTICE_S = 10.0
PORT_TRIES = 5


class _PortTakenError(Exception):
    """Somebody else got the port between our look and the server's own bind."""


class EmbeddedNats:
    """A nats-server of our own; `async with` starts and stops it.

    Args:
        data_dir: where the store, configuration and log live; made if missing.
        port: on 127.0.0.1; None takes a free one at the first start and keeps it for later starts.
        sync: `always` syncs the store before each acknowledgement; `lazy` every two minutes: faster, but a power cut
            may lose the tail.
        binary: a nats-server >= 2.12; None takes the one installed with the package, else the one on PATH.
        start_timeout: seconds until the broker must answer; None lets it take its time, and says so after ten. After a
            crash it may read its whole store, which takes minutes where that is large; killed at that it begins anew.
        stop_timeout: seconds after SIGTERM until SIGKILL; with a million couples it writes its state for over ten, and
            killed at that it has to read its whole store anew.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        sync: Sync = "always",
        binary: Path | None = None,
        *,
        start_timeout: float | None = None,
        stop_timeout: float = 60.0,
    ) -> None:
        self.port = port
        self.sync = sync
        # Absolute: the server resolves nothing against a working directory that may change.
        self._files = BrokerFiles(data_dir.absolute())
        self._binary = binary
        self._start_timeout = start_timeout
        self._stop_timeout = stop_timeout
        self._child: Child | None = None

    @property
    def data_dir(self) -> Path:
        """Where everything is kept; absolute."""
        return self._files.data_dir

    @property
    def log_file(self) -> Path:
        """The server's own log (rotated at 10 MB)."""
        return self._files.log

    @property
    def url(self) -> str:
        """The address for clients; known once a port is, and the same after every restart."""
        if self.port is None:
            raise EmbeddedNatsError("The embedded broker has no port yet: start it first.")
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the running nats-server."""
        if self._child is None or not self._child.alive:
            raise EmbeddedNatsError("The embedded broker is not running.")
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the child process is there."""
        return self._child is not None and self._child.alive

    async def start(self) -> None:
        """Start the server and wait until JetStream answers; does nothing if it runs.

        Raises:
            EmbeddedNatsError: no binary, too old, port taken, store in use, or the server did not come up.
        """
        if self.running:
            return
        binary = find_binary(self._binary)
        if binary is None:
            raise errors.no_binary(self._binary)
        for _ in range(PORT_TRIES if self.port is None else 1):
            port = self._choose_port()
            with suppress(_PortTakenError):
                self._child = await self._start_on(binary, port)
                self.port = port
                return
        raise errors.port_taken(self.port)

    async def stop(self) -> None:
        """End the server: SIGTERM (it closes its store), SIGKILL if that takes too long. Nothing if it is down."""
        child, self._child = self._child, None
        if child is None:
            return
        child.send(signal.SIGTERM)
        try:
            await child.wait(self._stop_timeout)
        finally:  # also when the caller is cancelled: nobody else could end it any more
            child.kill()
        self._files.pid.unlink(missing_ok=True)

    def kill(self) -> None:
        """SIGKILL, as a power cut would: nothing is flushed, nothing tidied. Returns when the process is gone."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    async def restart(self) -> None:
        """Stop and start on the same port and store."""
        await self.stop()
        await self.start()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _choose_port(self) -> int:
        if self.port is None:
            return free_port()
        if port_is_taken(self.port):
            raise errors.port_taken(self.port)
        return self.port

    async def _start_on(self, binary: Path, port: int) -> Child:
        name = f"threedates-{secrets.token_hex(4)}"  # tells our server from another one that answers on this port
        try:
            self._files.prepare()
            lock = await self._lock_store()
            try:
                self._files.write_config(name, port, self.sync)
                child = Child.spawn([str(binary), "-c", str(self._files.config)], self.log_file, lock)
            finally:
                lock.release()  # ours only: the child has inherited its own hold
        except OSError as error:
            raise errors.cannot_run(binary, self.data_dir, error) from error
        try:
            await self._until_ready(child, binary, name, port)
        except BaseException:  # cancellation too: no child is left behind
            child.kill()
            raise
        return child

    async def _until_ready(self, child: Child, binary: Path, name: str, port: int) -> None:
        notice = asyncio.get_running_loop().call_later(
            NOTICE_S, logger.warning, "the NATS server is still reading its store; its log: %s", self.log_file
        )
        try:
            async with asyncio.timeout(self._start_timeout):
                await self._until_it_answers(child, binary, name, port)
        except TimeoutError:
            what = f"it did not answer within {self._start_timeout:g} s"
            raise errors.not_up(what, self.log_file, self._files.new_log()) from None
        finally:
            notice.cancel()

    async def _until_it_answers(self, child: Child, binary: Path, name: str, port: int) -> None:
        while True:
            if not child.alive:
                log = self._files.new_log()
                if "address already in use" in log:
                    raise _PortTakenError
                raise errors.not_up(f"it exited with code {child.exit_code}", self.log_file, log)
            info = await probe(port)
            if info is not None and info.name == name and info.version < OLDEST_VERSION:
                raise errors.too_old(binary, info.version, OLDEST_VERSION)
            if info is not None and info.name == name and info.jetstream:
                return
            await asyncio.sleep(POLL_S)

    async def _lock_store(self) -> StoreLock:
        deadline = time.monotonic() + LOCK_WAIT_S
        while (lock := StoreLock.take(self._files.lock)) is None:
            if time.monotonic() > deadline:
                raise errors.store_in_use(self.data_dir, self._files.pid_hint())
            await asyncio.sleep(POLL_S)
        # Nobody holds the store, so a pid file that is still there is left from a crash and names nobody to be trusted.
        self._files.pid.unlink(missing_ok=True)
        return lock
