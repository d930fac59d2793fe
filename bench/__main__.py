"""``python -m bench [NAME…]``: run all measurements, or those named. Each stops by itself."""

import asyncio
import sys
import time
from importlib import import_module

from bench.report import console

NAMES = (
    "decide", "simulate", "start", "intake", "calendar", "fuzz", "feed", "page", "memory", "nudges", "deliveries",
    "isolation", "backlog", "faults",
)  # fmt: skip


def main(wanted: list[str]) -> int:
    """Run them one after another; 2 where a name is unknown, 1 where one failed."""
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        console.print(f"there is no measurement {unknown[0]!r}; choose from {', '.join(NAMES)}", highlight=False)
        return 2
    failed = False
    for name in wanted or NAMES:
        began = time.monotonic()
        try:
            asyncio.run(import_module(f"bench.{name}").run())
        except Exception:  # noqa: BLE001  # the others still have something to tell
            console.print_exception()
            failed = True
        console.print(f"[dim]{name}: {time.monotonic() - began:.0f} s[/dim]", highlight=False)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
