"""Is an event that an earlier version wrote read in its present form, and one of a later version never guessed at?"""

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from threedates.schemas.log import Decision, LogEvent, Snoozed
from threedates.schemas.reading import STEPS, Steps, read_decision, read_event

MODELS = get_args(get_args(LogEvent)[0])
PRESENT: dict[str, Any] = {
    "v": 1,
    "type": "reminders.snoozed",
    "id": "e1",
    "at": "2026-01-05T09:00:00Z",
    "by": "sam",
    "kind": "fun",
    "until": "2026-01-08T09:00:00Z",
}
# As if the kind had once been called a topic, and before that the until had been so many hours.
OLDER: Steps = {
    ("reminders.snoozed", -1): lambda old: old | {"until": f"2026-01-0{5 + old['hours'] // 24}T09:00:00Z"},
    ("reminders.snoozed", 0): lambda old: old | {"kind": old["topic"]},
}


def _bytes(**changes: Any) -> bytes:
    return json.dumps({key: value for key, value in (PRESENT | changes).items() if value is not None}).encode()


@pytest.mark.parametrize(
    "written",
    [
        _bytes(),
        _bytes(v=0, kind=None, topic="fun"),
        _bytes(v=-1, kind=None, topic="fun", until=None, hours=72),
    ],
    ids=["present", "one version ago", "two versions ago"],
)
def test_every_form_there_was_reads_the_same(written: bytes) -> None:
    """Steps are taken one after the other, up to the present form."""
    assert read_event(written, OLDER) == Snoozed.model_validate(PRESENT)


@pytest.mark.parametrize("v", [2, 0, -2, "1.5", None, [1]])
def test_a_version_that_no_step_leads_from_is_refused(v: Any) -> None:
    """A later release wrote it, or nobody: to read it by today's form would be a guess."""
    with pytest.raises(ValidationError):
        read_event(json.dumps(PRESENT | {"v": v}).encode(), {("reminders.snoozed", -1): OLDER["reminders.snoozed", -1]})


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b'{"type": 3}', b'{"type": [], "v": 1}', b"\xff"])
def test_what_is_no_event_is_refused_as_before(data: bytes) -> None:
    """Bringing up never hides why something cannot be read."""
    with pytest.raises(ValidationError):
        read_event(data, OLDER)


def test_a_step_that_makes_no_event_is_refused() -> None:
    """What a step brings is read as strictly as anything else."""
    with pytest.raises(ValidationError):
        read_event(_bytes(v=0), {("reminders.snoozed", 0): lambda old: {"by": old["by"]}})


def test_on_the_decisions_subjects_only_decisions_are_read() -> None:
    """A fact there would be somebody's mistake."""
    with pytest.raises(ValidationError):
        read_decision(_bytes())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_version_that_was_ever_written_has_its_step(model: type[Decision]) -> None:
    """From 1 on without a gap: a ``v`` is raised together with the step that leads there, or not at all."""
    present = model.model_fields["v"].default
    kind = model.model_fields["type"].default
    assert {v for name, v in STEPS if name == kind} == set(range(1, present))
