"""``threedates serve SERVICE…``: one or more services against a NATS server, until SIGTERM or Ctrl-C."""

from typing import Annotated

import typer

from threedates.cli.context import command, fail, load_settings
from threedates.cli.registry import SERVICES
from threedates.cli.running import serve as run
from threedates.edge import logs, tracing

_NAMES = ", ".join(SERVICES)


@command
async def serve(
    services: Annotated[list[str], typer.Argument(metavar="SERVICE…", help=f"Which to run: {_NAMES}, or all.")],
) -> None:
    """Run services against the NATS server at THREEDATES_NATS_URL. Any number of replicas may run side by side."""
    names = list(SERVICES) if services == ["all"] else services
    unknown = [name for name in names if name not in SERVICES]
    if unknown:
        raise fail(f"there is no service {unknown[0]!r}; choose from {_NAMES}, or all", 2)
    settings = load_settings()
    logs.setup(settings)
    tracing.setup(f"threedates-{names[0]}" if len(set(names)) == 1 else "threedates")
    await run(list(dict.fromkeys(names)), settings)
