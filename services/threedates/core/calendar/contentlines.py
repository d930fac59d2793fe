"""The content lines of iCalendar text (RFC 5545 §3.1) with where they stand, and what is wrong with them as lines.

In: the bytes of a file. Out: its lines, unfolded and taken apart, and a :class:`Finding` for each fault of the text
itself: line ends, lengths, characters torn in two, lines that are none. Nothing is repaired silently.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_OCTETS = 75
BOM = b"\xef\xbb\xbf"
Severity = Literal["error", "warning"]
_END = re.compile(rb"\r\n|\n|\r")
_PARAMETER = r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)'
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)
_PARAMETERS = re.compile(_PARAMETER)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. ``line`` counts lines of the file from 1; 0 stands for the file as a whole."""

    line: int
    rule: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One unfolded line; ``name`` and the parameters' names in capitals, quotes taken off the parameters' values."""

    line: int
    name: str
    parameters: dict[str, str]
    value: str


def read_lines(data: bytes) -> tuple[list[ContentLine], list[Finding]]:
    """Every content line that can be read, in order, and what was wrong with the text on the way there."""
    findings: list[Finding] = []
    if data.startswith(BOM):
        findings.append(_error(1, "bom", "a byte order mark stands before BEGIN:VCALENDAR; save it as UTF-8 without"))
        data = data.removeprefix(BOM)
    physical = _split(data, findings)
    for number, octets in physical:
        if len(octets) > MAX_OCTETS:
            text = f"the line has {len(octets)} octets; it has to be folded after {MAX_OCTETS} at most"
            findings.append(_error(number, "long_line", text))
    lines = [line for number, octets in _unfolded(physical, findings) if (line := _read(number, octets, findings))]
    return lines, findings


def _split(data: bytes, findings: list[Finding]) -> list[tuple[int, bytes]]:
    """The physical lines with their numbers. Wrong line ends are told once: mostly all of them are."""
    lines: list[tuple[int, bytes]] = []
    wrong: list[int] = []
    at = 0
    for number, end in enumerate(_END.finditer(data), 1):
        lines.append((number, data[at : end.start()]))
        if end[0] != b"\r\n":
            wrong.append(number)
        at = end.end()
    if at < len(data):
        lines.append((len(lines) + 1, data[at:]))
        findings.append(_error(len(lines), "line_end", "the last line has no CRLF; the file may have been cut off"))
    if wrong:
        text = f"{len(wrong)} of {len(lines)} lines end in a bare LF or CR; every line ends in CRLF"
        findings.append(_error(wrong[0], "line_end", text))
    return lines


def _unfolded(physical: list[tuple[int, bytes]], findings: list[Finding]) -> Iterator[tuple[int, bytes]]:
    number, parts = 0, list[bytes]()
    for at, octets in physical:
        if octets[:1] in (b" ", b"\t") and parts:
            if not _is_whole(parts[-1]):
                text = "the fold before this line tears a character in two; fold between characters"
                findings.append(Finding(at, "torn_character", "warning", text))
            parts.append(octets[1:])
            continue
        if parts:
            yield number, b"".join(parts)
        number, parts = at, [octets]
    if parts:
        yield number, b"".join(parts)


def _read(number: int, octets: bytes, findings: list[Finding]) -> ContentLine | None:
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        findings.append(_error(number, "not_utf8", "the line is not UTF-8"))
        text = octets.decode(errors="replace")
    found = _LINE.fullmatch(text)
    if found is None:
        what = "is empty" if not text.strip() else f"{_short(text)} has no property name"
        hint = r"a line end inside a value is written \n" if text.strip() else "remove it"
        findings.append(_error(number, "raw_newline", f"the line {what}: {hint}"))
        return None
    if _CONTROL.search(text):
        findings.append(_error(number, "control_character", f"{found[1]} holds a control character"))
    parameters = {name.upper(): value.strip('"') for name, value in _PARAMETERS.findall(found[2])}
    return ContentLine(number, found[1].upper(), parameters, found[5])


def _is_whole(octets: bytes) -> bool:
    """Whether the octets end between two characters, as far as their last few tell."""
    tail = octets[-4:].lstrip(bytes(range(0x80, 0xC0)))
    try:
        tail.decode()
    except UnicodeDecodeError:
        return False
    return True


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def _error(line: int, rule: str, text: str) -> Finding:
    return Finding(line, rule, "error", text)
