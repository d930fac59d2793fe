"""What commands share: which settings they work with, and how an error becomes a message and an exit code.

Where ``THREEDATES_NATS_URL`` is not set and ``threedates up`` runs from the same folder, its ``up.json`` tells where.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import typer
from rich.console import Console
from rich.text import Text

from threedates.edge.connection import close, connect, make_broker
from threedates.edge.embedded_errors import EmbeddedNatsError
from threedates.edge.errors import EdgeError, Misconfigured, Unavailable
from threedates.edge.logs import redact
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire

DATA_DIR = Path(".threedates")
STORE_DIR = "nats"
UP_FILE = "up.json"
SECRET_KEY_FILE = "secret_key"  # noqa: S105  # a file name
CONNECT_SECONDS = 5.0
# Never markup: names, reasons and what others sent may hold brackets, and must not style or break what is shown.
out = Console(markup=False)
err = Console(stderr=True, markup=False)
Params = ParamSpec("Params")


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say what is wrong on standard error; the result is to be raised."""
    err.print(Text.assemble(("error:", "red"), f" {message}"))
    return typer.Exit(code)


def command(run: Callable[Params, Coroutine[Any, Any, None]]) -> Callable[Params, None]:
    """Make a command of a coroutine: what a person has to act on is said in a sentence, not in a traceback."""

    @wraps(run)
    def runner(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(run(*args, **kwargs))
        except (EdgeError, EmbeddedNatsError) as error:
            raise fail(str(error)) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return runner


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, which serves sockets with less work; asyncio's own where there is no uvloop (on Windows)."""
    try:
        from uvloop import new_event_loop  # noqa: PLC0415  # not there on Windows
    except ImportError:
        return None
    return new_event_loop


def running_home() -> Path | None:
    """The data directory of the ``threedates up`` that commands go by, None where they go by the environment."""
    home = Path(os.environ.get("THREEDATES_DATA_DIR", str(DATA_DIR)))
    return home if "THREEDATES_NATS_URL" not in os.environ and (home / UP_FILE).exists() else None


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment and, where that is silent, a running ``threedates up``. Raises Misconfigured."""
    home = running_home()
    if home is None:
        return Settings.load(**overrides)
    try:
        running = json.loads((home / UP_FILE).read_text(encoding="utf-8"))
        found = {"nats_url": running["nats_url"], "api_keys": running["api_key"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(
            f"{home / UP_FILE} does not say where threedates up runs; start that again, or set THREEDATES_NATS_URL"
        ) from error
    if (home / SECRET_KEY_FILE).exists():
        found["secret_key"] = (home / SECRET_KEY_FILE).read_text(encoding="ascii").strip()
    return Settings.load(**{**found, **overrides})


@asynccontextmanager
async def wired(settings: Settings) -> AsyncIterator[Wire]:
    """A wire for one command. A server that does not answer is an error here, not something to wait for."""
    refused: list[str] = []
    wire: Wire | None = None
    limit = asyncio.timeout(CONNECT_SECONDS)

    def on_refusal(text: str) -> None:
        refused.append(text)
        if wire is None:
            # It would be refused again and again.
            limit.reschedule(asyncio.get_running_loop().time())

    broker = make_broker(settings, "cli", on_refusal)
    try:
        try:
            async with limit:
                wire = await connect(broker, settings)
        except TimeoutError:
            if refused:
                raise Misconfigured(refused[0]) from None
            raise fail(
                f"no NATS server answers at {redact(settings.nats_url)}; start one with: threedates up, "
                "or set THREEDATES_NATS_URL"
            ) from None
        yield wire
    except Unavailable:
        if refused:
            raise Misconfigured(refused[0]) from None
        raise
    finally:
        await close(broker.stop, wire.client if wire is not None else None)
