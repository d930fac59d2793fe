"""``threedates feed lint``: what is wrong with a calendar feed, ours or anybody's, before its subscribers find out."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from threedates.cli.context import command, out
from threedates.cli.feedsource import read_source
from threedates.core.calendar.contentlines import Finding
from threedates.core.calendar.lint import lint

SHOWN_OF_A_RULE = 20
app = typer.Typer(no_args_is_help=True, help="Check calendar feeds.")


@app.command("lint")
@command
async def lint_feed(
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="A file, - for standard input, or an address.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
    strict: Annotated[bool, typer.Option(help="Warnings count as errors.")] = False,
) -> None:
    """Find what calendar programs would refuse, misread or lose in a feed.

    An address (http, https or webcal) is fetched from this machine, without a login, wherever it leads: 30 seconds and
    5 MiB at most. Exit code 0 if nothing is wrong, 1 if something is, 2 if the feed cannot be read.
    """
    data, served = await read_source(source)
    found = [*served, *lint(data)]
    wrong = sum(finding.severity == "error" or strict for finding in found)
    if as_json:
        print(json.dumps(_report(source, found, ok=not wrong), ensure_ascii=False))
    else:
        _show(found)
    if wrong:
        raise typer.Exit(1)


def _report(source: str, found: list[Finding], *, ok: bool) -> dict[str, object]:
    errors = sum(finding.severity == "error" for finding in found)
    return {
        "source": source,
        "ok": ok,
        "errors": errors,
        "warnings": len(found) - errors,
        "findings": [asdict(finding) for finding in found],
    }


def _show(found: list[Finding]) -> None:
    # Text, never markup: what stands in a feed must not style, or forge, what is on the screen.
    counted = Counter[str]()
    for finding in found:
        counted[finding.rule] += 1
        if counted[finding.rule] > SHOWN_OF_A_RULE:
            continue
        where = f"line {finding.line}" if finding.line else "file"
        line = Text(f"{where:<10} ", style="dim")
        line.append(f"{finding.severity:<7} ", style="red" if finding.severity == "error" else "yellow")
        line.append(f"{finding.rule}: {finding.text}", style="default")
        out.print(line, highlight=False, soft_wrap=True)
    for rule, count in counted.items():
        if count > SHOWN_OF_A_RULE:
            out.print(f"… and {count - SHOWN_OF_A_RULE} more of {rule}", highlight=False)
    errors = sum(finding.severity == "error" for finding in found)
    if found:
        out.print(f"{_count(errors, 'error')}, {_count(len(found) - errors, 'warning')}", highlight=False)
    else:
        out.print("nothing is wrong", style="green", highlight=False)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
