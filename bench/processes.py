"""Processes of the bench: started with the bench's own Python, watched for CPU time and memory, ended by their ids."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent
_PATIENCE_SECONDS = 10.0


@dataclass
class Child:
    """A process of ours."""

    name: str
    popen: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """Seconds of CPU time it has used so far."""
        return cpu_of(self.popen.pid)

    @property
    def memory(self) -> float:
        """Its resident memory in MB."""
        return memory_of(self.popen.pid)

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.popen.poll() is None

    async def line(self) -> str:
        """The next line of its standard output. Raises RuntimeError where it ended instead."""
        assert self.popen.stdout is not None
        text = await asyncio.to_thread(self.popen.stdout.readline)
        if not text:
            raise RuntimeError(f"{self.name} ended with code {self.popen.poll()} and said nothing")
        return text.decode().strip()

    def end(self) -> None:
        """SIGTERM, and SIGKILL if that takes too long; gone when this returns."""
        self.popen.terminate()
        try:
            self.popen.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()


def spawn(
    name: str, arguments: list[str], env: dict[str, str], log: Path | None = None, python: str = sys.executable
) -> Child:
    """Start Python, the bench's own or another, with those arguments; errors go to the log, or where the bench's do."""
    errors = log.open("ab") if log else None
    try:
        popen = subprocess.Popen(
            [python, *arguments],
            cwd=PROJECT,
            env={**os.environ, **env},
            stdout=subprocess.PIPE if log is None else errors,
            stderr=errors,
        )
    finally:
        if errors is not None:
            errors.close()
    return Child(name, popen)


def cpu_of(pid: int) -> float:
    """Seconds of CPU time, user and system, that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def memory_of(pid: int) -> float:
    """A process's resident memory in MB."""
    return float(psutil.Process(pid).memory_info().rss / 1e6)
