"""Which calendar events look like a date, and when is nobody asked about them any more?"""

from typing import Any

import pytest

from tests.core.rules.kit import DAY, HOUR, JOINED, after, couple, held, seen
from threedates.core.look_alikes import guess, open_look_alikes
from threedates.core.state import CoupleState
from threedates.core.status import status_of

BOTH = ("sam", "alex")
EVENING = JOINED + 5 * DAY


def with_event(**fields: Any) -> CoupleState:
    """A couple with a date night in a calendar."""
    values: dict[str, Any] = {"summary": "Date night", "partners": BOTH, **fields}
    return after(couple(), seen(EVENING, **values))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Date night", "fun"),
        ("Cinema with S.", "fun"),
        ("Household budget", "business"),
        ("Heart-to-heart", "emotional"),
        ("Update nightly build", None),
        ("Dentist", None),
        ("", None),
        (None, None),
    ],
)
def test_titles_are_guessed_at(title: str | None, kind: str | None) -> None:
    assert guess(title) == kind


def test_it_is_asked_about_and_never_assumed() -> None:
    state = with_event()
    assert [one.event for one in open_look_alikes(state, "fun")] == ["seen-abc-0-confirmed"]
    assert not state.kinds["fun"].helds
    reasons = status_of(state, EVENING + DAY).kinds["fun"].because
    assert "look_alike" in {reason.rule for reason in reasons}


def test_what_only_one_is_in_or_lasts_all_day_is_none() -> None:
    assert not open_look_alikes(with_event(partners=("sam",)), "fun")
    assert not open_look_alikes(with_event(all_day=True), "fun")
    assert not open_look_alikes(with_event(status="tentative"), "fun")


def test_once_cancelled_renamed_or_held_nobody_is_asked() -> None:
    state = with_event()
    later: dict[str, Any] = {"partners": BOTH, "sequence": 1}
    assert not open_look_alikes(after(state, seen(EVENING, summary="Date night", status="cancelled", **later)), "fun")
    assert not open_look_alikes(after(state, seen(EVENING, summary="Dentist", **later)), "fun")
    assert not open_look_alikes(after(state, held("fun", EVENING + 2 * HOUR)), "fun")


def test_only_the_latest_dozen_are_remembered() -> None:
    events = [seen(EVENING + n * DAY, uid=f"u{n}", summary="Cinema", partners=BOTH) for n in range(40)]
    assert len(after(couple(), *events).look_alikes) == 12
