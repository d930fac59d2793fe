"""``python -m bench [NAME…]``: run all measurements, or those named. Each stops by itself.

``python -m bench million [COUPLES]`` takes an hour and much of a disk, and runs only where it is named.
"""

import asyncio
import sys
import time
from importlib import import_module

from bench.report import console

NAMES = (
    "decide", "simulate", "start", "intake", "calendar", "fuzz", "feed", "page", "memory", "nudges", "deliveries",
    "isolation", "backlog", "faults",
)  # fmt: skip
LONG = ("million",)


def main(wanted: list[str]) -> int:
    """Run them one after another; 2 where a name is unknown, 1 where one failed."""
    chosen = _chosen(wanted)
    unknown = [name for name, _ in chosen if name not in NAMES + LONG]
    if unknown:
        names = ", ".join(NAMES + LONG)
        console.print(f"there is no measurement {unknown[0]!r}; choose from {names}", highlight=False)
        return 2
    failed = False
    for name, size in chosen:
        began = time.monotonic()
        try:
            asyncio.run(import_module(f"bench.{name}").run(*size))
        except Exception:  # noqa: BLE001  # the others still have something to tell
            console.print_exception()
            failed = True
        console.print(f"[dim]{name}: {time.monotonic() - began:.0f} s[/dim]", highlight=False)
    return int(failed)


def _chosen(wanted: list[str]) -> list[tuple[str, list[int]]]:
    """The measurements named, all short ones where none is; a number belongs to the long one before it."""
    chosen: list[tuple[str, list[int]]] = []
    for word in wanted or NAMES:
        if word.isdecimal() and chosen and chosen[-1][0] in LONG and not chosen[-1][1]:
            chosen[-1][1].append(int(word))
        else:
            chosen.append((word, []))
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
