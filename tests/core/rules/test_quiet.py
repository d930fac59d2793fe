"""When is somebody left in peace?"""

from datetime import datetime
from typing import Any

from tests.core.rules.kit import at, couple
from threedates.core.candidates import Candidate
from threedates.core.rules.quiet import quiet_until


def pair(tz: str, **partner: Any) -> dict[str, Any]:
    """Settings of sam in Berlin with alex in another zone."""
    return {"partners": [{"name": "sam", "tz": "Europe/Berlin", **partner}, {"name": "alex", "tz": tz, **partner}]}


def until(settings: dict[str, Any], now: str, to: str = "sam", stage: str = "due") -> datetime | None:
    """When the addressee may be spoken to; times are Berlin's."""
    return quiet_until(couple(**settings), Candidate("fun", 0, stage, to), at(now))


def test_quiet_hours_begin_sharp_and_end_sharp() -> None:
    assert until({}, "2026-11-20 21:59") is None
    assert until({}, "2026-11-20 22:00") == at("2026-11-21 07:30")
    assert until({}, "2026-11-21 07:29") == at("2026-11-21 07:30")
    assert until({}, "2026-11-21 07:30") is None


def test_they_may_lie_within_one_day() -> None:
    nap = {"partners": [{"name": "sam", "quiet": {"from": "13:00", "to": "15:00"}}, {"name": "alex"}]}
    assert until(nap, "2026-11-20 14:00") == at("2026-11-20 15:00")
    assert until(nap, "2026-11-20 23:00") is None


def test_without_quiet_hours_any_time_will_do() -> None:
    assert until({"partners": [{"name": "sam", "quiet": None}, {"name": "alex"}]}, "2026-11-20 03:00") is None


def test_in_one_zone_the_others_sleep_does_not_matter() -> None:
    owl = {"partners": [{"name": "sam", "quiet": {"from": "02:00", "to": "10:00"}}, {"name": "alex"}]}
    assert until(owl, "2026-11-20 23:00") is None


def test_in_two_zones_both_are_awake() -> None:
    """From 16:30 to 22:00 in Berlin it is day in Los Angeles too."""
    far = pair("America/Los_Angeles")
    assert until(far, "2026-11-20 10:00") == at("2026-11-20 16:30")
    assert until(far, "2026-11-20 18:00") is None
    assert until(far, "2026-11-20 22:00", to="alex") == at("2026-11-21 16:30")


def test_two_that_are_never_awake_together_are_told_each_while_awake() -> None:
    never = pair("Pacific/Auckland", quiet={"from": "20:00", "to": "08:00"})
    assert until(never, "2026-11-20 12:00") is None
    assert until(never, "2026-11-20 12:00", to="alex") == at("2026-11-20 20:00")


def test_the_days_question_regards_only_the_one_it_asks() -> None:
    far = pair("America/Los_Angeles")
    assert until(far, "2026-11-21 06:00", to="alex", stage="check_in") is None


def test_quiet_hours_follow_the_clock_through_its_changes() -> None:
    assert until({}, "2026-10-25 01:00") == at("2026-10-25 07:30")
    assert until({}, "2027-03-28 01:00") == at("2027-03-28 07:30")
