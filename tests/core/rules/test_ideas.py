"""Does a date get an idea that fits what was reported, and not one they had lately?"""

from tests.core.rules.kit import DAY, HOUR, JOINED, after, couple, held, looked, report
from threedates.core.rules.ideas import EIGHT_WEEKS, idea_for, suggestion, wanted


def test_after_a_conflict_that_comes_first_then_the_latest_sign() -> None:
    state = after(
        couple(),
        report(JOINED + HOUR, conflict=True),
        report(JOINED + DAY, "alex", talk="surface"),
    )
    assert wanted(state, "emotional") == ("after_conflict", "deep")
    assert "after_conflict" in idea_for(state, "emotional", 2, JOINED + DAY).tags


def test_stress_chooses_the_agenda() -> None:
    state = after(couple(), report(JOINED + HOUR, stress=("chores",)), report(JOINED + DAY, stress=("money",)))
    assert wanted(state, "business") == ("money", "chores")
    assert "money" in idea_for(state, "business", 2, JOINED + DAY).tags


def test_what_was_reported_before_the_last_date_is_settled() -> None:
    state = after(couple(), report(JOINED + HOUR, conflict=True), held("emotional", JOINED + DAY))
    assert wanted(state, "emotional") == ()


def test_no_idea_comes_again_within_eight_weeks() -> None:
    state, ideas = couple(), []
    for week in range(9):
        state = looked(state, JOINED + 7 * week * DAY)
        date = state.open_date("fun")
        assert date is not None
        ideas.append(date.record.idea_id)
        state = looked(after(state, held("fun", JOINED + 7 * week * DAY + HOUR)), JOINED + 7 * week * DAY + HOUR)
    assert len(set(ideas)) == len(ideas)
    assert EIGHT_WEEKS == 56 * DAY


def test_an_evening_apart_and_the_days_question_come_with_words() -> None:
    state = couple()
    assert suggestion(state, "time_apart", "sam", JOINED)
    assert suggestion(state, "check_in", "sam", JOINED).endswith("?")
    assert suggestion(state, "due", "sam", JOINED) == ""
