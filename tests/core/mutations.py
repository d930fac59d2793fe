"""Mangling files as broken software and bad luck do, from a seed: what a reader is fed that has to bear anything."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import icalendar
import recurring_ical_events

Step = Callable[[list[bytes], Random, Sequence[bytes]], None]
MOST_STEPS = 3
MOST_COPIES = 400
_NUMBERS = (b"0", b"-1", b"99999999999999999999", b"1e9", b"\xd9\xa3", b"")


def calendars() -> list[Path]:
    """Every calendar that the libraries ship with their tests, which collect what real and broken software sent."""
    folders = [Path(package.__path__[0]) for package in (icalendar, recurring_ical_events)]
    return sorted(path for folder in folders for path in folder.rglob("*.ics"))


def mutated(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The file with a few things wrong; ``others`` lend lines to it."""
    lines = data.splitlines()
    for _ in range(random.randint(1, MOST_STEPS)):
        random.choice(_STEPS)(lines, random, others)
        lines = lines or [b""]
    return random.choice((b"\r\n", b"\n", b"\r")).join(lines)


def _drop(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    del lines[random.randrange(len(lines))]


def _cut(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    del lines[random.randrange(len(lines)) :]


def _swap(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n, m = random.randrange(len(lines)), random.randrange(len(lines))
    lines[n], lines[m] = lines[m], lines[n]


def _copy(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n, m = sorted((random.randrange(len(lines)), random.randrange(len(lines))))
    part = lines[n : min(m, n + 20) + 1]
    lines[n:n] = part * random.choice((1, 2, MOST_COPIES))


def _bytes(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n = random.randrange(len(lines))
    line = bytearray(lines[n])
    for _ in range(random.randint(1, 4)):
        line.insert(random.randint(0, len(line)), random.choice((random.randrange(256), *b';:,="\\\t\x00')))
    lines[n] = bytes(line)


def _shorten(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n = random.randrange(len(lines))
    lines[n] = lines[n][: random.randint(0, len(lines[n]))]


def _lengthen(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n = random.randrange(len(lines))
    lines[n] += lines[n][random.randint(0, len(lines[n])) :] * random.choice((1, 10, 1_000))


def _number(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n = random.randrange(len(lines))
    name, colon, value = lines[n].partition(b":")
    digits = [i for i, char in enumerate(value) if char in b"0123456789"]
    if digits:
        at = random.choice(digits)
        value = value[:at] + random.choice(_NUMBERS) + value[at + 1 :]
    lines[n] = name + colon + value


def _lend(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    lent = random.choice(others).splitlines() or [b""]
    n = random.randrange(len(lent))
    at = random.randrange(len(lines))
    lines[at:at] = lent[n : n + random.randint(1, 30)]


def _value(lines: list[bytes], random: Random, others: Sequence[bytes]) -> None:
    n, other = random.randrange(len(lines)), random.choice(lines)
    lines[n] = lines[n].partition(b":")[0] + b":" + other.partition(b":")[2]


_STEPS: tuple[Step, ...] = (_drop, _cut, _swap, _copy, _bytes, _shorten, _lengthen, _number, _lend, _value)
