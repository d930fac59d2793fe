"""The operator's commands on an installation that holds many couples. One that fails is noted, and the others go on."""

import asyncio
import re
import textwrap
import time

from bench.holding import Held
from bench.installation import Installation
from bench.million_figures import Figures
from bench.processes import spawn

_PATH = re.compile(r"(?<![\w:/.])(?:/[\w.+-]+){2,}/?")
_LENGTH = 200


async def commands(made: Installation, held: Held, figures: Figures) -> None:
    """Each a process of its own, its start included."""
    for arguments in (
        ["explain", held.name(held.count // 3)],
        ["export", held.name(2 * held.count // 3)],
        ["topology", "apply"],
        ["doctor"],
    ):
        await _ran(made, figures, arguments)
    backup = made.data / "backup"
    if await _ran(made, figures, ["backup", str(backup)]):
        figures.add("the backup (MB)", sum(file.stat().st_size for file in backup.iterdir()) / 1e6)


async def _ran(made: Installation, figures: Figures, arguments: list[str]) -> bool:
    """Note how long it takes, or what it says where it fails; whether it has done what it is for."""
    said = made.data / f"{arguments[0]}.log"
    began = time.monotonic()
    # So wide that a sentence stands on one line.
    child = spawn(arguments[0], ["-m", "threedates.cli", *arguments], {**made.env, "COLUMNS": "1000"}, said)
    code = await asyncio.to_thread(child.popen.wait)
    seconds = time.monotonic() - began
    # 1: the log's consumers begin after what was loaded, which is not how they are declared.
    if not code or (code == 1 and arguments[0] in ("topology", "doctor")):
        figures.add(f"threedates {arguments[0]} (s)", seconds)
        return True
    last = _last_line(said.read_text(encoding="utf-8", errors="replace"))
    figures.note(f"threedates {arguments[0]} ended with {code} after {seconds:.0f} s: {last}")
    return False


def _last_line(said: str) -> str:
    """The last that was said, without where on this machine things are."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return textwrap.shorten(_PATH.sub("…", lines[-1]), _LENGTH, placeholder=" …") if lines else "nothing"
