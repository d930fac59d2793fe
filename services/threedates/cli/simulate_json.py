"""What ``threedates simulate --json`` prints of a couple: its figures and everything its chart shows."""

from typing import Any

from threedates.cli.simulate_page import Chart
from threedates.core.simulate import Figures, Timeline
from threedates.schemas.base import rfc3339


def couple_as_json(chart: Chart) -> dict[str, Any]:
    """A couple's figures and timeline; instants as RFC 3339."""
    return {
        "couple_id": chart.name,
        "habit": chart.group or None,
        "figures": figures_as_json(chart.figures),
        **timeline_as_json(chart.line),
    }


def figures_as_json(figures: Figures) -> dict[str, Any]:
    """The figures; ``longest_silence`` in days."""
    return {
        "weeks": round(figures.weeks, 3),
        "held": figures.held,
        "weeks_without": figures.weeks_without,
        "nudges": figures.nudges,
        "nudges_a_week": round(figures.nudges_a_week, 3),
        "answered": figures.answered,
        "check_ins": figures.check_ins,
        "longest_silence": round(figures.silence, 2),
    }


def timeline_as_json(line: Timeline) -> dict[str, Any]:
    """Dates, nudges, check-ins and pauses in order of time."""
    dates = sorted(line.dates.values(), key=lambda date: date.start)
    return {
        "dates": [
            date.model_dump(mode="json", include={"uid", "kind", "start", "end", "status", "origin"}) for date in dates
        ],
        "nudges": [
            {
                "at": rfc3339(nudge.at),
                "kind": nudge.kind,
                "stage": nudge.stage,
                "for": nudge.addressee,
                "answered": nudge.answered,
            }
            for nudge in line.nudges
        ],
        "check_ins": [rfc3339(at) for at in line.check_ins],
        "pauses": [
            {"since": rfc3339(rest.since), "until": rfc3339(rest.until) if rest.until else None} for rest in line.pauses
        ],
    }
