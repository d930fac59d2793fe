"""Chance without a random source: a lot is a hash of the seed and of what is being decided."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")
_TOP = float(2**64)


def lot(seed: str, *what: object) -> float:
    """A number from 0 up to, and without, 1: always the same for the same seed and words."""
    words = " ".join(map(str, (seed, *what)))
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") / _TOP


def one_of(items: Sequence[Item], seed: str, *what: object) -> Item:
    """One of the items, each as likely as the others."""
    return items[int(lot(seed, *what) * len(items))]
