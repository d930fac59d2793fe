"""``threedates simulate``: couples of several habits, or a real one's log, on a virtual clock through the same core."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from threedates.cli import simulate_page, simulate_rerun
from threedates.cli.context import fail
from threedates.cli.progress import bar
from threedates.cli.simulate_json import couple_as_json
from threedates.cli.simulate_page import Chart
from threedates.cli.simulate_table import print_figures
from threedates.core.overrides import overridden
from threedates.core.simulate import HABITS, Habit, averaged, figures, live, settings_of, timeline
from threedates.core.simulate.life import START, WEEK, TooManyLooks

_SET = "Change a setting by its path, such as cadence.fun.target=P14D or partners.0.quiet=null; repeatable."
_FROM_LOG = "Instead of habits: a real couple's log, as `threedates export` wrote it, decided anew under --set."


def simulate(
    weeks: Annotated[int, typer.Option(min=1, max=1040, help="How long they live.")] = 26,
    couples: Annotated[int, typer.Option(min=1, max=10_000, help="Couples per habit.")] = 4,
    habit: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(HABITS)}; repeatable. Default: each of them.")
    ] = None,
    seed: Annotated[str, typer.Option(help="Another seed, other people; the same one, the same.")] = "1",
    settings: Annotated[list[str] | None, typer.Option("--set", help=_SET, metavar="PATH=VALUE")] = None,
    from_log: Annotated[str | None, typer.Option(help=_FROM_LOG, metavar="FILE")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report with a chart per couple to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Figures and timelines as JSON.")] = False,
) -> None:
    """Let couples with different habits live on a virtual clock, or a real couple's log once more; nothing is sent.

    The very rules of the service decide. "What if our target were two weeks?":
    threedates simulate --from-log our.jsonl --set cadence.fun.target=P14D
    """
    values = _values(settings or [])
    if from_log is not None:
        if habit:
            raise fail("--habit and --from-log exclude each other: a real couple has habits of its own", 2)
        simulate_rerun.run(from_log, values, html, as_json=as_json)
        return
    charts = _live(_habits(habit or []), weeks, couples, seed, values)
    if as_json:
        found = {"weeks": weeks, "seed": seed, "set": values, "couples": [couple_as_json(one) for one in charts]}
        print(json.dumps(found, ensure_ascii=False))
    else:
        _show(charts, weeks, couples)
    if html is not None:
        title = f"{len(charts)} couples, {weeks} weeks"
        simulate_page.write(html, title, charts, values)


def _habits(names: list[str]) -> list[Habit]:
    wanted = [name.replace("-", "_") for name in names]
    unknown = [name for name in wanted if name not in HABITS]
    if unknown:
        raise fail(f"there is no habit {unknown[0]!r}; choose from {', '.join(HABITS)}", 2)
    return [HABITS[name] for name in dict.fromkeys(wanted or HABITS)]


def _values(assignments: list[str]) -> dict[str, Any]:
    """The settings given as PATH=VALUE; a value is JSON where it can be read as such, else text."""
    values: dict[str, Any] = {}
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals or not path:
            raise fail(f"--set {assignment!r}: write PATH=VALUE, such as cadence.fun.target=P14D", 2)
        try:
            values[path.strip()] = json.loads(text)
        except ValueError:
            values[path.strip()] = text
    return values


def _live(habits: list[Habit], weeks: int, couples: int, seed: str, values: dict[str, Any]) -> list[Chart]:
    charts: list[Chart] = []
    end = START + weeks * WEEK
    with bar("couples") as progress:
        for habit in habits:
            try:
                settings = overridden(settings_of(habit), values)
            except ValueError as error:
                raise fail(f"--set {error}", 2) from None
            for number in range(1, couples + 1):
                try:
                    lived = live(habit, settings, number, weeks, seed)
                except TooManyLooks as error:
                    raise fail(
                        f"{error}; set a longer target, or watch a short one with: threedates up --demo"
                    ) from None
                line = timeline(lived.log)
                charts.append(
                    Chart(lived.couple_id, habit.name, habit.about, line, figures(line, START, end), START, end)
                )
                progress(len(charts), len(habits) * couples)
    return charts


def _show(charts: list[Chart], weeks: int, couples: int) -> None:
    title = f"{weeks} weeks; {couples} couples per habit, on average"
    print_figures(title, [(name, averaged(of)) for name, of in simulate_page.by_habit(charts).items()], "habit")
