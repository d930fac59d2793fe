"""Does another idea come when somebody asks for one, and change nothing else?"""

from itertools import pairwise

from tests.core.rules.kit import HOUR, JOINED, after, couple, looked
from threedates.core.decide import decide
from threedates.core.state import CoupleState, DateState
from threedates.core.wording import language
from threedates.schemas.log import Answered, IdeaAsked
from threedates.schemas.outcomes import DateOutcome


def proposed() -> tuple[CoupleState, DateState]:
    """A couple with a fun date proposed."""
    state = looked(couple(), JOINED)
    date = state.open_date("fun")
    assert date is not None
    return state, date


def asked(n: int, uid: str) -> IdeaAsked:
    return IdeaAsked(id=f"more-{n}", at=JOINED + HOUR, by="sam", uid=uid)


def test_only_the_idea_changes_and_is_announced_under_its_own_name() -> None:
    state, date = proposed()
    decision = decide(after(state, asked(1, date.record.uid)), JOINED + HOUR)
    (outcome,) = [one for one in decision.outcomes if isinstance(one, DateOutcome)]
    assert (outcome.change, outcome.because[0].rule, outcome.because[0].events) == ("idea", "idea", ("more-1",))
    assert outcome.date.idea_id != date.record.idea_id
    same = {"idea": "", "idea_id": "", "sequence": 0}
    assert outcome.date.model_copy(update=same) == date.record.model_copy(update=same)
    assert outcome.date.sequence == date.record.sequence + 1


def test_asking_is_no_answer() -> None:
    state, date = proposed()
    assert after(state, asked(1, date.record.uid)).kinds == state.kinds


def test_none_comes_twice_until_all_were_there_and_it_never_stays() -> None:
    state, date = proposed()
    shown = [date.record.idea_id]
    count = len(language("en").ideas["fun"])
    for n in range(count + 5):
        state = looked(after(state, asked(n, date.record.uid)), JOINED + HOUR)
        shown.append(state.dates[date.record.uid].record.idea_id)
    assert len(set(shown[:count])) == count
    assert all(before != then for before, then in pairwise(shown))
    assert state.dates[date.record.uid].wants_idea == ""


def test_what_was_not_announced_yet_is_announced_with_it() -> None:
    state, date = proposed()
    accept = Answered(id="yes", at=JOINED + HOUR, by="alex", uid=date.record.uid, answer="accept")
    decision = decide(after(state, accept, asked(1, date.record.uid)), JOINED + HOUR)
    changes = [one.change for one in decision.outcomes if isinstance(one, DateOutcome)]
    assert changes == ["scheduled"]


def test_a_date_that_is_over_takes_no_other_idea() -> None:
    state, date = proposed()
    skip = Answered(id="no", at=JOINED + HOUR, by="alex", uid=date.record.uid, answer="skip")
    state = after(state, skip)
    assert after(state, asked(1, date.record.uid)).dates == state.dates
