"""What can never happen to a due time: trouble puts nothing off, and having had a date brings nothing sooner."""

from datetime import timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.decide.life import START
from threedates.core.due import due_at, floor_at
from threedates.core.evolve import evolve
from threedates.core.fold import apply_event, fold
from threedates.core.records import Sign
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Booked, CheckedIn, Joined, LogEvent

HOURS = st.integers(min_value=0, max_value=40 * 24)
MOMENTS = HOURS.map(lambda hours: START + timedelta(hours=hours))
RULES = st.sampled_from(["conflict", "little_connection", "surface_talk"])
SIGNS = st.builds(Sign, MOMENTS, RULES, st.uuids().map(str))
TARGETS = st.sampled_from(["PT70M", "PT20H", "P1D", "P3D", "P7D", "P1M"])
WORSE: tuple[dict[str, Any], ...] = (
    {"conflict": True},
    {"connection": 1},
    {"loneliness": 4},
    {"talk": "surface"},
    {"affection": 1},
    {"desire": 1},
)
GOOD: dict[str, Any] = {"connection": 4, "loneliness": 1, "talk": "everyday", "affection": 4, "desire": 4}


def couple(target: str = "P7D") -> CoupleState:
    """A couple that joined at the start."""
    pace = {"target": target, "floor": "P60D"}
    given_settings = {
        "tz": "Europe/Berlin",
        "partners": [{"name": "sam"}, {"name": "alex"}],
        "cadence": dict.fromkeys(KINDS, pace),
    }
    joined = Joined(id="j", at=START, key_id="k", settings=CoupleSettings.model_validate(given_settings))
    state = fold("c1", [(1, joined)])
    assert state is not None
    return state


def after(state: CoupleState, *events: LogEvent) -> CoupleState:
    """The state after some more events."""
    for event in events:
        state = apply_event(state, state.seq + 1, event)
    return state


def with_signs(state: CoupleState, kind: Kind, signs: list[Sign]) -> CoupleState:
    """The state with these signs and no others."""
    ordered = tuple(sorted(signs, key=lambda one: (one.at, one.event, one.rule)))
    return evolve(state, kinds={**state.kinds, kind: evolve(state.kinds[kind], signs=ordered)})


@given(st.lists(SIGNS, max_size=12), SIGNS, TARGETS, st.sampled_from(KINDS))
def test_one_sign_more_anywhere_never_makes_it_later(signs: list[Sign], more: Sign, target: str, kind: Kind) -> None:
    state = couple(target)
    before = due_at(with_signs(state, kind, signs), kind)
    assert due_at(with_signs(state, kind, [*signs, more]), kind) <= before


@given(st.lists(SIGNS, max_size=12), TARGETS)
def test_no_sign_brings_it_before_the_report_nor_past_the_bounds(signs: list[Sign], target: str) -> None:
    state = couple(target)
    plain = due_at(state, "emotional")
    due = due_at(with_signs(state, "emotional", signs), "emotional")
    first = min((sign.at for sign in signs), default=plain)
    assert min(plain, first) <= due <= plain <= floor_at(state, "emotional")


@given(
    st.lists(st.tuples(HOURS, st.sampled_from(WORSE)), max_size=8),
    HOURS,
    st.lists(st.sampled_from(WORSE), min_size=1, max_size=3),
)
def test_a_worse_check_in_never_makes_the_heart_to_heart_later(
    history: list[tuple[int, dict[str, Any]]], hours: int, worse: list[dict[str, Any]]
) -> None:
    """Of two couples that differ in one check-in, the one that fared worse is never asked later for it."""
    reports = [
        CheckedIn(id=f"r{n}", at=START + timedelta(hours=at), partner="sam", **{**GOOD, **fields})
        for n, (at, fields) in enumerate(sorted(history, key=lambda item: item[0]))
    ]
    at = max([START + timedelta(hours=hours), *(one.at for one in reports)])
    state = after(couple(), *reports)
    bad = {**GOOD, **{name: value for one in worse for name, value in one.items()}}
    good_day = after(state, CheckedIn(id="now", at=at, partner="sam", **GOOD))
    bad_day = after(state, CheckedIn(id="now", at=at, partner="sam", **bad))
    assert due_at(bad_day, "emotional") <= due_at(good_day, "emotional") <= due_at(state, "emotional")


@given(st.lists(SIGNS, max_size=8), st.lists(HOURS, max_size=4), HOURS, HOURS, st.sampled_from(KINDS))
def test_a_date_held_never_makes_its_own_kind_due_sooner(
    signs: list[Sign], earlier: list[int], end: int, told_after: int, kind: Kind
) -> None:
    """Nor when it is reported late, after others that came later."""
    state = with_signs(couple(), kind, signs)
    for n, hours in enumerate(earlier):
        state = after(state, _held(f"h{n}", kind, hours, hours))
    before = due_at(state, kind)
    assert due_at(after(state, _held("h", kind, end, end + told_after)), kind) >= before


@given(HOURS, HOURS, HOURS)
def test_nor_does_it_undo_a_skip(first: int, skipped: int, end: int) -> None:
    state = after(couple(), _held("h0", "fun", first, first))
    assume(state.kinds["fun"].anchor == START + timedelta(hours=first))
    skip_at = START + timedelta(hours=first + skipped)
    this = evolve(state.kinds["fun"], due_from=skip_at)
    state = evolve(state, kinds={**state.kinds, "fun": this})
    assert due_at(after(state, _held("h", "fun", end, end)), "fun") >= due_at(state, "fun")


def _held(event_id: str, kind: Kind, end: int, told: int) -> Booked:
    ended = START + timedelta(hours=end)
    start, at = ended - timedelta(hours=1), START + timedelta(hours=told)
    return Booked(id=event_id, at=at, by="sam", kind=kind, start=start, end=ended, status="held")
