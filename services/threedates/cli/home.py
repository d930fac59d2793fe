"""The data directory of ``threedates up``: keys made once and kept, and ``up.json``, which says where it runs."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threedates.cli.context import UP_FILE
from threedates.edge.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Home:
    """A data directory; everything secret in it is readable by its owner alone."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        """The directory, made if it is missing. Raises Misconfigured where it cannot be."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(f"{path} cannot be used as data directory: {error.strerror}") from error
        return cls(path.resolve())

    def secret(self, name: str, prefix: str = "") -> tuple[str, bool]:
        """A random secret kept in a file of that name, made on first use; and whether it was made just now."""
        return self.kept(name, lambda: f"{prefix}{secrets.token_urlsafe(32)}")

    def kept(self, name: str, make: Callable[[], str]) -> tuple[str, bool]:
        """What a file of that name holds, made on first use; and whether it was made just now. Raises OSError."""
        file = self.path / name
        if file.exists():
            return file.read_text(encoding="ascii").strip(), False
        value = make()
        self.write(name, value + "\n")
        return value, True

    def write(self, name: str, text: str) -> None:
        """Write a file, whole or not at all, mode 600."""
        unfinished = self.path / f".{name}.new"
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        unfinished.replace(self.path / name)

    def write_up(self, content: dict[str, Any]) -> None:
        """Write ``up.json``."""
        self.write(UP_FILE, json.dumps(content, indent=2) + "\n")

    def remove_up(self) -> None:
        """Nothing runs here any more."""
        (self.path / UP_FILE).unlink(missing_ok=True)
