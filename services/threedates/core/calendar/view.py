"""A feed's own view of a rendered date: with the times alone, with questions, an alarm, or as it is. Pure.

Blocks are rendered once; what a feed's settings change of them is a matter of whole content lines (RFC 5545 §3.1), so
nothing is rendered again.
"""

from typing import Literal

from threedates.core.calendar.block import Block
from threedates.core.calendar.contentlines import MAX_OCTETS
from threedates.core.calendar.event import text_value

Detail = Literal["full", "busy"]
BUSY_SUMMARY = "Busy"
# RFC 5545 §3.6.6: a reminder an hour before the start. It says nothing the event does not.
ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{summary}\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n"
_END = "END:VEVENT\r\n"
# What tells more than the time. UID stays: calendars know the date again by it.
_TELLING = ("DESCRIPTION", "CATEGORIES", "COLOR")


def view(block: Block, detail: Detail, *, alarms: bool, asked: str = "") -> Block:
    """The block as a feed shows it. ``busy`` keeps the times and says nothing more; alarms go on dates that stand.

    ``asked`` is what to put under the description, in ``full`` alone.
    """
    if detail == "full" and not alarms and not asked:
        return block
    lines = _content_lines(block.vevent)
    if detail == "busy":
        lines = [_hidden(line) for line in lines if _name(line) not in _TELLING]
    elif asked:
        lines = _with_description(lines, asked)
    if alarms and "STATUS:CONFIRMED\r\n" in lines:
        summary = next((line for line in lines if _name(line) == "SUMMARY"), f"SUMMARY:{BUSY_SUMMARY}\r\n")
        lines.insert(lines.index(_END), ALARM.format(summary=summary.removeprefix("SUMMARY:").rstrip("\r\n")))
    return block.model_copy(update={"vevent": "".join(lines)})


def _with_description(lines: list[str], asked: str) -> list[str]:
    """The lines with that text under the description, set off by an empty line."""
    said = next((line for line in lines if _name(line) == "DESCRIPTION"), None)
    added = text_value(asked).to_ical().decode()
    if said is None:
        return [*lines[:-1], _folded(f"DESCRIPTION:{added}"), lines[-1]]
    whole = said.replace("\r\n ", "").removesuffix("\r\n")
    return [_folded(f"{whole}\\n\\n{added}") if line is said else line for line in lines]


def _folded(line: str) -> str:
    """A content line with its folds and its CRLF: at most 75 octets to each, no character torn (RFC 5545 §3.1)."""
    parts, room = [""], MAX_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append("")
            room = MAX_OCTETS - 1
        parts[-1] += character
        room -= size
    return "\r\n ".join(parts) + "\r\n"


def _content_lines(text: str) -> list[str]:
    """The content lines, each with its folds and its CRLF."""
    lines: list[str] = []
    for line in text.split("\r\n")[:-1]:
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += f"{line}\r\n"
        else:
            lines.append(f"{line}\r\n")
    return lines


def _name(line: str) -> str:
    return line.partition(":")[0].partition(";")[0]


def _hidden(line: str) -> str:
    return f"SUMMARY:{BUSY_SUMMARY}\r\n" if _name(line) == "SUMMARY" else line
