"""From ``threedates up --demo`` to the first nudge, on a second and later start of the same data directory."""

import asyncio
import re
import tempfile
import time
from pathlib import Path

from bench.installation import free_port
from bench.processes import Child, spawn
from bench.report import Report, median

ROUNDS = 3
AIM_SECONDS = 5.0
PATIENCE_SECONDS = 60.0
QUIET = {"THREEDATES_LOG_LEVEL": "WARNING"}
# How the demo's listener shows what came.
_NUDGE = re.compile(r"\bnudge\.(proposed|due|overdue|floor)\b")


async def run() -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory(prefix="threedates-bench-") as data:
        first = await _seconds(Path(data))
        later = [await _seconds(Path(data)) for _ in range(ROUNDS)]
    report = Report("start", "threedates up --demo, to the first nudge (seconds)", "start", "seconds", "aim")
    report.row("first", first, "")
    report.row("later", median(later), AIM_SECONDS)
    report.note(f"later: median of {ROUNDS}, from {min(later):.2f} to {max(later):.2f}")
    report.publish()


async def _seconds(data: Path) -> float:
    arguments = ["-m", "threedates.cli", "up", "--demo", "--data-dir", str(data / "up")]
    began = time.monotonic()
    child = spawn("up", [*arguments, "--http", f"127.0.0.1:{free_port()}", "--nats-port", str(free_port())], QUIET)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _nudge(child)
        return time.monotonic() - began
    finally:
        child.end()


async def _nudge(child: Child) -> None:
    while not _NUDGE.search(await child.line()):
        pass
