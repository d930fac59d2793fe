"""``threedates import FILE``: couples' logs, as ``threedates export`` wrote them, into this installation."""

from typing import Annotated

import typer

from threedates.cli.context import command, err, load_settings, out, wired
from threedates.cli.logfile import read_logs
from threedates.cli.progress import bar
from threedates.core.exported import Log
from threedates.edge.clock import system_clock
from threedates.edge.importing import Importer
from threedates.edge.settings import Settings
from threedates.schemas.log import Joined


@command
async def take_in(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON lines of one couple or more; - reads stdin.")],
) -> None:
    """Take in couples from another installation, under the ids they have there. Nothing of before is told again.

    A couple that is here already, or that left, is refused, and then nothing is imported. Endpoints, calendars read
    from addresses, and links are not in an export: make them anew. Run again after a failure, it goes on where it was.
    """
    logs = read_logs(file)
    settings = load_settings()
    async with wired(settings) as wire:
        importer = Importer(wire, system_clock)
        for couple_id, log in logs.items():
            await importer.check(couple_id, log)
        with bar("couples") as progress:
            for n, (couple_id, log) in enumerate(logs.items(), 1):
                count = await importer.couple(couple_id, log)
                progress(n, len(logs))
                out.print(f"{couple_id}: {count} events imported", highlight=False)
    for key_id in sorted(_unknown(settings, logs)):
        err.print(
            f"No API key here reaches the couples of {key_id}: threedates keys new --of {key_id}", highlight=False
        )


def _unknown(settings: Settings, logs: dict[str, Log]) -> set[str]:
    """The keys that couples joined with and that nobody has here."""
    joined = {event.key_id for log in logs.values() for _, event in log if isinstance(event, Joined)}
    return joined - {key.owner for key in settings.keys}
