"""``threedates topology apply|check``: create what is missing on the broker, or show what is not as declared."""

import typer

from threedates.cli.context import command, load_settings, out, wired
from threedates.edge import topology

app = typer.Typer(no_args_is_help=True, help="The streams, consumers and buckets on the broker.")


@app.command("apply")
@command
async def apply() -> None:
    """Create what is missing. What differs is shown and left as it is. Exit code 1 if anything differs."""
    settings = load_settings()
    async with wired(settings) as wire:
        created = await topology.apply(wire, settings)
        for name in created:
            out.print(f"created {name}", highlight=False)
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


def _show(differences: list[topology.Difference]) -> None:
    for difference in differences:
        out.print(str(difference), highlight=False, markup=False)
    if differences:
        raise typer.Exit(1)
