"""Changing frozen records by copying them, and remembering what was worked out from them; both at little cost.

``dataclasses.replace`` runs the constructor, and a frozen one sets each field by a call of its own. A look makes some
dozens of such copies, so the records that are copied most keep their fields in a plain ``__dict__``.
"""

from collections.abc import Callable
from operator import is_
from typing import Any, TypeVar

Record = TypeVar("Record")
Source = TypeVar("Source")
Result = TypeVar("Result")


def evolve(record: Record, /, **changes: Any) -> Record:
    """The record with some of its fields changed; for frozen dataclasses without slots. Raises TypeError otherwise.

    What a record remembers beside its fields goes with it; see :func:`remembered`.
    """
    fields = record.__dict__
    changed = fields | changes
    if len(changed) > len(fields):
        raise TypeError(f"{type(record).__name__} has no {sorted(changes.keys() - fields.keys())}")
    made = object.__new__(type(record))
    object.__setattr__(made, "__dict__", changed)
    return made


def remembered(record: object, name: str, source: Source, work: Callable[[Source], Result]) -> Result:
    """What ``work`` makes of a source, kept beside the record's fields for as long as the source is that very object.

    ``work`` must be pure and the source frozen, so that keeping the result changes nothing but the time it takes.
    """
    known: tuple[Source, Result] | None = record.__dict__.get(name)
    if known is None or known[0] is not source:
        known = record.__dict__[name] = (source, work(source))
    return known[1]


def remembered_of(record: object, name: str, sources: tuple[object, ...], work: Callable[[], Result]) -> Result:
    """The same where the work is done with several sources: kept for as long as each of them is that very object."""
    known: tuple[tuple[object, ...], Result] | None = record.__dict__.get(name)
    if known is None or not all(map(is_, known[0], sources)):
        known = record.__dict__[name] = (sources, work())
    return known[1]
