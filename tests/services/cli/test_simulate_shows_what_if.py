"""Does `threedates simulate` print its table, write a report that stands alone, and say what is wrong with input?"""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from threedates.cli.main import app
from threedates.core.exported import exported
from threedates.core.simulate import HABITS, live, settings_of
from threedates.schemas.log import encode

QUICK = ("--weeks", "3", "--couples", "1")
VOID = {"meta", "line", "rect", "circle", "polygon"}


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["simulate", *args], env={"COLUMNS": "100"})


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A couple's exported log."""
    couple = live(HABITS["one_sided"], settings_of(HABITS["one_sided"]), 1, 6, "1")
    path = tmp_path_factory.mktemp("log") / "our.jsonl"
    path.write_text("".join(exported(couple.couple_id, seq, encode(e)) + "\n" for seq, e in couple.log))
    return str(path)


class Outline(HTMLParser):
    """What is open, and everything that was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and tag != "li":
            while self.open and self.open[-1] == "li":
                self.open.pop()
            assert self.open.pop() == tag


def outline(path: Path) -> Outline:
    found = Outline()
    found.feed(path.read_text(encoding="utf-8"))
    assert not found.open
    return found


def test_a_row_per_habit() -> None:
    """The table of the issue, in a terminal's width."""
    result = run(*QUICK)
    assert result.exit_code == 0, result.output
    assert all(habit.replace("_", " ") in result.stdout for habit in HABITS)
    assert "…" not in result.stdout


def test_json_has_figures_and_the_whole_timeline() -> None:
    """For programs: everything a chart shows."""
    result = run(*QUICK, "--habit", "on-a-break", "--json", "--set", "cadence.emotional.target=P3D")
    found = json.loads(result.stdout)
    assert found["set"] == {"cadence.emotional.target": "P3D"}
    [couple] = found["couples"]
    assert couple["couple_id"] == "on-a-break-1"
    assert couple["figures"]["held"]["emotional"] >= 3
    assert set(couple["nudges"][0]) == {"at", "kind", "stage", "for", "answered"}
    assert couple["dates"]
    assert couple["check_ins"]


def test_the_report_stands_alone(tmp_path: Path) -> None:
    """No script, nothing fetched, every chart labelled, every mark with a title, every chart also as a table."""
    result = run(*QUICK, "--html", str(tmp_path / "report.html"))
    assert result.exit_code == 0, result.output
    found = outline(tmp_path / "report.html")
    tags = [tag for tag, _ in found.seen]
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert not [attrs for _, attrs in found.seen if "src" in attrs or "href" in attrs]
    charts = [attrs for tag, attrs in found.seen if tag == "svg" and attrs.get("role") == "img"]
    assert len(charts) == len(HABITS)
    assert all(attrs.get("aria-label") for attrs in charts)
    assert tags.count("figure") == tags.count("details") == len(HABITS)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "http" not in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_a_real_log_is_shown_beside_what_would_have_been(log_file: str, tmp_path: Path) -> None:
    """Both runs' decisions, and both runs' figures."""
    result = run("--from-log", log_file, "--set", "cadence.fun.target=P14D", "--html", str(tmp_path / "report.html"))
    assert result.exit_code == 0, result.output
    assert "as it would have been" in result.stdout
    assert "nudge" in result.stdout
    charts = [tag for tag, attrs in outline(tmp_path / "report.html").seen if tag == "svg" and attrs.get("role")]
    assert len(charts) == 2


def test_a_real_log_under_its_own_settings_shows_no_difference(log_file: str) -> None:
    """What differs is due to the settings alone."""
    found = json.loads(run("--from-log", log_file, "--json").stdout)
    assert found["decided"]
    assert all(row["was"] and row["would_be"] for row in found["decided"])
    assert found["was"] == found["would_be"]


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("--habit", "lazy"), "no habit 'lazy'"),
        (("--set", "cadence.fun.taget=P14D"), "no 'taget' in cadence.fun"),
        (("--set", "cadence"), "write PATH=VALUE"),
        (("--from-log", "nowhere.jsonl"), "nowhere.jsonl cannot be read"),
        (("--from-log", "nowhere.jsonl", "--habit", "busy"), "exclude each other"),
        (("--html", "no/such/folder/report.html"), "cannot be written"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(args: tuple[str, ...], problem: str) -> None:
    """Exit code 2, as for every mistake in the command line."""
    result = run(*QUICK, *args)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.split())


def test_a_cadence_of_seconds_is_to_be_watched_not_simulated() -> None:
    """Rather than an hour of silence and a traceback."""
    result = run(*QUICK, "--habit", "busy", "--set", "cadence.fun.target=PT20S")
    assert result.exit_code == 1
    assert "set a longer target" in " ".join(result.stderr.split())
