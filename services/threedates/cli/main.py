"""The command ``threedates``: its subcommands, each in a file of its own."""

from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from threedates.cli import (
    backup,
    dead,
    demo_beside,
    deploy,
    doctor,
    explain,
    export,
    feed,
    importing,
    keys,
    replay,
    send,
    serve,
    settings,
    simulate,
    topology,
    up,
    webhook,
)
from threedates.edge.zones import pin_zones

app = typer.Typer(
    name="threedates",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reminders and nudges that keep couples to three dates: fun, business, emotional.",
)
app.command("up")(up.up)
app.command("serve")(serve.serve)
app.command("demo")(demo_beside.demo)
app.add_typer(topology.app, name="topology")
app.add_typer(send.app, name="send")
app.command("explain")(explain.explain)
app.command("simulate")(simulate.simulate)
app.command("replay")(replay.replay)
app.command("export")(export.export)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("import")(importing.take_in)
app.command("doctor")(doctor.doctor)
app.command("settings")(settings.show)
app.add_typer(keys.app, name="keys")
app.add_typer(deploy.app, name="deploy")
app.add_typer(webhook.app, name="webhook")
app.add_typer(dead.app, name="dead")
app.add_typer(feed.app, name="feed")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"threedates {installed_version('threedates')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Run the command line."""
    pin_zones()
    app()
