"""Is every sort of bad input refused with the code, and the field, that its sender needs?"""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.core.admission_kit import AT, DATE_UID, check_in, command, couple, event, join, refused
from threedates.core.admission import admit
from threedates.core.refusal import Refusal
from threedates.schemas.inbound import What

EARLIER, LATER = "2026-11-20T18:00:00Z", "2026-11-24T18:00:00Z"
BERLIN = {"name": "Sam", "tz": "Europe/Berlin"}


def answer(**fields: Any) -> dict[str, Any]:
    return command("answer", **{"by": "sam", "uid": DATE_UID, "answer": "decline", **fields})


def book(**fields: Any) -> dict[str, Any]:
    times = {"start": LATER, "end": "2026-11-24T19:00:00Z"}
    return command("book", **{"by": "sam", "kind": "business", **times, **fields})


CASES: dict[str, tuple[What, Any, str, str | None]] = {
    "nothing": ("checkin", b"", "malformed", None),
    "no JSON": ("checkin", b"{", "malformed", None),
    "no UTF-8": ("checkin", b"\xff\xfe\xfd", "malformed", None),
    "a list": ("checkin", b"[]", "malformed", None),
    "a deep list": ("command", b"[" * 50_000, "malformed", None),
    "a deep object": ("command", b'{"type":' * 5_000 + b"1" + b"}" * 5_000, "malformed", None),
    "not a number": ("checkin", b'{"id":"a","mood":NaN}', "malformed", None),
    "a number too long to read": ("checkin", b'{"id":' + b"9" * 5_000 + b"}", "malformed", None),
    "half a surrogate": ("checkin", b'{"id":"a","partner":"\\ud800"}', "malformed", None),
    "an envelope without an object": ("checkin", {"specversion": "1.0", "id": "e", "data": "x"}, "malformed", None),
    "too large": ("checkin", b" " * 65_537, "too_large", None),
    "too large a calendar event": ("calendar", event(summary="x" * 70_000), "too_large", None),
    "too large a calendar": ("calendar", {"id": "e", "source": "s", "ics": "x" * 262_145}, "too_large", "ics"),
    "a wrong type": ("checkin", check_in(mood="3"), "invalid", "mood"),
    "a number that is a truth": ("checkin", check_in(mood=True), "invalid", "mood"),
    "a scale left": ("checkin", check_in(mood=6), "invalid", "mood"),
    "an unknown stress": ("checkin", check_in(stress=["money", "taxes"]), "invalid", "stress.1"),
    "no id": ("checkin", {"partner": "Sam", "at": AT}, "invalid", "id"),
    "an id with a blank": ("checkin", check_in(id="a b"), "invalid", "id"),
    "no zone": ("checkin", check_in(at="2026-11-20T21:04:00"), "invalid", "at"),
    "a year long gone": ("checkin", check_in(at="1600-01-01T00:00:00Z"), "invalid", "at"),
    "said long ago": ("checkin", check_in(at="2026-08-01T00:00:00Z"), "too_old", "at"),
    "said tomorrow": ("checkin", check_in(at="2026-11-22T00:00:00Z"), "in_the_future", "at"),
    "a stranger": ("checkin", check_in(partner="kim"), "unknown_partner", "partner"),
    "an unknown zone": ("calendar", event(tz="Mars/Olympus"), "invalid", "tz"),
    "an end before its start": ("calendar", event(end="2026-11-27T18:00:00"), "ends_before_start", "end"),
    "days that end as they start": (
        "calendar", event(start="2026-11-27", end="2026-11-27", kind="fun"), "ends_before_start", "end",
    ),
    "a date and a time": ("calendar", event(end="2026-11-28"), "invalid", None),
    "a time that is a truth": ("calendar", event(start=True), "invalid", "start"),
    "a hundred years away": ("calendar", event(start="2126-01-01", end="2126-01-02"), "out_of_range", "start"),
    "the first year": ("calendar", event(start="0001-01-01", end="0001-01-02"), "out_of_range", "start"),
    "the last year": ("calendar", event(end="9999-12-31T23:59:59"), "out_of_range", "end"),
    "a date of three weeks": (
        "calendar", event(start="2026-11-01", end="2026-11-22", kind="fun"), "out_of_range", "end",
    ),
    "an event of years": ("calendar", event(start="2025-01-01", end="2026-12-01"), "out_of_range", "end"),
    "a stranger at the event": ("calendar", event(partners=["sam", "kim"]), "unknown_partner", "partners.1"),
    "an endless sequence": ("calendar", event(sequence=2**40), "invalid", "sequence"),
    "no type": ("command", {"id": "m1"}, "invalid", "type"),
    "an unknown type": ("command", command("shout"), "invalid", "type"),
    "joining where somebody has": ("command", join(), "already_joined", None),
    "joining with an unknown zone": ("command", join(tz="Mars/Olympus"), "invalid", "tz"),
    "joining with a partner in no zone there is": (
        "command", command("join", key_id="k", settings={"partners": [{"name": "a", "tz": "No/Where"}, {"name": "b"}]}),
        "invalid", "partners.0.tz",
    ),
    "joining without a zone": (
        "command", command("join", key_id="k", settings={"partners": [{"name": "a"}, {"name": "b"}]}), "invalid", "tz",
    ),
    "joining alone": ("command", join(partners=[BERLIN]), "invalid", "partners.1"),
    "joining without a key": ("command", command("join", settings={}), "invalid", "key_id"),
    "two of one name": ("command", join(partners=[BERLIN, {"name": "sam"}]), "invalid", None),
    "a target that is none": (
        "command", command("change", patch={"cadence": {"fun": {"target": "weekly"}}}), "invalid",
        "cadence.fun.target",
    ),
    "a floor below the target": (
        "command", command("change", patch={"cadence": {"fun": {"floor": "P1D"}}}), "invalid", "cadence.fun",
    ),
    "a window that is none": (
        "command", command("change", patch={"cadence": {"fun": {"windows": ["fry 18-23"]}}}), "invalid",
        "cadence.fun.windows.0",
    ),
    "a wall clock with a zone": ("command", command("change", patch={"planning_hour": "18:00Z"}), "invalid",
        "planning_hour"),
    "quiet hours with a zone": (
        "command", join(partners=[{**BERLIN, "quiet": {"from": "22:00+01:00"}}, {"name": "Alex"}]), "invalid",
        "partners.0.quiet.from",
    ),
    "an answer to nothing": ("command", answer(uid="x"), "unknown_date", "uid"),
    "an answer the date does not take": ("command", answer(answer="accept"), "date_closed", "answer"),
    "a stranger's answer": ("command", answer(by="kim"), "unknown_partner", "by"),
    "a move to nowhere": ("command", answer(answer="move"), "invalid", None),
    "a move that ends first": (
        "command", answer(answer="move", start=LATER, end=EARLIER), "ends_before_start", "end",
    ),
    "a move far away": ("command", answer(answer="move", start="2036-01-01T00:00:00Z"), "out_of_range", "start"),
    "a booking that ends first": ("command", book(end=EARLIER), "ends_before_start", "end"),
    "a booking of weeks": ("command", book(end="2026-12-24T18:00:00Z"), "out_of_range", "end"),
    "held before it began": ("command", book(status="held"), "in_the_future", "start"),
    "a snooze into the past": ("command", command("snooze", by="sam", until=EARLIER), "ends_before_start", "until"),
    "a pause for ever": ("command", command("pause", by="sam", until="2090-01-01T00:00:00Z"), "out_of_range", "until"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_with_its_code_and_field(name: str) -> None:
    """Programs go by the code, people by the field."""
    what, body, code, field = CASES[name]
    refusal = refused(what, body)
    assert (refusal.code, refusal.field) == (code, field), refusal


@pytest.mark.parametrize("what", ["checkin", "calendar", "command"])
def test_a_couple_nobody_knows_is_refused(what: What) -> None:
    """Also one that has left, until everything of theirs is gone."""
    body = {"checkin": check_in(), "calendar": event(), "command": command("resume", by="sam")}[what]
    assert refused(what, body, nobody=True).code == "unknown_couple"
    assert refused(what, body, state=replace(couple(), left=True)).code == "unknown_couple"


def test_a_refusal_never_repeats_a_note() -> None:
    """Notes leave their author for nobody, an operator reading refusals included."""
    for body in (check_in(note="my secret" * 1_000), check_in(note=["my secret"]), check_in(note="my secret", mood=9)):
        assert "secret" not in refused("checkin", body).detail


@pytest.mark.parametrize("what", ["checkin", "calendar", "command"])
@pytest.mark.parametrize("value", [None, True, -1, 1e308, "", "x" * 5_000, [], [[]], {}, {"a": {}}])
def test_any_value_anywhere_is_judged_without_a_crash(what: What, value: Any) -> None:
    """Every field in turn is given values of every sort; none may end in an exception."""
    bodies = {
        "checkin": [check_in(mood=1, loneliness=1, talk="deep", conflict=True, stress=[], did=[], note="")],
        "calendar": [event(kind="fun", partners=[], tz=None, sequence=0), {"id": "e", "source": "s", "ics": "x"}],
        "command": [join(), answer(), book(), command("change", patch={"budget": {}}), command("leave")],
    }[what]
    for body in bodies:
        for field in body:
            raw = json.dumps({**body, field: value}).encode()
            for state in (None, couple()):
                assert isinstance(admit(what, "ada", raw, state, couple().joined_at), list | Refusal)
