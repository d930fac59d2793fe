"""Reading the log: bytes in, an event in its present form out, whichever version wrote it (docs/adr/0032).

An event that has the present form is read at once. One of a lower ``v`` is brought up a version at a time by the steps
below, which know its type and its old form. A type or a ``v`` that no step leads from belongs to a later release: the
error is the caller's to report, and the couple waits.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from threedates.schemas.log import LOG_EVENT, Decision, LogEvent

Step = Callable[[dict[str, Any]], dict[str, Any]]
Steps = Mapping[tuple[str, int], Step]
STEPS: Steps = MappingProxyType({})
"""By the type of an event and its ``v``: what makes of its fields those of the next ``v``, which is set by itself.

Whoever raises the ``v`` of an event adds the step that leads there. None has been raised yet.
"""
Known = TypeVar("Known")


def read_event(data: bytes, steps: Steps = STEPS) -> LogEvent:
    """An event of the log. Raises ValidationError where this version cannot know it."""
    return _read(LOG_EVENT.validate_json, data, steps)


def read_decision(data: bytes, steps: Steps = STEPS) -> Decision:
    """An event that can only be a decision, as on the decisions' subjects. Raises ValidationError for any other."""
    return _read(Decision.model_validate_json, data, steps)


def _read(parse: Callable[[bytes | str], Known], data: bytes, steps: Steps) -> Known:
    try:
        return parse(data)
    except ValidationError:
        event = _brought_up(data, steps)
        if event is None:
            raise
    return parse(json.dumps(event))


def _brought_up(data: bytes, steps: Steps) -> dict[str, Any] | None:
    """The event once every step that leads on from its version was taken; None where none does."""
    try:
        event: dict[str, Any] = json.loads(data)
        step = steps.get((event["type"], event["v"]))
    except (ValueError, TypeError, KeyError):
        return None  # no event at all
    if step is None:
        return None
    while step is not None:
        event = {**step(event), "type": event["type"], "v": event["v"] + 1}
        step = steps.get((event["type"], event["v"]))
    return event
