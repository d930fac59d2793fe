"""A couple's log as a file: JSON lines ``{"seq", "subject", "event"}`` in the log's order.

``seq`` is the stream's sequence, ``subject`` where the event stood without the installation's prefix, such as
``log.<couple_id>.fact``, ``event`` the event as it was stored.
"""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from threedates.core.refusal import invalid
from threedates.schemas.log import Decision, LogEvent
from threedates.schemas.reading import read_event

Log = list[tuple[int, LogEvent]]


def exported(couple_id: str, seq: int, stored: bytes, *, with_notes: bool = False) -> str:
    """The line of one stored event. Notes are left out, unless they are asked for."""
    event: dict[str, Any] = json.loads(stored)
    if not with_notes:
        event.pop("note", None)
    part = "decision" if event.get("type") == "decision" else "fact"
    line = {"seq": seq, "subject": f"log.{couple_id}.{part}", "event": event}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def read_exported(lines: Iterable[str]) -> dict[str, Log]:
    """The logs in a file by couple, each in the order of its sequences. Raises ValueError naming the line at fault."""
    logs: dict[str, Log] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            couple_id, seq, event = _read(line, number)
            log = logs.setdefault(couple_id, [])
            if log and log[-1][0] >= seq:
                raise ValueError(f"line {number}: seq {seq} does not come after {log[-1][0]}; export the log again")
            log.append((seq, event))
    return logs


def _read(line: str, number: int) -> tuple[str, int, LogEvent]:
    try:
        entry = json.loads(line)
        top, couple_id, part = entry["subject"].split(".")
        seq = int(entry["seq"])
        event = _event(entry["event"], number)
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f'line {number}: not {{"seq", "subject", "event"}} as `threedates export` writes it'
        ) from error
    if top != "log" or part != ("decision" if isinstance(event, Decision) else "fact"):
        raise ValueError(f"line {number}: the subject {entry['subject']!r} does not fit its event")
    return couple_id, seq, event


def _event(data: Any, number: int) -> LogEvent:
    try:
        # As text: the very reading the log itself gets.
        return read_event(json.dumps(data).encode())
    except ValidationError as error:
        prefix = (str(data.get("type")),) if isinstance(data, dict) else ()
        problem = invalid(error, data, prefix).refusal.detail
        raise ValueError(f"line {number}: the event cannot be read: {problem}") from error
