"""Changing frozen records by copying them, at the price of one dictionary.

``dataclasses.replace`` runs the constructor, and a frozen one sets each field by a call of its own. A look makes some
dozens of such copies, so the records that are copied most keep their fields in a plain ``__dict__``.
"""

from typing import Any, TypeVar

Record = TypeVar("Record")


def evolve(record: Record, **changes: Any) -> Record:
    """The record with some of its fields changed; for frozen dataclasses without slots. Raises TypeError otherwise.

    What a record remembers beside its fields goes with it: it must be worth nothing once those fields differ.
    """
    if not changes.keys() <= record.__dict__.keys():
        raise TypeError(f"{type(record).__name__} has no {sorted(changes.keys() - record.__dict__.keys())}")
    made = object.__new__(type(record))
    made.__dict__.update(record.__dict__, **changes)
    return made
