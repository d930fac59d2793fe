"""``threedates simulate --from-log``: a real couple's decisions beside those of other settings."""

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from rich.table import Table

from threedates.cli import simulate_page
from threedates.cli.context import fail, out
from threedates.cli.logfile import read_logs
from threedates.cli.simulate_json import figures_as_json, timeline_as_json
from threedates.cli.simulate_page import Chart
from threedates.cli.simulate_table import print_figures
from threedates.core.exported import Log
from threedates.core.overrides import overridden
from threedates.core.simulate import Rerun, figures, rerun, timeline
from threedates.core.walltime import local
from threedates.schemas.base import rfc3339
from threedates.schemas.log import Decision, LogEvent
from threedates.schemas.outcomes import DateOutcome, HoldOutcome, InviteOutcome, NudgeOutcome, Outcome, ResumeOutcome

WAS, WOULD = "as it was", "as it would have been"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing decided: when, to the minute (UTC), and whether it was decided, would have been, or both."""

    at: datetime
    text: str
    was: bool
    would: bool


def run(path: str, values: dict[str, Any], html: Path | None, *, as_json: bool) -> None:
    """Run the log in a file again and show both runs. Raises typer.Exit after saying what is wrong."""
    logs = read_logs(path)
    if len(logs) > 1:
        raise fail(f"{path} holds {len(logs)} couples; give the log of one", 2)
    couple_id, log = next(iter(logs.items()))
    try:
        again = rerun(couple_id, log, lambda settings: overridden(settings, values))
    except ValueError as error:
        raise fail(str(error), 2) from None
    charts, rows = _charts(couple_id, log, again), side_by_side(log, again.log)
    tz = charts[0].line.tz
    if as_json:
        print(json.dumps(_json(couple_id, values, charts, rows), ensure_ascii=False))
    else:
        _show(charts, rows, tz)
    if html is not None:
        title = f"{' and '.join(charts[0].line.names)}: what if?"
        simulate_page.write(html, title, charts, values, _rows_html(rows, tz))


def side_by_side(was: Log, would: tuple[tuple[int, LogEvent], ...]) -> list[Row]:
    """Both runs' outcomes in order of time; what both have, word for word within the same minute, is one row."""
    before, after = _outcomes(was), _outcomes(would)
    keys = sorted({*before, *after}, key=lambda key: (key[0], before.get(key, after.get(key, 0)), key[1]))
    return [Row(key[0], key[1], key in before, key in after) for key in keys]


def _outcomes(log: Log | tuple[tuple[int, LogEvent], ...]) -> dict[tuple[datetime, str], int]:
    """What was decided at which minute, in order. Holds are left out: nobody hears of them."""
    found: dict[tuple[datetime, str], int] = {}
    for _, event in log:
        if isinstance(event, Decision):
            for outcome in event.outcomes:
                if not isinstance(outcome, HoldOutcome):
                    found[event.at.replace(second=0, microsecond=0), _text(outcome, event.tz)] = len(found)
    return found


def _text(outcome: Outcome, tz: str) -> str:
    match outcome:
        case DateOutcome():
            return f"{outcome.date.kind} {outcome.change}: {local(outcome.date.start, tz):%a %d %b %H:%M}"
        case NudgeOutcome():
            about = f"{outcome.kind} " if outcome.kind is not None else ""
            return f"{about}nudge {outcome.stage.replace('_', ' ')} to {outcome.addressee}"
        case ResumeOutcome():
            return "pause over"
        case InviteOutcome():
            return f"{outcome.date.kind} invite for {outcome.partner} by {outcome.by}"
        case HoldOutcome():
            return f"{outcome.kind} {outcome.stage} held back"


def _charts(couple_id: str, log: Log, again: Rerun) -> list[Chart]:
    charts = []
    for name, events in ((WAS, log), (WOULD, again.log)):
        line = timeline(events)
        numbers = figures(line, again.begin, again.end)
        charts.append(Chart(couple_id, name, "", line, numbers, again.begin, again.end))
    return charts


def _show(charts: list[Chart], rows: list[Row], tz: str) -> None:
    table = Table("when", WAS, WOULD, title=f"Decided then and now; times in {tz}", title_justify="left", box=None)
    table.columns[0].no_wrap = True
    for row in rows:
        is_same = row.was and row.would
        cells = (row.text, "the same") if is_same else _cells(row)
        table.add_row(f"{local(row.at, tz):%a %Y-%m-%d %H:%M}", *cells, style="dim" if is_same else "")
    out.print(table)
    names = " and ".join(charts[0].line.names)
    print_figures(f"{names}, {charts[0].figures.weeks:.1f} weeks", [(c.group, c.figures) for c in charts], "")


def _cells(row: Row) -> tuple[str, str]:
    return row.text if row.was else "", row.text if row.would else ""


def _rows_html(rows: list[Row], tz: str) -> str:
    lines = "".join(
        f"<tr><th scope=row>{local(row.at, tz):%a %d %b %Y %H:%M}</th>"
        + "".join(f"<td class=text>{escape(cell)}</td>" for cell in _cells(row))
        + "</tr>"
        for row in rows
    )
    head = "".join(f"<th scope=col>{name}</th>" for name in ("when", WAS, WOULD))
    return (
        f"<section><h2>Side by side</h2><p class=note>Times in {escape(tz)}.</p>"
        "<details open><summary>Decisions</summary>"
        f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
        "</details></section>"
    )


def _json(couple_id: str, values: dict[str, Any], charts: list[Chart], rows: list[Row]) -> dict[str, Any]:
    was, would = ({"figures": figures_as_json(c.figures), **timeline_as_json(c.line)} for c in charts)
    decided = [{"at": rfc3339(row.at), "what": row.text, "was": row.was, "would_be": row.would} for row in rows]
    return {"couple_id": couple_id, "set": values, "was": was, "would_be": would, "decided": decided}
