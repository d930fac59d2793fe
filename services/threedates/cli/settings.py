"""``threedates settings``: every setting with its value now and its default; secrets are not shown."""

import json
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.table import Column, Table

from threedates.cli.context import fail, load_settings, out
from threedates.edge.errors import Misconfigured
from threedates.edge.logs import redact
from threedates.edge.settings import ENV_PREFIX, Settings


def show(
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object instead of a table.")] = False,
) -> None:
    """List all settings. Each is an environment variable; secrets can come from a file named by VARIABLE_FILE."""
    try:
        settings = load_settings()
    except Misconfigured as error:
        raise fail(str(error)) from None
    rows = {
        f"{ENV_PREFIX}{name.upper()}": (_shown(getattr(settings, name)), _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    }
    if as_json:
        print(json.dumps({name: value for name, (value, _, _) in rows.items()}, indent=2))
        return
    # A name or a value that is cut short cannot be copied.
    columns = (Column(name, overflow="fold") for name in ("value", "default", "meaning"))
    table = Table(Column("variable", no_wrap=True), *columns, box=None)
    for name, row in rows.items():
        table.add_row(name, *row)
    out.print(table)


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else ""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return redact(str(value))
