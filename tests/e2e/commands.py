"""The command as a process of its own, as people run it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running_until(
    word: str, *arguments: str, stop: signal.Signals = signal.SIGINT, **environment: str
) -> AsyncIterator[list[str]]:
    """``threedates`` with these arguments: the lines it prints until one has the word; stopped in the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "threedates.cli", *arguments,
        env={**os.environ, "COLUMNS": "200", **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    try:
        async with asyncio.timeout(60):
            while not lines or word not in lines[-1]:
                line = await process.stdout.readline()
                assert line, f"it ended before it said {word!r}:\n" + "".join(lines)
                lines.append(line.decode())
        yield lines
    finally:
        if process.returncode is None:
            process.send_signal(stop)
        await process.communicate()
