"""Content lines as components, BEGIN by END (RFC 5545 §3.6), and what is wrong with how they are nested.

A file that was cut off is the fault that matters most: clients take what is missing for deleted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from threedates.core.calendar.contentlines import ContentLine, Finding

# A calendar with an alarm in an event in it is three levels deep, and a location or two may be inside.
MAX_DEPTH = 16


@dataclass(slots=True)
class Part:
    """One component: its name in capitals, the line of its BEGIN, its properties, and the components inside."""

    name: str
    line: int
    lines: list[ContentLine] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list[ContentLine]:
        """Every property of that name."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> ContentLine | None:
        """The first property of that name, if there is one."""
        return next((line for line in self.lines if line.name == name), None)

    def walk(self) -> Iterator["Part"]:
        """This one and all within."""
        yield self
        for part in self.parts:
            yield from part.walk()


def read_parts(lines: Iterable[ContentLine]) -> tuple[list[Part], list[Finding]]:
    """The outermost components, those left open included."""
    root, findings = Part("", 0), list[Finding]()
    stack = [root]
    last = 0
    for line in lines:
        last = line.line
        if line.name == "BEGIN":
            _open(stack, line, findings)
        elif line.name == "END":
            _close(stack, line, findings)
        elif len(stack) == 1:
            findings.append(_outside(line, ended=bool(root.parts)))
        else:
            stack[-1].lines.append(line)
    for part in reversed(stack[1:]):
        text = f"the file ends before the END:{part.name} of line {part.line}: it was cut off"
        findings.append(_error(last, "truncated", text))
    if not any(part.name == "VCALENDAR" for part in root.parts):
        findings.append(_error(0, "no_calendar", "there is no BEGIN:VCALENDAR; this is no calendar"))
    return root.parts, findings


def _open(stack: list[Part], line: ContentLine, findings: list[Finding]) -> None:
    part = Part(line.value.strip().upper(), line.line)
    if (part.name == "VCALENDAR") != (len(stack) == 1):
        where = "outside a VCALENDAR" if len(stack) == 1 else f"inside the {stack[-1].name} of line {stack[-1].line}"
        findings.append(_error(line.line, "unbalanced", f"BEGIN:{part.name} stands {where}"))
    if len(stack) > MAX_DEPTH:
        findings.append(_error(line.line, "unbalanced", f"BEGIN:{part.name[:20]} stands {MAX_DEPTH} levels deep"))
        return
    stack[-1].parts.append(part)
    stack.append(part)


def _close(stack: list[Part], line: ContentLine, findings: list[Finding]) -> None:
    name = line.value.strip().upper()
    if name not in (part.name for part in stack[1:]):
        findings.append(_error(line.line, "unbalanced", f"END:{name} has no BEGIN:{name}"))
        return
    while (part := stack.pop()).name != name:
        text = f"END:{name} comes before the END:{part.name} of line {part.line}"
        findings.append(_error(line.line, "unbalanced", text))


def _outside(line: ContentLine, *, ended: bool) -> Finding:
    where = "after END:VCALENDAR" if ended else "before BEGIN:VCALENDAR"
    return _error(line.line, "unbalanced", f"{line.name} stands {where}")


def _error(line: int, rule: str, text: str) -> Finding:
    return Finding(line, rule, "error", text)
