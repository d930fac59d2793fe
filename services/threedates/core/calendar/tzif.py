"""Reading a TZif file (RFC 8536): its bytes come in, the offset changes it spells out and its POSIX footer go out.

Only the 64-bit block is read; every file of the IANA database has one. Fetching the bytes is the edge's business.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime

_HEADER = struct.Struct(">4s1c15x6l")
_TYPE = struct.Struct(">lbB")
# Files may begin with a "big bang" transition that no datetime can hold.
_EARLIEST = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a zone's offset at an instant; offsets in seconds east of UTC, ``name`` the abbreviation after it."""

    at: datetime
    before: int
    after: int
    name: str


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """A zone: its known changes in order, and the POSIX rule for everything after them (RFC 8536 §3.3)."""

    transitions: tuple[Transition, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class _Block:
    """Where the parts of one data block begin, and how many items they hold."""

    start: int
    leaps: int
    times: int
    types: int
    chars: int
    flags: int

    def end(self, time_size: int) -> int:
        return (
            self.start
            + self.times * (time_size + 1)
            + self.types * _TYPE.size
            + self.chars
            + self.leaps * (time_size + 4)
            + self.flags
        )


def parse_tzif(data: bytes) -> ZoneRules:
    """The rules of a zone. Raises ValueError for anything but a TZif file of version 2 or later."""
    try:
        old = _block(data, 0)
        block = _block(data, old.end(4))
        transitions = _transitions(data, block)
        footer = data[block.end(8) :].decode("ascii").strip("\n")
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"this is not a whole TZif file: {error}") from error
    return ZoneRules(transitions, footer)


def _block(data: bytes, at: int) -> _Block:
    magic, version, utc_flags, wall_flags, leaps, times, types, chars = _HEADER.unpack_from(data, at)
    if magic != b"TZif" or version < b"2":
        raise ValueError("this is not a TZif file of version 2 or later")
    return _Block(at + _HEADER.size, leaps, times, types, chars, utc_flags + wall_flags)


def _transitions(data: bytes, block: _Block) -> tuple[Transition, ...]:
    indices_at = block.start + block.times * 8
    types_at = indices_at + block.times
    names_at = types_at + block.types * _TYPE.size
    instants = struct.unpack_from(f">{block.times}q", data, block.start)
    types = [_TYPE.unpack_from(data, types_at + n * _TYPE.size) for n in range(block.types)]
    found: list[Transition] = []
    before = types[0][0]
    for instant, index in zip(instants, data[indices_at:types_at], strict=True):
        after, _, name_at = types[index]
        if instant >= _EARLIEST and after != before:
            name = data[names_at + name_at : data.index(0, names_at + name_at)].decode("ascii")
            found.append(Transition(datetime.fromtimestamp(instant, UTC), before, after, name))
        before = after
    return tuple(found)
