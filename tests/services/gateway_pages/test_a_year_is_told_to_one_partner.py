"""Does looking back show what was held, one's own notes, and a course that gives no single answer away?"""

from datetime import UTC, datetime, timedelta
from typing import Any

from threedates.gateway.page.year import course, in_words, year_of
from threedates.gateway.page.yearview import year_view

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
DAY = timedelta(days=1)
JOINED: dict[str, Any] = {
    "type": "couple.joined",
    "settings": {"partners": [{"name": "sam"}, {"name": "alex"}]},
}


def check_in(ago: float, partner: str = "sam", **more: Any) -> dict[str, Any]:
    return {"type": "checkin.reported", "at": (NOW - ago * DAY).isoformat(), "partner": partner, **more}


def decided(ago: float, status: str, kind: str = "fun", n: int = 1) -> dict[str, Any]:
    start = NOW - ago * DAY
    date = {
        "uid": f"c1-{kind}-{n}", "kind": kind, "n": n, "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(), "tz": "Europe/Berlin", "status": status, "planner": "sam",
    }  # fmt: skip
    return {"type": "decision", "outcomes": [{"type": "hold"}, {"type": "date", "date": date}]}


def log(*events: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate((JOINED, *events), start=1))


def test_held_dates_of_the_last_year_stand_on_their_lanes() -> None:
    """One that did not happen after all is gone, one of long ago is not looked back at."""
    events = log(
        decided(400, "held", n=1),
        decided(30, "held", n=2),
        decided(20, "held", n=3),
        decided(20, "skipped", n=3),
        decided(10, "held", "business"),
        decided(-3, "scheduled", "emotional"),
    )
    view = year_view(year_of(events, 0, NOW), "Europe/Berlin", NOW)
    assert [len(lane.xs) for lane in view.lanes] == [1, 1, 0]
    assert [month.name for month in view.months] == ["November 2026", "October 2026"]
    assert "Fun: once" in view.summary


def test_notes_are_their_authors_the_latest_first_and_in_pages() -> None:
    events = log(*(check_in(50 - n, note=f"mine {n}") for n in range(25)), check_in(1, "alex", note="not mine"))
    view = year_view(year_of(events, 0, NOW), "UTC", NOW)
    assert [text for _, text in view.notes] == [f"mine {n}" for n in range(24, 4, -1)]
    older = year_view(year_of(events, 0, NOW), "UTC", NOW, view.older)
    assert [text for _, text in older.notes] == [f"mine {n}" for n in range(4, -1, -1)]
    assert older.older is None
    theirs = year_view(year_of(events, 1, NOW), "UTC", NOW)
    assert [text for _, text in theirs.notes] == ["not mine"]


def test_a_line_needs_both() -> None:
    """One partner's answers alone, or next to few of the other's, draw nothing."""
    mine = [check_in(n, connection=5) for n in range(1, 29)]
    few = [check_in(n, "alex", connection=1) for n in (3, 9)]
    assert course(year_of(log(*mine, *few), 0, NOW), "connection", NOW) == []
    enough = [*few, check_in(12, "alex", connection=1)]
    line = course(year_of(log(*mine, *enough), 0, NOW), "connection", NOW)
    assert line
    assert all(1 < value < 5 for _, value in line)
    assert course(year_of(log(*mine, *enough), 0, NOW), "mood", NOW) == []


def test_a_course_is_compared_with_ones_own_usual_alone() -> None:
    usual = [check_in(n, who, mood=3) for n in range(40, 300, 2) for who in ("sam", "alex")]
    for value, words in ((5, "more than usual"), (1, "less than usual"), (3, "about as usual")):
        lately = [check_in(n, who, mood=value) for n in range(1, 30, 2) for who in ("sam", "alex")]
        year = year_of(log(*usual, *lately), 0, NOW)
        assert words in in_words(course(year, "mood", NOW), NOW)
    assert "not enough" in in_words([], NOW)


def test_a_couple_that_has_just_joined_looks_back_at_nothing() -> None:
    view = year_view(year_of(log(), 0, NOW), "Europe/Berlin", NOW)
    assert (view.months, view.notes, view.dots) == ((), (), ())
    assert all(not line.paths for line in view.lines)
