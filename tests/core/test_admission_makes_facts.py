"""Does good input become the facts it means, in the couple's own words and zone?"""

from datetime import UTC, datetime

import pytest

from tests.core.admission_kit import AT, DATE_UID, NOW, check_in, command, couple, event, join, sent, taken
from threedates.core.fold import apply_event
from threedates.schemas.log import LOG_EVENT, Answered, CalendarSeen, CheckedIn, encode


def test_a_check_in_keeps_all_it_says_and_the_couples_spelling() -> None:
    """Names are matched whatever their letter case, and one name is written."""
    fact = taken("checkin", check_in(partner=" sAM ", mood=3, stress=["money"], note="private", later_field=1))
    assert fact == CheckedIn(id="c1", at=NOW, partner="Sam", mood=3, stress=("money",), note="private")
    assert LOG_EVENT.validate_json(encode(fact)) == fact


def test_a_cloud_event_is_taken_out_of_its_envelope() -> None:
    """The envelope's id serves where the data carry none; its attributes never pass for data."""
    envelope = {"specversion": "1.0", "type": "t", "source": "s", "id": "ce-1", "partner": "kim", "at": AT}
    fact = taken("checkin", {**envelope, "data": {"partner": "sam", "at": AT, "mood": 4}})
    assert (fact.id, fact.partner, fact.mood) == ("ce-1", "Sam", 4)


@pytest.mark.parametrize(
    ("tz", "start"),
    [
        (None, datetime(2026, 11, 27, 18, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2026, 11, 27, 19, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 28, tzinfo=UTC)),
    ],
)
def test_local_times_are_in_the_events_zone_or_the_couples(tz: str | None, start: datetime) -> None:
    """A local time without a zone is the couple's."""
    fact = taken("calendar", event(tz=tz))
    assert (fact.start, fact.tz, fact.all_day) == (start, tz or "Europe/Berlin", False)


def test_an_offset_outweighs_the_zone() -> None:
    """A time that says what instant it is needs no zone to say it."""
    fact = taken("calendar", event(start="2026-11-27T19:00:00Z", end="2026-11-27T22:00:00Z", tz="Asia/Tokyo"))
    assert (fact.start, fact.tz) == (datetime(2026, 11, 27, 19, tzinfo=UTC), "Asia/Tokyo")


def test_days_run_from_local_midnight_to_local_midnight() -> None:
    """The end of an all-day event is exclusive; in an envelope as well as without."""
    days = event(start="2026-11-27", end="2026-11-29")
    for body in (days, {"specversion": "1.0", "id": "e1", "data": days}):
        fact = taken("calendar", body)
        assert (fact.start, fact.end) == (
            datetime(2026, 11, 26, 23, tzinfo=UTC),
            datetime(2026, 11, 28, 23, tzinfo=UTC),
        )
        assert fact.all_day


def test_a_time_the_clocks_skip_is_that_much_later() -> None:
    """The written rule for daylight saving holds for calendars too."""
    start = taken("calendar", event(start="2027-03-28T02:30:00", end="2027-03-28T04:00:00")).start
    assert start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_the_kind_comes_from_our_own_uid_and_never_from_a_title() -> None:
    """A look-alike is not taken for a date."""
    assert taken("calendar", event(summary="Fun date night")).kind is None
    assert taken("calendar", event(uid=DATE_UID, kind="emotional")).kind == "fun"


def test_an_event_that_takes_no_time_is_an_event() -> None:
    """Calendars hold reminders too."""
    assert isinstance(taken("calendar", event(end="2026-11-27T19:00:00")), CalendarSeen)


def test_joining_again_with_the_same_id_folds_to_nothing() -> None:
    """A producer that never heard the answer may ask again."""
    state, again = couple(), {**join(), "id": "j1"}
    fact = taken("command", again, state=state)
    assert apply_event(state, 9, fact).settings == state.settings


def test_an_answer_that_comes_again_is_taken_again() -> None:
    """It finds the date as it left it; to refuse it would call a right answer wrong."""
    state = couple()
    body = command("answer", by="alex", uid=DATE_UID, answer="cancel")
    fact = taken("command", body, state=state)
    assert fact == Answered(id="m1", at=NOW, by="Alex", uid=DATE_UID, answer="cancel")
    assert taken("command", body, state=apply_event(state, 9, fact)) == fact


@pytest.mark.parametrize(
    "body",
    [
        command("answer", by="sam", uid=DATE_UID, answer="move", start="2026-11-25T18:00:00Z"),
        command("book", by="sam", kind="fun", start="2026-11-10T18:00:00Z", end="2026-11-10T20:00:00Z", status="held"),
        command("snooze", by="sam", kind="fun", until="2026-11-25T18:00:00Z"),
        command("pause", by="sam"),
        command("pause", by="sam", until="2026-12-25T18:00:00Z"),
        command("resume", by="alex"),
        command("change", patch={"budget": {"per_week": None}, "partners": [{"name": "Sam"}, {"name": "Kim"}]}),
        command("leave"),
    ],
)
def test_every_command_becomes_one_fact_that_can_be_read_back(body: dict[str, object]) -> None:
    """What is appended must be readable for as long as the log lasts."""
    fact = taken("command", body)
    assert fact.id == "m1"
    assert LOG_EVENT.validate_json(encode(fact)) == fact


def test_joining_needs_nobody_there() -> None:
    """The whole settings are copied into the fact, defaults included."""
    fact = taken("command", join(), nobody=True)
    assert fact.settings.cadence.fun.target.days == 7
    assert isinstance(sent("command", join(), nobody=True), list)
