"""What a measurement leaves: a table for people and JSON for programs, with the machine it was taken on."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from threedates.edge.clock import system_clock
from threedates.schemas.base import rfc3339

RESULTS = Path(__file__).resolve().parent / "results"
# Where nobody looks (a pipe, a log) there is no width to keep to.
console = Console(width=None if sys.stdout.isatty() else 120)


class Report:
    """One measurement's rows. A row's values stand under the columns; numbers are rounded for people only."""

    def __init__(self, name: str, title: str, *columns: str) -> None:
        self.name = name
        self._title = title
        self._columns = columns
        self._rows: list[dict[str, Any]] = []
        self._notes: list[str] = []

    def row(self, *values: Any, **more: Any) -> None:
        """Add a row; what is named is for the JSON alone."""
        self._rows.append(dict(zip(self._columns, values, strict=True)) | more)

    def note(self, text: str) -> None:
        """Add a sentence below the table."""
        self._notes.append(text)

    def publish(self) -> None:
        """Print the table and write the JSON."""
        table = Table(title=self._title, caption="\n".join(self._notes) or None, caption_justify="left")
        for column in self._columns:
            table.add_column(column, justify="left" if column == self._columns[0] else "right")
        for row in self._rows:
            table.add_row(*(_shown(row[column]) for column in self._columns))
        console.print(table)
        RESULTS.mkdir(exist_ok=True)
        content = {"name": self.name, "title": self._title, "machine": _machine(), "rows": self._rows}
        path = RESULTS / f"{self.name}.json"
        path.write_text(json.dumps({**content, "notes": self._notes}, indent=1) + "\n", encoding="utf-8")


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies, the nearest that occurred; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _machine() -> dict[str, Any]:
    return {
        "at": rfc3339(system_clock()),
        "python": platform.python_version(),
        "system": platform.system(),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_average": [round(load, 2) for load in psutil.getloadavg()],
    }
