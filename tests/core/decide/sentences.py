"""What can happen in a story: each sentence is a pattern, and becomes one fact. Times are local to the couple.

::

    joins                                       leaves
    sam accepts|declines|held|skips|cancels fun
    sam moves fun to 2026-11-28 20:00
    sam replies accept|decline|tentative to fun 0 made 2026-11-20 18:20                  (0: the SEQUENCE it answers)
    sam replies move to 2026-11-28 20:00 to fun 0 made 2026-11-20 18:20                  (a counter-proposal)
    sam books fun at 2026-11-28 20:00           sam reports fun at 2026-11-27 20:00      (held already)
    sam reports mood=2 connection=1 conflict stress=money,plans did=walk,asked together=300
    calendar confirmed fun at 2026-11-28 19:00 for 2h                                    (names its kind)
    calendar busy sam as dentist at 2026-11-28 19:00 for 2h                              (names no kind)
    calendar free sam as dentist at 2026-11-28 19:00
    calendar titled "Date night" at 2026-11-28 19:00                                     (both are in it)
    sam snoozes fun|all until 2026-12-02 09:00
    sam pauses    sam pauses until 2026-12-02 09:00    sam resumes
    sam changes partners.0.tz "America/New_York"
    nudge c1-fun-0-proposed-a dropped

``as NAME`` gives a calendar event a UID of its own; without it, it is one and the same event all along. ``for`` gives
its length, two hours where it is missing.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from threedates.core.state import CoupleState
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import FACT, Fact, Joined

ANSWERS = {"accepts": "accept", "declines": "decline", "held": "held", "skips": "skip", "cancels": "cancel"}
AT = r"(?P<start>\d{4}-\d\d-\d\d \d\d:\d\d)"
NEW = r"(?P<new>\d{4}-\d\d-\d\d \d\d:\d\d)"
KIND = r"(?P<kind>fun|business|emotional)"
BY = r"(?P<by>\w+)"
EVENT = rf"(?: as (?P<uid>\w+))? at {AT}(?: for (?P<hours>\d+)h)?"
Words = dict[str, str]
Fields = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """When something happens, in which zone its times are told, and to whom."""

    at: datetime
    fact_id: str
    tz: str
    settings: dict[str, Any]
    state: CoupleState | None

    def instant(self, text: str) -> datetime:
        """The UTC instant of a local time."""
        return local_instant(text, self.tz)


def local_instant(text: str, tz: str) -> datetime:
    """The UTC instant of a local time such as ``2026-11-28 20:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


def fact_in(what: str, moment: Moment) -> Fact:
    """The fact that a sentence tells. Raises ValueError where it is none that a story can say."""
    for pattern, fields in SENTENCES:
        if found := pattern.fullmatch(what):
            words = {name: word for name, word in found.groupdict().items() if word is not None}
            made = {"id": moment.fact_id, "at": moment.at, **fields(words, moment)}
            return Joined(**made) if made["type"] == "couple.joined" else FACT.validate_python(made)
    raise ValueError(f"a story cannot say: {what}")


def _joins(words: Words, moment: Moment) -> Fields:
    return {"type": "couple.joined", "key_id": "k", "settings": CoupleSettings(**moment.settings)}


def _answers(words: Words, moment: Moment) -> Fields:
    answer = ANSWERS[words["verb"]]
    return {"type": "date.answered", "by": words["by"], "uid": _uid(words["kind"], moment), "answer": answer}


def _moves(words: Words, moment: Moment) -> Fields:
    start = moment.instant(words["start"])
    uid = _uid(words["kind"], moment)
    return {"type": "date.answered", "by": words["by"], "uid": uid, "answer": "move", "start": start}


def _replies(words: Words, moment: Moment) -> Fields:
    new = {"start": moment.instant(words["new"])} if "new" in words else {}
    return {
        "type": "date.answered",
        "by": words["by"],
        "uid": _uid(words["kind"], moment),
        "answer": words["answer"],
        "sequence": int(words["sequence"]),
        "dtstamp": moment.instant(words["start"]),
        **new,
    }


def _books(words: Words, moment: Moment) -> Fields:
    status = "scheduled" if words["verb"] == "books" else "held"
    return {"type": "date.booked", "by": words["by"], "kind": words["kind"], "status": status, **_span(words, moment)}


def _checks_in(words: Words, moment: Moment) -> Fields:
    fields: Fields = {"type": "checkin.reported", "partner": words["by"]}
    for item in words["report"].split():
        name, _, value = item.partition("=")
        match name:
            case "stress" | "did":
                fields[name] = tuple(value.split(","))
            case "conflict":
                fields[name] = True
            case "talk":
                fields[name] = value
            case "together":
                fields["together_minutes"] = int(value)
            case _:
                fields[name] = int(value)
    return fields


def _calendar(words: Words, moment: Moment) -> Fields:
    verb = words.pop("verb")
    partners = (words["by"],) if "by" in words else tuple(one["name"] for one in moment.settings["partners"])
    return {
        "type": "calendar.seen",
        "source": "s",
        "uid": words.get("uid", "abc"),
        "sequence": moment.state.seq if moment.state is not None else 0,
        "status": "cancelled" if verb in ("cancelled", "free") else "confirmed",
        "tz": moment.tz,
        "kind": words.get("kind"),
        "summary": words.get("title"),
        "partners": partners,
        **_span(words, moment),
    }


def _silences(words: Words, moment: Moment) -> Fields:
    until = moment.instant(words["start"]) if "start" in words else None
    sort = "reminders.snoozed" if "kind" in words else "couple.paused"
    return {"type": sort, "by": words["by"], "until": until, **({"kind": words["kind"]} if "kind" in words else {})}


def _changes(words: Words, moment: Moment) -> Fields:
    """A merge patch: it replaces lists as a whole, so it carries the first name on the path with all that is in it."""
    assert moment.state is not None, "nobody has joined yet"
    settings = moment.state.settings.model_dump(mode="json", by_alias=True)
    set_path(settings, words["path"], json.loads(words["value"]))
    first = words["path"].split(".")[0]
    return {"type": "couple.changed", "patch": {first: settings[first]}}


def set_path(settings: Any, path: str, value: Any) -> None:
    """Set what a path such as ``partners.0.tz`` names."""
    *way, last = path.split(".")
    for name in way:
        settings = settings[int(name)] if isinstance(settings, list) else settings.setdefault(name, {})
    settings[last] = value


def _span(words: Words, moment: Moment) -> Fields:
    start = moment.instant(words["start"])
    return {"start": start, "end": start + timedelta(hours=int(words.get("hours", 2)))}


def _uid(kind: str, moment: Moment) -> str:
    """The kind's open date, else its latest."""
    assert moment.state is not None, "nobody has joined yet"
    open_date = moment.state.open_date(kind)  # type: ignore[arg-type]
    if open_date is not None:
        return open_date.record.uid
    return max((d.record for d in moment.state.dates.values() if d.record.kind == kind), key=lambda r: r.n).uid


def _dropped(words: Words, moment: Moment) -> Fields:
    return {"type": "nudge.dropped", "nudge_id": words["nudge_id"], "reason": "no_endpoint"}


def _plain(sort: str) -> Callable[[Words, Moment], Fields]:
    return lambda words, moment: {"type": sort, **words}


SENTENCES: tuple[tuple[re.Pattern[str], Callable[[Words, Moment], Fields]], ...] = tuple(
    (re.compile(pattern), fields)
    for pattern, fields in (
        ("joins", _joins),
        ("leaves", _plain("couple.left")),
        (rf"{BY} (?P<verb>{'|'.join(ANSWERS)}) {KIND}", _answers),
        (rf"{BY} moves {KIND} to {AT}", _moves),
        (rf"{BY} replies (?P<answer>accept|decline|tentative) to {KIND} (?P<sequence>\d+) made {AT}", _replies),
        (rf"{BY} replies (?P<answer>move) to {NEW} to {KIND} (?P<sequence>\d+) made {AT}", _replies),
        (rf"{BY} (?P<verb>books|reports) {KIND} at {AT}(?: for (?P<hours>\d+)h)?", _books),
        (rf"{BY} reports (?P<report>(?:conflict\b|\w+=[\w,]+)(?: (?:conflict\b|\w+=[\w,]+))*)", _checks_in),
        (rf"calendar (?P<verb>confirmed|cancelled) {KIND}{EVENT}", _calendar),
        (rf"calendar (?P<verb>busy|free) {BY}{EVENT}", _calendar),
        (rf'calendar (?P<verb>titled) "(?P<title>[^"]+)"{EVENT}', _calendar),
        (rf"{BY} snoozes (?P<kind>fun|business|emotional|all) until {AT}", _silences),
        (rf"{BY} pauses(?: until {AT})?", _silences),
        (rf"{BY} resumes", _plain("couple.resumed")),
        (rf"{BY} changes (?P<path>[\w.]+) (?P<value>.+)", _changes),
        (r"nudge (?P<nudge_id>[\w-]+) dropped", _dropped),
    )
)
