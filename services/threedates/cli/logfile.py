"""Log files as ``threedates export`` writes them, read for ``replay`` and ``simulate``."""

import sys
from pathlib import Path

from threedates.cli.context import fail
from threedates.core.exported import Log, read_exported


def read_logs(path: str) -> dict[str, Log]:
    """The logs in a file, or on standard input for ``-``, by couple. Raises typer.Exit after saying what is wrong."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise fail(f"{path} cannot be read: {reason}", 2) from None
    try:
        logs = read_exported(text.splitlines())
    except ValueError as error:
        raise fail(f"{path}: {error}", 2) from None
    if not logs:
        raise fail(f"{path} is empty; write it with: threedates export COUPLE --out {path}", 2)
    return logs
