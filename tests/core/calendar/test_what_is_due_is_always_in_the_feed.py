"""Does a kind that is due always stand in the feed as one all-day entry, whoever hears or does not hear of it?"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.calendar.examples import read
from tests.core.calendar.test_any_text_survives import assert_well_formed
from tests.core.rules.kit import DAY, HOUR, JOINED, after, answer, at, booked, couple, held, looked
from threedates.core.admission import admit
from threedates.core.calendar.due_entry import DueEntry, due_entries
from threedates.core.calendar.feed import feed
from threedates.core.calendar.lint import lint
from threedates.core.calendar.questions import GOOD_AFTER, Questions
from threedates.core.links import read_action_token
from threedates.core.stages import standing
from threedates.core.state import CoupleState
from threedates.core.walltime import local
from threedates.edge.tzfooter import timezone_block
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.log import CalendarSeen, Paused, Resumed, Snoozed

DUE = at("2026-11-27 18:00")
OVERDUE = at("2026-11-29 18:00")
MORE_OVERDUE = at("2026-12-03 18:00")


def entry(state: CoupleState, now: datetime, kind: Kind = "fun") -> DueEntry | None:
    return next((one for one in due_entries(state, now).entries if one.block.kind == kind), None)


def days(one: DueEntry) -> tuple[date, date]:
    event = read(one.block.vevent.encode())
    return event["DTSTART"].dt, event["DTEND"].dt


def test_it_is_one_transparent_all_day_entry() -> None:
    """What takes no time must not make anybody look busy, and a day has no zone."""
    one = entry(couple(), DUE)
    assert one is not None
    assert_well_formed(one.block.vevent.encode())
    event = read(one.block.vevent.encode())
    assert (event["UID"], event["SEQUENCE"], event["TRANSP"]) == ("c1-fun-due-0@threedates", 0, "TRANSPARENT")
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == DUE
    assert str(event["SUMMARY"]) == "Time to plan a fun date"
    whole = feed("ours", "Europe/Berlin", [one.block], {"Europe/Berlin": timezone_block("Europe/Berlin")})
    assert lint(whole) == ()


@pytest.mark.parametrize(
    ("now", "sequence", "first", "end"),
    [
        (DUE, 0, date(2026, 11, 27), date(2026, 11, 29)),
        (OVERDUE - HOUR, 0, date(2026, 11, 27), date(2026, 11, 29)),
        (OVERDUE, 1, date(2026, 11, 29), date(2026, 12, 3)),
        (MORE_OVERDUE, 2, date(2026, 12, 3), date(2026, 12, 11)),
    ],
)
def test_each_stage_moves_it_on_under_the_same_uid(now: datetime, sequence: int, first: date, end: date) -> None:
    """Google ignores a change whose SEQUENCE and DTSTAMP stay."""
    one = entry(couple(), now)
    assert one is not None
    event = read(one.block.vevent.encode())
    assert (str(event["UID"]), event["SEQUENCE"], *days(one)) == ("c1-fun-due-0@threedates", sequence, first, end)


@settings(max_examples=100, deadline=None)
@given(st.timedeltas(timedelta(0), timedelta(days=90)), st.sampled_from(["Europe/Berlin", "Pacific/Auckland"]))
def test_it_is_there_exactly_while_the_kind_is_due_and_covers_the_day(later: timedelta, tz: str) -> None:
    """Without a single decision: no nudge, no endpoint and no hold is needed for it."""
    state, now = couple(tz=tz), JOINED + later
    for kind in KINDS:
        one = entry(state, now, kind)
        assert (one is not None) == (standing(state, kind, now).state != "fresh")
        if one is not None:
            first, end = days(one)
            # On the last day of a stage the next one takes over within the day.
            assert first <= local(now, tz).date() <= end


@settings(max_examples=100, deadline=None)
@given(st.timedeltas(timedelta(0), timedelta(days=60)), st.floats(0, 0.999))
def test_nothing_changes_before_it_says_so(later: timedelta, share: float) -> None:
    """A feed is kept finished until then."""
    state = after(couple(), Snoozed(id="z", at=JOINED, by="sam", kind="fun", until=at("2026-12-01 09:00")))
    now = JOINED + later
    found = due_entries(state, now)
    assert found.until is not None
    assert found.until > now
    assert due_entries(state, now + (found.until - now) * share).entries == found.entries


def test_one_that_waits_for_another_kind_is_there_too() -> None:
    """One nudge goes out at a time; all that is due shows."""
    state = couple()
    assert [one.block.kind for one in due_entries(state, DUE).entries] == list(KINDS)
    assert due_entries(looked(state, DUE), DUE).entries == due_entries(state, DUE).entries


def test_a_proposal_does_not_take_it_away_and_a_scheduled_date_does() -> None:
    state = looked(couple(cadence={"fun": {"windows": ["sun 12:00-23:00"]}}), DUE - DAY)
    assert state.open_date("fun") is not None
    assert entry(state, DUE) is not None
    assert entry(after(state, booked("fun", DUE + DAY)), DUE) is None
    accepted = after(state, answer(state, "fun", "accept", DUE - HOUR))
    assert entry(accepted, DUE) is None


def test_what_was_held_or_let_go_begins_another() -> None:
    """The next cycle's entry is another event, for the first is over."""
    state = after(couple(), held("fun", DUE))
    assert entry(state, DUE) is None
    again = entry(state, DUE + 8 * DAY)
    assert again is not None
    assert again.block.uid == "c1-fun-due-1@threedates"


def test_a_snooze_hides_it_until_its_end() -> None:
    until = DUE + DAY
    state = after(couple(), Snoozed(id="z", at=JOINED, by="sam", kind="all", until=until))
    assert due_entries(state, DUE).entries == ()
    assert due_entries(state, DUE).until == until
    shown = due_entries(state, until)
    assert len(shown.entries) == 3
    assert shown.changed == until


def test_a_pause_hides_it_and_shifts_it() -> None:
    """At the pause's end it is as the next decision will have it, even before that decision is there."""
    until = at("2026-11-25 18:00")
    state = after(couple(), Paused(id="p", at=at("2026-11-22 18:00"), by="sam", until=until))
    assert due_entries(state, DUE) == due_entries(after(state, Resumed(id="r", at=until, by="sam")), DUE)
    assert due_entries(state, DUE).entries == ()
    assert due_entries(state, until - HOUR).until == until
    assert entry(state, DUE + 3 * DAY) == entry(looked(state, until), DUE + 3 * DAY)
    endless = after(couple(), Paused(id="p", at=JOINED, by="sam"))
    assert due_entries(endless, DUE + 60 * DAY).until is None


def test_a_cycle_of_seconds_has_one_day() -> None:
    """RFC 5545 §3.6.1: DTEND is after DTSTART, so at least the next day."""
    one = entry(couple(cadence={"fun": {"target": "PT70S", "floor": "PT300S"}}), JOINED + timedelta(seconds=80))
    assert one is not None
    assert days(one) == (date(2026, 11, 20), date(2026, 11, 21))


def test_it_ends_some_day_after_the_last_stage() -> None:
    now = JOINED + timedelta(days=365 * 9)
    one = entry(couple(), now)
    assert one is not None
    assert one.since < now
    assert days(one)[1] == days(one)[0] + timedelta(days=7)


def test_in_a_partners_feed_it_can_be_answered() -> None:
    """For who gets no nudges it is the only way to say that they had one, or that they want quiet."""
    one = entry(couple(), DUE)
    assert one is not None
    asked = Questions(b"a key for tests, 16 bytes or more", "https://d.example", "c1", 0).of_due(one)
    links = [
        read_action_token(b"a key for tests, 16 bytes or more", line.partition("/a/")[2]) for line in asked.split("\n")
    ]
    assert [(link.action, link.uid, link.expires) for link in links if link] == [
        ("held", None, OVERDUE + GOOD_AFTER),
        ("snooze", None, OVERDUE + GOOD_AFTER),
    ]


def test_it_comes_back_through_a_calendar_as_nothing() -> None:
    """A calendar that shares our feed sends it to us again: it is no date, and nobody is busy."""
    state = couple()
    one = entry(state, DUE)
    assert one is not None
    whole = feed("ours", "Europe/Berlin", [one.block], {"Europe/Berlin": timezone_block("Europe/Berlin")})
    sent = {"id": "i1", "source": "s", "ics": whole.decode(), "partners": ["sam", "alex"]}
    facts = admit("calendar", "c1", json.dumps(sent).encode(), state, DUE)
    assert isinstance(facts, list)
    (fact,) = facts
    assert isinstance(fact, CalendarSeen)
    assert (fact.kind, fact.busy, fact.all_day) == (None, False, True)
    assert fact.start.astimezone(UTC) == at("2026-11-27 00:00")
    then = after(state, *facts)
    assert (then.dates, then.look_alikes, then.busy) == ({}, (), ())
