"""``threedates backup DIR`` and ``threedates restore DIR``: everything the broker keeps, into a folder and back."""

from pathlib import Path
from typing import Annotated

import typer

from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.cli.home import Home
from threedates.cli.progress import bar
from threedates.edge import backup as edge
from threedates.edge.backup import Manifest
from threedates.edge.clock import system_clock
from threedates.schemas.base import rfc3339

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder of its own; keep it safe.")]


@command
async def backup(folder: Folder) -> None:
    """Save every stream and bucket into DIR, while the services go on running.

    For the moments it takes, what comes in waits. The files hold everything, webhook secrets and notes included, as
    plain data: they are readable by you alone, so encrypt them where you keep them. The keys are not in them; without
    THREEDATES_SECRET_KEY all links become void.
    """
    settings = load_settings()
    home = Home.at(folder)
    try:
        async with wired(settings) as wire:
            with bar("streams") as progress:
                made = await edge.backup(wire, settings, home.path, system_clock, progress)
    except OSError as error:
        raise fail(f"{folder} cannot be written: {error.strerror}") from None
    _show("saved", made, folder)


@command
async def restore(folder: Folder) -> None:
    """Restore what `threedates backup` saved, into a broker that is empty. Stop all services before.

    Timers that have fired meanwhile fire at once; each couple is looked at once, and gets one nudge per kind at most.
    """
    settings = load_settings()
    try:
        async with wired(settings) as wire:
            with bar("streams") as progress:
                made = await edge.restore_all(wire, settings, folder, progress)
    except OSError as error:
        raise fail(f"{folder} cannot be read: {error.strerror}") from None
    _show("restored", made, folder)


def _show(what: str, made: Manifest, folder: Path) -> None:
    messages = sum(one.messages for one in made.streams.values())
    size = sum((folder / one.file).stat().st_size for one in made.streams.values())
    out.print(
        f"{what}: {messages} messages of {len(made.streams)} streams, {size / 1e6:.1f} MB, as of {rfc3339(made.at)}",
        highlight=False,
    )
