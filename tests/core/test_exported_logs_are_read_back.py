"""Is an exported log read back as it was, without notes unless they were asked for, and a bad line named?"""

import json
from datetime import UTC, datetime

import pytest

from tests.core.simulate.kit import lived
from threedates.core.exported import exported, read_exported
from threedates.schemas.log import CheckedIn, encode

REPORT = CheckedIn(id="e1", at=datetime(2026, 6, 1, tzinfo=UTC), partner="sam", mood=3, note="just between us")
LINE = exported("c1", 4, encode(REPORT))


def test_what_was_exported_is_read_back() -> None:
    """Every event, with its sequence, under its couple."""
    couple = lived("moving_house")
    lines = [exported(couple.couple_id, seq, encode(event)) for seq, event in couple.log]
    assert read_exported(lines) == {couple.couple_id: list(couple.log)}


def test_a_line_names_sequence_subject_and_event() -> None:
    """The subject as on the broker, without the installation's prefix."""
    assert json.loads(LINE) == {
        "seq": 4,
        "subject": "log.c1.fact",
        "event": {"v": 1, "id": "e1", "at": "2026-06-01T00:00:00Z", "type": "checkin.reported", "partner": "sam",
                  "mood": 3, "stress": [], "did": []},
    }  # fmt: skip


def test_notes_go_along_only_where_they_are_asked_for() -> None:
    """A log is handed on; a note is its author's alone."""
    assert "just between us" not in LINE
    assert "just between us" in exported("c1", 4, encode(REPORT), with_notes=True)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "line 2: not "),
        ("[]", "line 2: not "),
        (LINE.replace("log.c1.fact", "log.c1.decision"), "line 2: the subject 'log.c1.decision' does not fit"),
        (LINE.replace('"mood":3', '"mood":9'), "line 2: the event cannot be read: mood"),
        (LINE.replace("checkin.reported", "tea.drunk"), "line 2: the event cannot be read"),
        (LINE, "line 2: seq 4 does not come after 4"),
    ],
)
def test_a_bad_line_is_named(line: str, problem: str) -> None:
    """A file that was edited by hand says where."""
    with pytest.raises(ValueError, match=problem):
        read_exported([LINE, line])
