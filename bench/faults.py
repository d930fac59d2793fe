"""Does a cluster lose or double anything? 500 couples fall due on three nodes with two of each service, and check in.

Meanwhile a node is killed and comes back, every service is killed in turn, and then the node that leads the log; and
once more, while that node is cut off from everybody and comes back. Any nudge decided twice, or not come, or a check-in
lost, ends it with an error.
"""

import tempfile
import time
from pathlib import Path

from bench.report import Report, console
from tests.e2e import cut
from tests.e2e.faults import KILLED, survive
from tests.e2e.network import apart, why_not
from threedates.cli.registry import SERVICES

COUPLES = 500
SECONDS = 30
PATIENCE_SECONDS = 300.0


async def run() -> None:
    """Let everything fail once."""
    report = Report(
        "faults", f"{COUPLES} couples due within {SECONDS} s, three nodes",
        "what fails", "nudges", "decided twice", "not come", "deliveries", "seconds until all had come",
    )  # fmt: skip
    said = _Said()
    with tempfile.TemporaryDirectory() as directory:
        where = Path(directory)
        survived = await survive(where, COUPLES, SECONDS, said, PATIENCE_SECONDS, KILLED, services=SERVICES)
        report.row("all killed once", survived.nudges, 0, 0, survived.deliveries, round(survived.seconds, 1))
    if reason := why_not():
        report.note(f"The leader was not cut off: {reason}")
    else:
        said = _Said()
        with tempfile.TemporaryDirectory() as directory:
            how = [directory, str(COUPLES), str(SECONDS), str(PATIENCE_SECONDS), *SERVICES]
            await apart(cut.__name__, how, said)
        survived = cut.told(said.last)
        report.row("leader cut off", survived.nudges, 0, 0, survived.deliveries, round(survived.seconds, 1))
    report.publish()


class _Said:
    """Shows what is said, with the seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.last = ""

    def __call__(self, what: str) -> None:
        self.last = what
        console.print(f"[dim]{time.monotonic() - self._began:5.1f} s  {what}[/dim]", highlight=False)
