"""Do the figures say what happened? Checked on a life of four weeks written by hand."""

from datetime import UTC, date, datetime, timedelta

from threedates.core.simulate import figures, timeline
from threedates.core.simulate.figures import averaged
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.dates import DateChange, DateRecord
from threedates.schemas.log import Answered, CheckedIn, Decision, Joined, LogEvent, NudgeDropped, Paused, Resumed
from threedates.schemas.outcomes import DateOutcome, NudgeOutcome, Outcome

START = datetime(2026, 6, 1, 10, tzinfo=UTC)
END = START + timedelta(weeks=4)
SETTINGS = CoupleSettings.model_validate({"tz": "Europe/Berlin", "partners": [{"name": "sam"}, {"name": "alex"}]})


def on(day: float) -> datetime:
    return START + timedelta(days=day)


def decided(day: float, outcome: Outcome) -> Decision:
    return Decision(
        id=f"d{day}", at=on(day), couple_id="c1", key_id="k", folded_to=1, week=date(2026, 6, 1),
        tz="Europe/Berlin", outcomes=(outcome,),
    )  # fmt: skip


def dated(day: float, change: DateChange, n: int = 1) -> Decision:
    record = DateRecord(
        uid=f"c1-fun-{n}@t", kind="fun", n=n, start=on(day) - timedelta(hours=2), end=on(day), tz="Europe/Berlin",
        status="held" if change == "held" else "proposed", planner="sam",
    )  # fmt: skip
    return decided(day, DateOutcome(change=change, date=record))


def nudged(day: float, nudge_id: str) -> Decision:
    return decided(
        day,
        NudgeOutcome(
            nudge_id=nudge_id, kind="fun", cycle=0, stage="due", state="due", addressee="sam", title="t", message="m"
        ),
    )


LOG: tuple[LogEvent, ...] = (
    Joined(id="e1", at=START, key_id="k", settings=SETTINGS),
    dated(1, "proposed"),
    nudged(2, "answered-in-time"),
    Answered(id="e2", at=on(3), by="alex", uid="c1-fun-1@t", answer="accept"),
    dated(5, "held"),
    nudged(9, "answered-too-late"),
    CheckedIn(id="e3", at=on(10), partner="sam", note="private"),
    Answered(id="e4", at=on(12), by="sam", uid="c1-fun-1@t", answer="skip"),
    nudged(13, "never-answered"),
    nudged(14, "never-sent"),
    NudgeDropped(id="e5", at=on(14), nudge_id="never-sent", reason="no_endpoint"),
    Paused(id="e6", at=on(15), by="sam"),
    Resumed(id="e7", at=on(20), by="alex"),
    dated(24, "held", 2),
)


def test_figures() -> None:
    """Two dates in the first and last week; of three nudges sent one was answered in time; 11 days of silence."""
    line = timeline(list(enumerate(LOG, 1)))
    found = figures(line, START, END)
    assert found.held == {"fun": 2, "business": 0, "emotional": 0}
    assert found.weeks_without == 2
    assert (found.nudges, found.answered) == (3, 1)
    assert found.nudges_a_week == 0.75
    assert found.check_ins == 1
    assert found.silence == 11
    assert [(rest.since, rest.until) for rest in line.pauses] == [(on(15), on(20))]


def test_an_average_takes_the_longest_silence() -> None:
    """A mean would hide the couple that is forgotten."""
    one = figures(timeline(list(enumerate(LOG, 1))), START, END)
    other = figures(timeline([(1, LOG[0])]), START, END)
    both = averaged([one, other])
    assert both.held["fun"] == 1
    assert both.silence == 28
    assert other.answered_share is None
