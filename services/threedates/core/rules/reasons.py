"""Why a nudge goes out: the rules behind it, a sentence each, and the ids of the events. No author, no values."""

from threedates.core.due import live_signs
from threedates.core.stages import CHECK_IN, TIME_APART
from threedates.core.state import CoupleState
from threedates.schemas.base import Kind
from threedates.schemas.outcomes import Because

_TEXT = {
    "proposed": "A date is proposed and wants an answer.",
    "due": "The time between two {kind} dates that you asked for has passed.",
    "overdue": "Nobody has taken up the {kind} date yet.",
    "floor": "Your floor for {kind} dates is near or has passed.",
    TIME_APART: "You were together for hours on most days of the last week.",
    CHECK_IN: "You asked to be asked about the day.",
}
_SIGNS: dict[Kind, str] = {
    "fun": "Check-ins since the last one speak of flat moods or little play.",
    "business": "Check-ins since the last one name stress that sitting down could ease.",
    "emotional": "Check-ins since the last one speak of distance or a conflict.",
}


def reasons(state: CoupleState, kind: Kind | None, stage: str) -> tuple[Because, ...]:
    """The reasons of a nudge about a kind at a stage, or of a prompt."""
    rule = stage.partition("-")[0]
    if kind is None:
        reports = tuple(report.id for report in state.reports[-14:]) if stage == TIME_APART else ()
        return (Because(rule=rule, text=_TEXT[rule], events=reports),)
    first = Because(rule=rule, text=_TEXT[rule].format(kind=kind), events=(state.kinds[kind].because,))
    return (first, *sign_reasons(state, kind))


def sign_reasons(state: CoupleState, kind: Kind) -> tuple[Because, ...]:
    """What was reported since the kind's last date and brings the next one sooner, without saying by whom."""
    events = dict.fromkeys(sign.event for sign in live_signs(state.kinds[kind]))
    return (Because(rule="reported", text=_SIGNS[kind], events=tuple(events)),) if events else ()
