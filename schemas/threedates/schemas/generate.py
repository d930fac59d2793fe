"""Writes the contracts as JSON Schema and AsyncAPI: ``python -m threedates.schemas.generate [--check]``.

In: the pydantic models. Out: ``schemas/json/*.json`` and ``schemas/asyncapi/threedates.json``, byte for byte the same
every time. With ``--check`` nothing is written: what differs is listed, and the exit code is 1.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from threedates.schemas.asyncapi import document
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateRecord
from threedates.schemas.inbound import CALENDAR, COMMAND, CheckIn
from threedates.schemas.log import FACT, LOG_EVENT, Decision
from threedates.schemas.status import CoupleStatus
from threedates.schemas.webhook import Attempt, DeadLetter, Webhook

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEND = "make contracts"
ROOT = Path(__file__).resolve().parents[2]
"""The ``schemas`` directory of the checkout."""
CONTRACTS: dict[str, type[BaseModel] | TypeAdapter[Any]] = {
    "attempt": Attempt,
    "calendar-event": CALENDAR,
    "check-in": CheckIn,
    "command": COMMAND,
    "couple-settings": CoupleSettings,
    "couple-status": CoupleStatus,
    "date": DateRecord,
    "dead-letter": DeadLetter,
    "decision": Decision,
    "fact": FACT,
    "log-event": LOG_EVENT,
    "webhook": Webhook,
}


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one contract, as a reader takes it: what has a default may be missing."""
    contract = CONTRACTS[name]
    adapter = contract if isinstance(contract, TypeAdapter) else TypeAdapter(contract)
    return {"$schema": DIALECT, "title": name, **adapter.json_schema(by_alias=True)}


def files() -> dict[str, str]:
    """Every generated file's text by its path under ``schemas/``."""
    made = {f"json/{name}.json": _text(json_schema(name)) for name in CONTRACTS}
    return {**made, "asyncapi/threedates.json": _text(document())}


def differing(root: Path) -> list[str]:
    """The paths whose files are missing, differ, or should not be there; ``root`` is the ``schemas`` directory."""
    made = files()
    there = {path.relative_to(root).as_posix() for folder in ("json", "asyncapi") for path in root.glob(f"{folder}/*")}
    stale = [path for path, text in made.items() if path not in there or (root / path).read_text("utf-8") != text]
    return sorted([*stale, *(there - made.keys())])


def write(root: Path) -> None:
    """Write all files, and remove what is not generated any more."""
    made = files()
    for path in differing(root):
        if path not in made:
            (root / path).unlink()
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(made[path], "utf-8", newline="\n")


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write, or check; returns the exit code: 1 where something differs, 2 for a wrong call."""
    if arguments not in ([], ["--check"]) or not (root.parent / "pyproject.toml").is_file():
        sys.stderr.write("usage, in a checkout: python -m threedates.schemas.generate [--check]\n")
        return 2
    if not arguments:
        write(root)
        return 0
    found = differing(root)
    for path in found:
        sys.stderr.write(f"schemas/{path} is not what the contracts say\n")
    if found:
        sys.stderr.write(f"mend it with: {MEND}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
