"""``threedates replay --check``: what the code of today would decide where the log holds a decision. Never writes."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

import typer
from rich.text import Text

from threedates.cli.arguments import couple_id
from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.cli.logfile import read_logs
from threedates.cli.progress import bar
from threedates.core.exported import Log
from threedates.core.replay import Checked, Difference, check
from threedates.edge.couples import Couples
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339


@command
async def replay(
    couples: Annotated[
        list[str] | None, typer.Argument(help="The couples' ids.", metavar="[COUPLE]…", parser=couple_id)
    ] = None,
    do_check: Annotated[bool, typer.Option("--check", help="Compare; a replay does nothing else.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every couple on the broker.")] = False,
    file: Annotated[str | None, typer.Option(help="A file that `threedates export` wrote, or - for input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON per couple.")] = False,
) -> None:
    """Make every decision in the log again with this version and list what differs; nothing is ever written.

    Run it with a new version before that is deployed: it lists what the new rules would have done otherwise.
    Exit code 1 if anything differs. Looks that found nothing to do are not in the log, so they are not compared.
    """
    if not do_check:
        raise fail("say --check: a replay compares, and never writes", 2)
    if bool(couples) + every + (file is not None) != 1:
        raise fail("name one couple or more, or give --all, or --file FILE", 2)
    count = decisions = 0
    differing: list[Checked] = []
    with bar("couples") as progress:
        async for total, couple, log in _from_file(file) if file is not None else _from_broker(couples):
            one = check(couple, log)
            count, decisions = count + 1, decisions + one.decisions
            if as_json:
                _tell_json(one)
            if one.differing:
                differing.append(one)
            progress(count, total)
    if not as_json:
        _tell(count, decisions, differing)
    if differing:
        raise typer.Exit(1)


async def _from_file(file: str) -> AsyncIterator[tuple[int, str, Log]]:
    logs = read_logs(file)
    for couple, log in logs.items():
        yield len(logs), couple, log


async def _from_broker(wanted: list[str] | None) -> AsyncIterator[tuple[int, str, Log]]:
    """The log of each couple wanted, or of all there are, with how many they are. A name nobody has is an error."""
    async with wired(load_settings()) as wire:
        ids = wanted or await _everybody(wire)
        couples = Couples(wire)
        for couple in ids:
            log = await couples.events(couple)
            if not log and wanted:
                raise fail(f"there is no couple {couple}")
            yield len(ids), couple, log


async def _everybody(wire: Wire) -> list[str]:
    names = wire.names
    subjects = [subject async for subject in wire.subjects(names.log, names.fact("*"))]
    return sorted(subject.split(".")[-2] for subject in subjects)


def _tell(count: int, decisions: int, differing: list[Checked]) -> None:
    for one in differing:
        for found in one.differing:
            when = f"{found.as_of:%Y-%m-%d %H:%M:%S}Z"
            seen = f" decision {found.seq}, as of {when}, having seen {found.folded_to}"
            out.print(Text.assemble((one.couple_id, "bold"), seen))
            for difference in found.differences:
                out.print(_line(difference), highlight=False, markup=False, soft_wrap=True)
    different = sum(len(one.differing) for one in differing)
    verdict = f"{different:,} would be different" if different else "nothing differs"
    couples = "1 couple" if count == 1 else f"{count:,} couples"
    out.print(f"{decisions:,} decisions of {couples} made again: {verdict}", highlight=False)


def _line(one: Difference) -> str:
    if one.now is None:
        return f"  - {one.about}: {one.stored}"
    if one.stored is None:
        return f"  + {one.about}: {one.now}"
    return f"  ~ {one.about}: {one.stored} → {one.now}"


def _tell_json(one: Checked) -> None:
    differing = [
        {
            "seq": found.seq,
            "as_of": rfc3339(found.as_of),
            "folded_to": found.folded_to,
            "differences": [{"about": d.about, "stored": d.stored, "now": d.now} for d in found.differences],
        }
        for found in one.differing
    ]
    line = {"couple_id": one.couple_id, "decisions": one.decisions, "differing": differing}
    print(json.dumps(line, ensure_ascii=False), flush=True)
