"""Changing frozen records by copying them, and remembering what was worked out from them; both at little cost.

``dataclasses.replace`` runs the constructor, and a frozen one sets each field by a call of its own. A look makes some
dozens of such copies, so the records that are copied most keep their fields in a plain ``__dict__``. Where one step
follows another and nobody looks back, as in a fold, not even that copy is made: the steps go on from a draft.
"""

from collections.abc import Callable
from operator import is_
from typing import Any, TypeVar

Record = TypeVar("Record")
Source = TypeVar("Source")
Result = TypeVar("Result")
_new, _set = object.__new__, object.__setattr__
_DRAFT = "_draft"


def evolve(record: Record, /, **changes: Any) -> Record:
    """The record with some of its fields changed; for frozen dataclasses without slots. Raises TypeError otherwise.

    What a record remembers beside its fields goes with it; see :func:`remembered`. A draft is itself changed.
    """
    fields = record.__dict__
    if _DRAFT in fields:
        fields.update(changes)
        return record
    changed = fields | changes
    if len(changed) > len(fields):
        raise TypeError(f"{type(record).__name__} has no {sorted(changes.keys() - fields.keys())}")
    made = _new(type(record))
    _set(made, "__dict__", changed)
    return made


def draft(record: Record) -> Record:
    """A copy that :func:`evolve` changes in place until it is :func:`finished`; for steps that nobody else sees."""
    made = evolve(record)
    made.__dict__[_DRAFT] = True
    return made


def finished(record: Record) -> Record:
    """The draft as a frozen record again, the very same object; any other record as it is."""
    record.__dict__.pop(_DRAFT, None)
    return record


def remembered(record: object, name: str, source: Source, work: Callable[[Source], Result]) -> Result:
    """What ``work`` makes of a source, kept beside the record's fields for as long as the source is that very object.

    ``work`` must be pure and the source frozen, so that keeping the result changes nothing but the time it takes.
    """
    known: tuple[Source, Result] | None = record.__dict__.get(name)
    if known is None or known[0] is not source:
        known = record.__dict__[name] = (source, work(source))
    return known[1]


def recalled(record: object, name: str, source: object) -> Any:
    """What is remembered of that very source; None where nothing is."""
    known: tuple[object, Any] | None = record.__dict__.get(name)
    return known[1] if known is not None and known[0] is source else None


def remembered_of(record: object, name: str, sources: tuple[object, ...], work: Callable[[], Result]) -> Result:
    """The same where the work is done with several sources: kept for as long as each of them is that very object."""
    known: tuple[tuple[object, ...], Result] | None = record.__dict__.get(name)
    if known is None or not all(map(is_, known[0], sources)):
        known = record.__dict__[name] = (sources, work())
    return known[1]
