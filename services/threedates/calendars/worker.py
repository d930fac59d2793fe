"""The process that reads one calendar and ends: whatever a stranger's file does to the libraries, it does it here.

In, on standard input: a line of JSON, :class:`Job`, then the bytes. Out: a :class:`Reading` as JSON. The limits on
processor time and memory are the system's, set before a byte is read; a process that meets them is ended by it, and
whoever started it takes that for a refusal. Run as ``python -m threedates.calendars.worker``.
"""

import resource
import sys

from threedates.core.ics_polled import Asked, read_polled
from threedates.edge.zones import pin_zones


class Job(Asked):
    """What to read, within how many seconds of processor time and bytes of memory."""

    cpu_seconds: int
    memory: int


def main() -> None:
    """Read one calendar."""
    job = Job.model_validate_json(sys.stdin.buffer.readline())
    _limit(resource.RLIMIT_CPU, job.cpu_seconds)
    _limit(resource.RLIMIT_AS, job.memory)
    _limit(resource.RLIMIT_CORE, 0)
    pin_zones()
    reading = read_polled(sys.stdin.buffer.read(), job)
    sys.stdout.write(reading.model_dump_json())


def _limit(which: int, most: int) -> None:
    """Set a limit, unless a lower one holds already. Where the system knows none of that sort, it is left."""
    _, hard = resource.getrlimit(which)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(which, (wanted, wanted))
    except (ValueError, OSError):
        # macOS takes no limit on address space; the time limits hold all the same.
        return


if __name__ == "__main__":
    main()
