"""``threedates export COUPLE``: a couple's log as JSON lines, to read, to keep, to replay or to simulate from."""

import os
from pathlib import Path
from typing import Annotated

import typer

from threedates.cli.arguments import Couple
from threedates.cli.context import command, err, fail, load_settings, wired
from threedates.core.exported import exported
from threedates.edge.couplelog import CoupleLog

_NOTES = (
    "Keep the notes of check-ins. A note is its author's alone, and a log is often handed to somebody who is to look "
    "into something, so notes are left out unless you ask; no decision depends on them."
)


@command
async def export(
    couple: Couple,
    to: Annotated[Path | None, typer.Option("--out", help="Write to this file, readable by you alone.")] = None,
    with_notes: Annotated[bool, typer.Option("--with-notes", help=_NOTES)] = False,
) -> None:
    """Export a couple's log as JSON lines {"seq", "subject", "event"}, the oldest first.

    The file holds what the couple told: names, mail addresses, check-ins. Exit code 1 where there is no such couple.
    """
    settings = load_settings()
    async with wired(settings) as wire:
        log = CoupleLog(wire).pages(couple)
        lines = [exported(couple, one.seq, one.data, with_notes=with_notes) async for one in log]
    if not lines:
        raise fail(f"there is no couple {couple}")
    text = "".join(f"{line}\n" for line in lines)
    if to is None:
        print(text, end="")
        return
    _write(to, text)
    err.print(f"{len(lines)} events written to {to}", highlight=False, markup=False)


def _write(path: Path, text: str) -> None:
    try:
        # What a couple told is for whoever exports it, not for everybody on the machine.
        with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            path.chmod(0o600)  # also where the file was there before
            file.write(text)
    except OSError as error:
        raise fail(f"--out: {path} cannot be written: {error.strerror}", 2) from None
