"""Reading a calendar in a process of its own: started for it, limited, and ended by force where it takes too long.

In: the bytes, and what is asked of them. Out: a :class:`Reading` or a :class:`Trouble`; a process that was killed is a
trouble like any other. It knows none of the service's environment: no key, no password.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass

from pydantic import ValidationError

from threedates.calendars.worker import Job
from threedates.core.ics_polled import Asked, Reading
from threedates.core.poll_plan import Trouble

AT_ONCE = 2
# What Python itself needs to start; all else stays with the service.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading one calendar may take: seconds of processor time and of waiting, bytes of address space."""

    cpu_seconds: int = 5
    seconds: float = 60.0
    memory: int = 1024 * 1024 * 1024


class Reader:
    """Reads calendars, a few at a time."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def read(self, data: bytes, asked: Asked) -> Reading | Trouble:
        """What is in a calendar."""
        limits = self._limits
        job = Job(**dict(asked), cpu_seconds=limits.cpu_seconds, memory=limits.memory)
        async with self._places:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "threedates.calendars.worker",
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=_bare(),
            )
            try:
                async with asyncio.timeout(limits.seconds):
                    out, _ = await process.communicate(job.model_dump_json().encode() + b"\n" + data)
            except TimeoutError:
                return Trouble("too_costly", "it takes too long to read")
            finally:
                await _ended(process)
        return _result(process.returncode or 0, out)


def _result(code: int, out: bytes) -> Reading | Trouble:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Trouble("too_costly", "it takes too long to read")
    try:
        reading = Reading.model_validate_json(out)
    except ValidationError:
        # Python that runs out of memory ends as it can: with an error, or by a signal.
        return Trouble("too_costly", "it takes too much memory to read")
    return Trouble("not_a_calendar", reading.refused) if reading.refused is not None else reading


async def _ended(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def _bare() -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
