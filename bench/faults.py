"""Does a cluster lose or double anything? 500 couples fall due on three nodes with two of each service.

Meanwhile a node is killed and comes back, every service is killed in turn, and then the node that leads the log. Any
nudge decided twice, or not come, ends it with an error.
"""

import tempfile
import time
from pathlib import Path

from bench.report import Report, console
from tests.e2e.faults import survive

COUPLES = 500
SECONDS = 30
PATIENCE_SECONDS = 300.0


async def run() -> None:
    """Let everything fail once."""
    began = time.monotonic()

    def say(what: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.1f} s  {what}[/dim]", highlight=False)

    report = Report(
        "faults", f"{COUPLES} couples due within {SECONDS} s, three nodes, everything killed once",
        "nudges", "decided twice", "not come", "deliveries", "seconds until all had come",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as directory:
        survived = await survive(Path(directory), COUPLES, SECONDS, say, PATIENCE_SECONDS)
    report.row(survived.nudges, 0, 0, survived.deliveries, round(survived.seconds, 1))
    report.publish()
