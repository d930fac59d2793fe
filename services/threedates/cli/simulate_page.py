"""The report of a simulation: one HTML file that needs nothing else, with a chart per couple. No scripts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from threedates.cli.context import err, fail
from threedates.cli.simulate_chart import chart
from threedates.core.simulate import Figures, Timeline, averaged
from threedates.core.walltime import local
from threedates.schemas.base import KINDS

HEADINGS = ("fun", "business", "emotional", "weeks without", "nudges a week", "answered", "longest silence")
FOOTNOTE = (
    "Dates held per kind; weeks without a date of any kind; nudges about dates, both partners together, and the share "
    "that one of them answered within 48 hours; the longest time, pauses included, with neither a nudge nor a date."
)


@dataclass(frozen=True, slots=True)
class Chart:
    """What the report shows of one couple: its timeline between two instants (UTC), and its figures."""

    name: str
    group: str
    about: str
    line: Timeline
    figures: Figures
    begin: datetime
    end: datetime


def by_habit(charts: Iterable[Chart]) -> dict[str, list[Figures]]:
    """The couples' figures by their habit, in the order they came."""
    found: dict[str, list[Figures]] = {}
    for one in charts:
        found.setdefault(one.group, []).append(one.figures)
    return found


def cells(row: Figures) -> list[str]:
    """Figures as text, in the order of the headings."""
    share = row.answered_share
    return [
        *(f"{row.held[kind]:.1f}".removesuffix(".0") for kind in KINDS),
        f"{row.weeks_without:.1f}".removesuffix(".0"),
        f"{row.nudges_a_week:.1f}",
        "–" if share is None else f"{share:.0%}",
        f"{row.silence:.0f} days",
    ]


def write(path: Path, title: str, charts: Sequence[Chart], values: Mapping[str, Any], more: str = "") -> None:
    """Write the report. ``more`` is HTML for the end of the page. Raises typer.Exit after saying what is wrong."""
    try:
        path.write_text(page(title, charts, values, more), encoding="utf-8")
    except OSError as error:
        raise fail(f"--html: {path} cannot be written: {error.strerror}", 2) from None
    err.print(f"report written to {path}", highlight=False, markup=False)


def page(title: str, charts: Sequence[Chart], values: Mapping[str, Any], more: str = "") -> str:
    """The whole page."""
    groups = by_habit(charts)
    averages = [(name.replace("_", " "), averaged(of)) for name, of in groups.items()]
    body = [
        f"<header><h1>{escape(title)}</h1>{_changes(values)}</header>",
        f"<section><h2>In numbers</h2>{table(averages)}<p class=note>{escape(FOOTNOTE)}</p></section>",
        _file("simulate_legend.html"),
    ]
    for name in groups:
        of_group = [one for one in charts if one.group == name]
        about = f"<p>{escape(of_group[0].about)}</p>" if of_group[0].about else ""
        body.append(f"<section><h2>{escape(name.replace('_', ' '))}</h2>{about}")
        body += [_couple(one) for one in of_group]
        body.append("</section>")
    return _PAGE.format(title=escape(title), style=_file("simulate.css"), body="\n".join(body) + more)


def _file(name: str) -> str:
    return files("threedates.cli").joinpath("static", name).read_text(encoding="utf-8")


def table(rows: Sequence[tuple[str, Figures]]) -> str:
    """Figures as an HTML table."""
    head = "".join(f"<th scope=col>{escape(one)}</th>" for one in ("", *HEADINGS))
    lines = (
        f"<tr><th scope=row>{escape(name)}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells(row)) + "</tr>"
        for name, row in rows
    )
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"


def _changes(values: Mapping[str, Any]) -> str:
    if not values:
        return "<p>Under the default settings.</p>"
    changes = ", ".join(f"<code>{escape(path)}</code> = <code>{escape(str(v))}</code>" for path, v in values.items())
    return f"<p>With {changes}.</p>"


def _couple(one: Chart) -> str:
    label = _label(one)
    zones = f"{one.line.names[0]} and {one.line.names[1]}; times in {one.line.tz}"
    return (
        f"<figure><figcaption><strong>{escape(one.name)}</strong> <span class=note>{escape(zones)}</span></figcaption>"
        f"<div class=chart>{chart(one.line, one.begin, one.end, label)}</div>"
        f"<details><summary>Week by week</summary>{_weekly(one)}</details></figure>"
    )


def _label(one: Chart) -> str:
    found = dict(zip(HEADINGS, cells(one.figures), strict=True))
    told = ", ".join(f"{name} {value}" for name, value in found.items())
    return f"Timeline of {one.name}: {told}. The table below the chart has it week by week."


def _weekly(one: Chart) -> str:
    """The chart in words, for those who cannot see it and for paper."""
    rows = []
    for since, until in _weeks(one.begin, one.end):
        held = [d for d in one.line.dates.values() if d.status == "held" and since <= d.end < until]
        nudges = [nudge for nudge in one.line.nudges if nudge.kind is not None and since <= nudge.at < until]
        counts = [sum(date.kind == kind for date in held) for kind in KINDS]
        counts += [len(nudges), sum(n.answered for n in nudges), sum(since <= at < until for at in one.line.check_ins)]
        day = f"{local(since, one.line.tz):%d %b %Y}"
        rows.append(f"<tr><th scope=row>{day}</th>" + "".join(f"<td>{count or '·'}</td>" for count in counts) + "</tr>")
    heads = ("week from", *KINDS, "nudges", "answered", "check-ins")
    head = "".join(f"<th scope=col>{name}</th>" for name in heads)
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def _weeks(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while begin < end:
        yield begin, min(begin + timedelta(weeks=1), end)
        begin += timedelta(weeks=1)


_PAGE = """<!doctype html>
<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width, initial-scale=1">
<title>{title} – threedates simulate</title><style>{style}</style></head><body>
{body}
</body></html>
"""
