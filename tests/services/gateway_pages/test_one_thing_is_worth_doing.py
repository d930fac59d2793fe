"""Is the one thing that today asks for first the one that helps most, whatever else is open?"""

from datetime import datetime

from tests.core.rules.kit import DAY, HOUR, JOINED, after, couple, held, looked, report
from threedates.core.state import CoupleState
from threedates.gateway.page.picture import LEFT, RIGHT
from threedates.gateway.page.today import today_of
from threedates.schemas.base import KINDS
from threedates.schemas.log import Answered, CalendarSeen, Paused


def answered(state: CoupleState, when: datetime, answer: str) -> CoupleState:
    """All three open dates answered so."""
    for kind in KINDS:
        date = state.open_date(kind)
        assert date is not None
        fact = Answered.model_validate(
            {"id": f"{answer}-{kind}", "at": when, "by": "alex", "uid": date.record.uid, "answer": answer}
        )
        state = after(state, fact)
    return state


def worth(state: CoupleState, now: datetime) -> tuple[str, str | None]:
    found = today_of(state, 0, now).worth
    return found.what, found.lane.kind if found.lane is not None else None


def test_a_proposal_wants_an_answer_the_largest_deficit_first() -> None:
    state = looked(couple(), JOINED)
    assert worth(state, JOINED + HOUR) == ("answer", "fun")
    state = looked(after(state, held("fun", JOINED + HOUR)), JOINED + HOUR)
    assert worth(state, JOINED + 2 * HOUR) == ("answer", "business")


def test_what_is_set_and_near_is_looked_forward_to() -> None:
    state = answered(looked(couple(), JOINED), JOINED + HOUR, "accept")
    dates = [date for date in map(state.open_date, KINDS) if date is not None]
    first = min(dates, key=lambda date: date.record.start)
    assert worth(state, first.record.start - HOUR) == ("soon", first.record.kind)


def test_with_all_settled_it_asks_how_the_day_was_once() -> None:
    state = answered(looked(couple(cadence={"fun": {"lead": "P0D"}}), JOINED), JOINED + HOUR, "skip")
    now = JOINED + 2 * HOUR
    assert worth(state, now) == ("check_in", None)
    state = after(state, report(now, mood=4))
    assert worth(state, now + HOUR) == ("nothing", None)
    assert today_of(state, 0, now + HOUR).noted == "20:00"
    assert today_of(state, 1, now + HOUR).noted is None
    assert worth(state, now + DAY) == ("check_in", None)


def test_a_look_alike_that_is_over_is_asked_about() -> None:
    seen = CalendarSeen(
        id="seen", at=JOINED, source="sam-google", uid="x", status="confirmed", start=JOINED + 2 * HOUR,
        end=JOINED + 4 * HOUR, tz="Europe/Berlin", summary="Cinema", partners=("sam", "alex"),
    )  # fmt: skip
    state = after(looked(couple(), JOINED), seen)
    assert worth(state, JOINED + 3 * HOUR)[0] == "answer"
    asked = today_of(state, 0, JOINED + 5 * HOUR).worth
    assert (asked.what, asked.lane.kind if asked.lane else None) == ("was_it", "fun")
    assert (asked.start, asked.end) == ("2026-11-20T20:00", "2026-11-20T22:00")


def test_a_pause_is_all_there_is() -> None:
    state = after(looked(couple(), JOINED), Paused(id="p", at=JOINED + HOUR, by="alex"))
    today = today_of(state, 0, JOINED + 2 * HOUR)
    assert (today.worth.what, today.is_paused, today.paused) == ("resume", True, "until one of you goes on")


def test_everything_lies_inside_the_picture_whatever_the_cadence() -> None:
    """A minute's target, a year's, and one of each."""
    for target, floor in (("PT1M", "PT4M"), ("P7D", "P30D"), ("P1Y", "P3Y")):
        state = looked(couple(cadence={"fun": {"target": target, "floor": floor}}), JOINED)
        for days in (0, 1, 40, 400):
            picture = today_of(state, 0, JOINED + days * DAY).picture
            assert len(picture.ticks) < 60
            for track in picture.tracks:
                for x in (track.begin, track.reached, track.end, track.held, track.due, track.floor, track.date):
                    assert x is None or LEFT <= x <= RIGHT
