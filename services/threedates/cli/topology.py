"""``threedates topology apply|check``: create what is missing on the broker, or show what is not as declared."""

from typing import Annotated

import typer
from nats.js.errors import APIError

from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.edge import topology
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire

app = typer.Typer(no_args_is_help=True, help="The streams, consumers and buckets on the broker.")


@app.command("apply")
@command
async def apply(
    change: Annotated[
        bool, typer.Option("--change", help="Also have streams kept as long, and in as many copies, as set.")
    ] = False,
) -> None:
    """Create what is missing. What else differs is shown and left as it is. Exit code 1 if anything differs."""
    settings = load_settings()
    async with wired(settings) as wire:
        created = await topology.apply(wire, settings)
        for name in created:
            out.print(f"created {name}", highlight=False)
        for name in await _changed(wire, settings) if change else ():
            out.print(f"changed {name}", highlight=False)
        if not created:
            out.print("nothing to create")
        _show(await topology.differences(wire, settings))


@app.command("check")
@command
async def check() -> None:
    """Show every difference between what is declared and what the broker has. Exit code 1 if there is any."""
    settings = load_settings()
    async with wired(settings) as wire:
        differences = await topology.differences(wire, settings)
    _show(differences)
    out.print("the broker has what is declared")


async def _changed(wire: Wire, settings: Settings) -> list[str]:
    try:
        return await topology.change(wire, settings)
    except APIError as error:
        raise fail(f"the broker refused a change: {error.description}") from None


def _show(differences: list[topology.Difference]) -> None:
    for difference in differences:
        out.print(str(difference), highlight=False, markup=False)
    if differences:
        raise typer.Exit(1)
