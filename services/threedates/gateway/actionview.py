"""What an action link is about, in words, and the command it amounts to once confirmed. Pure.

In: the link, the couple's state, the instant. Out: :class:`Ask` (a question to confirm) or :class:`Closed` (why there
is nothing to confirm any more), said kindly: mostly the other partner was faster.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from threedates.core.answers import takes
from threedates.core.links import Action, ActionLink
from threedates.core.spoken import spoken, spoken_span
from threedates.core.state import CoupleState
from threedates.core.walltime import back
from threedates.core.wording import en
from threedates.gateway.forms import Form
from threedates.gateway.when import CHOICES, field_value, read_choice, read_local, until
from threedates.schemas.dates import DateRecord, DateStatus
from threedates.schemas.inbound import AnswerDate, BookDate, Command, Snooze

BUTTONS: dict[Action, str] = {
    "accept": "Yes, let’s",
    "decline": "Not then",
    "move": "Move it there",
    "held": "Yes, we had it",
    "skip": "Let it go",
    "snooze": "Be quiet until then",
}
_TITLES: dict[Action, str] = {
    "accept": "Say yes to this {kind}?",
    "decline": "Does the time of this {kind} not suit?",
    "move": "Another time for this {kind}?",
    "held": "Have you had this {kind}?",
    "skip": "Let this {kind} go?",
    "snooze": "Quiet about the {kind} for a while?",
}
_TEXTS: dict[Action, str] = {
    "accept": "{name}, this sets the date for you and {other}. It then stands in both your calendars.",
    "decline": "{name}, that is fine. This time is let go, and the next one that may suit you both is proposed.",
    "move": "{name}, choose when it suits you both. The date then stands at that time.",
    "held": "{name}, it then counts as held, and the next one is planned from there.",
    "skip": "{name}, that is fine. It leaves the calendar, and the next one counts from today.",
    "snooze": "{name}, neither you nor {other} will be reminded of it until then. Dates stay as they are.",
}
_JUST_HELD = "{name}, it is noted as just over, and the next one is planned from there."
_DONE: dict[Action, str] = {
    "accept": "It is set. Enjoy it!",
    "decline": "Not then. Another time is looked for.",
    "move": "It has moved.",
    "held": "Lovely. It counts.",
    "skip": "It is let go.",
    "snooze": "It will be quiet until then.",
}
_CLOSED: dict[DateStatus, str] = {
    "proposed": "This date is only proposed again: its time did not suit.",
    "scheduled": "One of you said yes already, so the date stands.",
    "held": "You have had this date already.",
    "skipped": "This date was let go already.",
    "cancelled": "This date is off by now.",
}
_LONG_PAST = "This date is long past."


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to confirm. ``sequence`` is the shown date's, by which a change in the meantime is noticed."""

    title: str
    text: str
    button: str
    when: str | None = None
    tz: str | None = None
    sequence: int | None = None
    start: str | None = None
    """The value of the time field, where there is one."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing to confirm any more, and why."""

    title: str
    text: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """The form does not amount to a command: which field, and what to do about it."""

    field: Literal["start", "until"]
    text: str


def event_id_of(token: str) -> str:
    """The id of whatever a token does, so that it is done once; it does not give the token away."""
    return f"a-{hashlib.sha256(token.encode()).hexdigest()[:32]}"


def ask(link: ActionLink, state: CoupleState, now: datetime) -> Ask | Closed:
    """What the link asks for as the couple stands now."""
    words = _words(link, state)
    title = _TITLES[link.action].format(**words)
    if link.action == "snooze" or link.uid is None:
        text = _TEXTS["snooze"] if link.action == "snooze" else _JUST_HELD
        return Ask(title, text.format(**words), BUTTONS[link.action])
    date = state.dates.get(link.uid)
    if date is None:
        return Closed("That was a while ago", _LONG_PAST)
    record = date.record
    when = _when(record, now)
    if not takes(record.status, link.action):
        return Closed("Nothing left to do", _CLOSED[record.status], when)
    start = field_value(record.start, record.tz) if link.action == "move" else None
    text = _TEXTS[link.action].format(**words)
    return Ask(title, text, BUTTONS[link.action], when, record.tz, record.sequence, start)


def done(link: ActionLink, state: CoupleState, now: datetime) -> Closed:
    """What is said once it is done, however often it is asked for."""
    date = state.dates.get(link.uid) if link.uid is not None else None
    stands = date is not None and date.record.status in ("proposed", "scheduled")
    when = _when(date.record, now) if date is not None and stands else None
    if link.action == "snooze" and (end := state.kinds[link.kind].snoozed_until) is not None and now < end:
        when = f"Quiet until {spoken(end, _tz(link, state), now)}"
    return Closed("Done", _DONE[link.action], when)


def command(link: ActionLink, state: CoupleState, event_id: str, form: Form, now: datetime) -> Command | Unfit:
    """The command the link amounts to, with what the form adds to it."""
    by = state.settings.names[link.partner]
    if link.action == "snooze":
        choice = read_choice(form.get("until"))
        if choice is None:
            return Unfit("until", f"Choose one: {', '.join(CHOICES.values())}.")
        settings = state.settings
        end = until(choice, _tz(link, state), settings.planning_hour, settings.week_starts, now)
        return Snooze(id=event_id, at=now, by=by, kind=link.kind, until=end)
    if link.uid is None:
        start = back(now, state.pace(link.kind).length, state.settings.tz)
        return BookDate(id=event_id, at=now, by=by, kind=link.kind, start=start, end=now, status="held")
    if link.action != "move":
        return AnswerDate(id=event_id, at=now, by=by, uid=link.uid, answer=link.action)
    moved = read_local(form.get("start"), state.dates[link.uid].record.tz)
    if moved is None:
        return Unfit("start", "Choose a day and a time.")
    if moved <= now:
        return Unfit("start", "That time has gone by. Choose one that is still to come.")
    return AnswerDate(id=event_id, at=now, by=by, uid=link.uid, answer="move", start=moved)


def _words(link: ActionLink, state: CoupleState) -> dict[str, str]:
    name = state.settings.names[link.partner]
    return {"name": name, "other": state.other(name), "kind": en.KIND_NAMES[link.kind]}


def _tz(link: ActionLink, state: CoupleState) -> str:
    return state.settings.partners[link.partner].tz


def _when(record: DateRecord, now: datetime) -> str:
    return f"{spoken_span(record.start, record.end, record.tz, now)} ({record.tz})"
