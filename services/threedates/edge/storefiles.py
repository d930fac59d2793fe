"""Whether a broker's store is encrypted, told from its files: the broker itself says so to no client.

In: the directory JetStream stores in. Each encrypted stream keeps its own key, itself encrypted, as ``meta.key`` beside
its ``meta.inf``, and one such key for each block of messages.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """How many streams a store holds, and how many of them are encrypted, every block of their messages included."""

    streams: int
    encrypted: int

    def __str__(self) -> str:
        """In words, for a person."""
        if not self.streams:
            return "holds no streams"
        if self.encrypted == self.streams:
            return "encrypted"
        return "not encrypted" if not self.encrypted else f"{self.encrypted} of {self.streams} streams encrypted"


def inspect(store: Path) -> StoreFiles:
    """Look at a store, also while its broker runs. Raises OSError where it cannot be read."""
    # Not by a pattern: that would pass over what may not be read.
    accounts = [account / "streams" for account in (store / "jetstream").iterdir()]
    streams = [stream for account in accounts if account.exists() for stream in account.iterdir()]
    return StoreFiles(len(streams), sum(map(_is_encrypted, streams)))


def _is_encrypted(stream: Path) -> bool:
    if not (stream / "meta.key").exists():
        return False
    blocks = [path for path in (stream / "msgs").iterdir() if path.suffix == ".blk"]
    return all(block.with_suffix(".key").exists() for block in blocks)
