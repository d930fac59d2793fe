"""Forms that become input for the inbox: check-ins, answers, own dates, silence. Pure.

What was posted becomes input, or a problem beside the field it is about. What the core can judge is left to the core;
here only text becomes numbers and times.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threedates.core.refusal import Refusal
from threedates.core.state import CoupleState
from threedates.core.walltime import add
from threedates.gateway.forms import Form
from threedates.gateway.page.outcome import sentence
from threedates.gateway.when import CHOICES, read_choice, read_local, until
from threedates.schemas.base import KINDS, rfc3339
from threedates.schemas.inbound import What

ID = re.compile(r"p-[0-9a-f]{16}")
_NUMBERS = ("mood", "connection", "loneliness", "affection", "desire", "together_minutes")
_TEXTS = ("talk", "note")
_LISTS = ("stress", "did")
_NO_TIME = "Choose a day and a time."
_GONE_BY = "That time has gone by. Choose one that is still to come."
_MEANWHILE = "This date was changed meanwhile. This is how it stands now."


@dataclass(frozen=True, slots=True)
class Asker:
    """Who posted, and when."""

    state: CoupleState
    partner: int
    now: datetime

    @property
    def name(self) -> str:
        """The partner's name."""
        return self.state.settings.names[self.partner]

    @property
    def tz(self) -> str:
        """The partner's own zone."""
        return self.state.settings.partners[self.partner].tz


@dataclass(frozen=True, slots=True)
class Input:
    """Input for the inbox, all but its id."""

    what: What
    data: dict[str, Any]

    def body(self, event_id: str) -> bytes:
        """Its JSON, with an id."""
        return json.dumps({"id": event_id, **self.data}, ensure_ascii=False).encode("utf-8", "replace")


Read = Input | dict[str, str]
"""The input a form amounts to, or what was wrong, by field."""


def check_in(asker: Asker, form: Form) -> Read:
    """How a day was, as its author saw it."""
    data: dict[str, Any] = {name: _number(form.get(name)) for name in _NUMBERS if form.get(name)}
    data |= {name: form.get(name) for name in _TEXTS if form.get(name)}
    data |= {name: form.all(name) for name in _LISTS if form.all(name)}
    if form.get("conflict"):
        data["conflict"] = form.get("conflict") == "yes"
    if not data:
        return {"": "Nothing was filled in yet. Any one thing is enough."}
    return Input("checkin", {"partner": asker.name, "at": rfc3339(asker.now), **data})


def answer(asker: Asker, form: Form) -> Read:
    """An answer about a date; ``move`` with a time in the date's zone."""
    data = {"uid": form.get("uid"), "answer": form.get("answer")}
    if data["answer"] != "move":
        return command(asker, "answer", data)
    date = asker.state.dates.get(data["uid"])
    if date is None:
        return {"": _MEANWHILE}
    start = read_local(form.get("start"), date.record.tz)
    if start is None:
        return {"start": _NO_TIME}
    return command(asker, "answer", {**data, "start": rfc3339(start)}) if start > asker.now else {"start": _GONE_BY}


def book(asker: Asker, form: Form) -> Read:
    """A date arranged, or held, outside the proposals; in the couple's zone, by default as long as the kind's are."""
    tz = asker.state.settings.tz
    start = read_local(form.get("start"), tz)
    if start is None:
        return {"start": _NO_TIME}
    kind = next((kind for kind in KINDS if kind == form.get("kind")), None)
    if kind is None:
        return {"": "Choose a kind."}
    is_held = form.get("status") == "held"
    if not is_held and start <= asker.now:
        return {"start": _GONE_BY}
    end = read_local(form.get("end"), tz) or add(start, asker.state.pace(kind).length, tz)
    data = {"kind": kind, "start": rfc3339(start), "end": rfc3339(end), "status": "held" if is_held else "scheduled"}
    return command(asker, "book", data)


def another_idea(asker: Asker, form: Form) -> Read:
    """Another idea for a date."""
    return command(asker, "another_idea", {"uid": form.get("uid")})


def rotate_page(asker: Asker, form: Form) -> Read:
    """Another address for the page of whoever asks."""
    return command(asker, "rotate_page", {})


def snooze(asker: Asker, form: Form) -> Read:
    """Silence for one kind or all."""
    choice = read_choice(form.get("until"))
    if choice is None:
        return {"until": f"Choose one: {', '.join(CHOICES.values())}."}
    settings = asker.state.settings
    end = until(choice, asker.tz, settings.planning_hour, settings.week_starts, asker.now)
    return command(asker, "snooze", {"kind": form.get("kind") or "all", "until": rfc3339(end)})


def pause(asker: Asker, form: Form) -> Read:
    """A pause of everything, until a time or until one of the two goes on."""
    text = form.get("until")
    if not text:
        return command(asker, "pause", {})
    end = read_local(text, asker.tz)
    if end is None:
        return {"until": "Choose a day and a time, or leave it empty."}
    return command(asker, "pause", {"until": rfc3339(end)}) if end > asker.now else {"until": _GONE_BY}


def resume(asker: Asker, form: Form) -> Read:
    """The pause is over."""
    return command(asker, "resume", {})


def problems_of(refusal: Refusal) -> dict[str, str]:
    """What the core refused, beside the field it names; its sentence begins with the field, which the label says."""
    if refusal.code in ("date_closed", "unknown_date"):
        return {"": _MEANWHILE}
    place = place_of(refusal.field or "")
    detail = refusal.detail.removeprefix(refusal.field or "").lstrip(": ")
    return {place: sentence(detail or refusal.detail)}


def place_of(field: str) -> str:
    """The field of a form that a path means: its last name; with a number where there is one for each partner.

    The zone of the couple has a field of another name than that of a partner.
    """
    names = [name for name in field.split(".") if not name.isdecimal()]
    if names == ["partners", "name"]:
        return f"name-{field.split('.')[1]}"
    if names == ["tz"]:
        return "home"
    return names[-1] if names else ""


def command(asker: Asker, what: str, data: dict[str, Any]) -> Input:
    """A command of the partner who posted."""
    return Input("command", {"type": what, "at": rfc3339(asker.now), "by": asker.name, **data})


def _number(text: str) -> int | str:
    # What is no number goes on as it is, and the core says what belongs there.
    return int(text) if text.isdecimal() and len(text) < 10 else text
