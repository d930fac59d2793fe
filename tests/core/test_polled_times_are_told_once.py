"""Does telling only what changed leave a couple with the very times its calendar takes, whatever happens to it?"""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.polled_kit import DAY, HOUR, NOW, after, busy_in, couple, taken
from threedates.core.polled import Taken, Told, compared, done, events, freed

READINGS = st.lists(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(st.integers(-30, 300), st.sampled_from((1, 2, 26)), st.sampled_from(("busy", "fun", "free"))),
        max_size=6,
    ),
    min_size=1,
    max_size=6,
)


def reading(found: dict[str, tuple[int, int, str]], now: datetime) -> list[Taken]:
    """What a reading would bring at that instant: nothing that is over and done."""
    times = [
        taken(f"{uid}/{what}", NOW + hour * HOUR, length, busy=what != "free", kind="fun" if what == "fun" else None)
        for uid, (hour, length, what) in found.items()
    ]
    return [one for one in times if one.kind is not None or (one.busy and one.end > now)]


@settings(max_examples=150, deadline=None)
@given(READINGS, st.lists(st.booleans(), min_size=6, max_size=6))
def test_what_was_told_adds_up_to_what_is_there(
    readings: list[dict[str, tuple[int, int, str]]], twice: list[bool]
) -> None:
    """Reading by reading, days apart, some of it told twice as after a crash; and in the end all is free.

    What names a kind is a date instead, and takes its time as such.
    """
    state, told, now = couple(), Told(), NOW
    for n, found in enumerate(readings):
        now = NOW + n * DAY
        seen = reading(found, now)
        told = compared(told, seen, now)
        for _ in range(1 + twice[n]):
            state = after(state, told, now)
        told = done(told)
        assert busy_in(state, now) == {(one.start, one.end) for one in seen if one.kind is None and one.end > now}
        assert compared(told, seen, now) is told
    state = after(state, freed(told, now), now)
    assert busy_in(state, now) == set()


def test_a_thousand_times_that_stay_as_they_are_are_nothing_new() -> None:
    """An hourly reading of a full calendar writes nothing."""
    seen = [taken(f"u{n}", NOW + n * HOUR) for n in range(1_000)]
    told = done(compared(Told(), seen, NOW))
    assert compared(told, list(reversed(seen)), NOW + HOUR) is told


def test_what_vanishes_is_off_unless_it_is_over() -> None:
    """A calendar drops what has been; that it took place is not taken back."""
    told = done(compared(Told(), [taken("was", NOW - 2 * HOUR, kind="fun"), taken("will", NOW + HOUR)], NOW))
    after_that = compared(told, [], NOW)
    assert [(change.taken.uid, change.is_off) for change in after_that.pending] == [("will", True)]
    assert [one.uid for one in after_that.taken] == ["was"]
    assert compared(done(after_that), [taken("new", NOW + 9 * DAY)], NOW + 8 * DAY).taken[0].uid == "new"


def test_what_is_pending_has_the_same_ids_however_often_it_is_asked_for() -> None:
    """After a crash it goes again, and counts once; a later change goes under another version."""
    first = compared(Told(), [taken("a", NOW + HOUR)], NOW)
    assert events("c_x", first, ("Sam",)) == events("c_x", first, ("Sam",))
    second = compared(done(first), [taken("a", NOW + 2 * HOUR)], NOW)
    (before,), (later,) = events("c_x", first, ("Sam",)), events("c_x", second, ("Sam",))
    assert before.id != later.id
    assert before.sequence < later.sequence


def test_a_table_that_was_lost_begins_at_a_later_version() -> None:
    """Else what it tells would count as told long ago."""
    first = compared(Told(), [taken("a", NOW + HOUR)], NOW)
    assert compared(Told(), [taken("a", NOW + HOUR)], NOW + HOUR).generation > first.generation


def test_a_calendar_that_ends_frees_its_times_but_not_the_dates_it_named() -> None:
    """That it is not read any more says nothing about whether a couple meets."""
    told = done(compared(Told(), [taken("busy", NOW + HOUR), taken("date", NOW + DAY, kind="fun")], NOW))
    assert [change.taken.uid for change in freed(told, NOW).pending] == ["busy"]


def test_what_was_about_to_be_told_is_not_told_any_more_when_a_calendar_ends() -> None:
    """Between the crash and the end of the calendar: it may have been told or not, and is off in any case."""
    told = compared(done(compared(Told(), [taken("old", NOW + HOUR)], NOW)), [taken("new", NOW + HOUR)], NOW)
    assert {(change.taken.uid, change.is_off) for change in freed(told, NOW).pending} == {("old", True), ("new", True)}
