"""When is a date proposed?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, at, booked, couple, held, looked
from threedates.core.rules.proposing import proposal_at, propose_date
from threedates.core.walltime import local
from threedates.schemas.log import Paused


def test_on_joining_each_kind_gets_one_in_the_first_week_on_a_day_of_its_own() -> None:
    state = looked(couple(), JOINED)
    starts = sorted(date.record.start for date in state.dates.values())
    assert {date.record.kind for date in state.dates.values()} == {"fun", "business", "emotional"}
    assert len({local(start, "Europe/Berlin").date() for start in starts}) == 3
    assert starts[-1] <= JOINED + 7 * DAY


def test_later_it_is_proposed_three_days_before_due() -> None:
    state = after(couple(), held("fun", at("2026-11-21 21:00")))
    assert proposal_at(state, "fun") == at("2026-11-25 18:00")


def test_an_open_date_or_a_pause_needs_no_proposal() -> None:
    state = after(couple(), booked("fun", JOINED + DAY))
    assert proposal_at(state, "fun") is None
    assert proposal_at(after(state, Paused(id="p", at=JOINED + HOUR, by="sam")), "business") is None


def test_turns_to_plan_alternate() -> None:
    """Nobody is left with all the planning."""
    state, planners = couple(), []
    for week in range(4):
        state = looked(state, JOINED + 7 * week * DAY)
        date = state.open_date("fun")
        assert date is not None
        planners.append(date.record.planner)
        state = after(state, held("fun", JOINED + 7 * week * DAY + HOUR))
        state = looked(state, JOINED + 7 * week * DAY + HOUR)
    assert planners == ["sam", "alex", "sam", "alex"]


def test_a_target_under_a_day_is_proposed_by_its_scaled_lead() -> None:
    state = couple(cadence={"fun": {"target": "PT70M", "floor": "P1D"}})
    assert proposal_at(state, "fun") == JOINED + 40 * HOUR / 60


def test_a_proposal_names_what_it_counts_from() -> None:
    found = propose_date(couple(), JOINED)
    assert found is not None
    assert found.because[0].events == ("joined",)
    assert found.date.idea
