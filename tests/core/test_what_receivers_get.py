"""What does a receiver get for a decision's outcome, and which endpoints hear it?"""

import json
from datetime import UTC, date, datetime

import pytest

from threedates.core.formats import FORMATS
from threedates.core.webhook import MAX_BODY_BYTES, body_of, date_webhook, matches, nudge_type, nudge_webhook
from threedates.schemas.base import Kind
from threedates.schemas.dates import DateChange, DateRecord, DateStatus
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import Because, DateOutcome, NudgeOutcome, Outcome
from threedates.schemas.webhook import Actions, Endpoint

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def record(status: DateStatus = "scheduled", kind: Kind = "fun") -> DateRecord:
    start, end = datetime(2026, 11, 27, 18, 0, tzinfo=UTC), datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    uid = f"ada-{kind}-3@threedates"
    return DateRecord(
        uid=uid, kind=kind, n=3, start=start, end=end, tz="Europe/Berlin", status=status, sequence=2, planner="sam"
    )


def decision(*outcomes: Outcome, external_id: str | None = "your-7") -> Decision:
    return Decision(
        id="ada-look-41", at=AT, couple_id="ada", external_id=external_id, key_id="k", folded_to=41,
        week=date(2026, 11, 16), tz="Europe/Berlin", outcomes=outcomes, next_look=None,
    )  # fmt: skip


def nudge(stage: str = "due", because: tuple[Because, ...] = ()) -> NudgeOutcome:
    return NudgeOutcome(
        nudge_id="ada-fun-2-due-a", kind="fun", cycle=2, stage=stage, state="due", addressee="sam",
        title="Time for a fun date", message="Sam, …", date=record("proposed"), because=because,
    )  # fmt: skip


def endpoint(**fields: object) -> Endpoint:
    base = {"id": "ada_1", "owner": "ada", "url": "https://e.example/", "secret": "whsec_x", "created_at": AT}
    return Endpoint.model_validate(base | fields)


def test_a_nudge_is_rendered_with_everything_a_receiver_needs() -> None:
    """The body is public: other people's code reads it."""
    because = (Because(rule="due", text="seven days have passed", events=("e-1",)),)
    webhook = nudge_webhook(decision(), 42, nudge(because=because), Actions(accept="https://t.example/a/x"))
    assert json.loads(body_of(webhook)) == {
        "type": "nudge.due",
        "timestamp": "2026-11-20T18:00:00Z",
        "data": {
            "nudge_id": "ada-fun-2-due-a", "couple_id": "ada", "external_id": "your-7", "sequence": 42, "kind": "fun",
            "state": "due", "for": "sam", "title": "Time for a fun date", "message": "Sam, …",
            "date": {
                "uid": "ada-fun-3@threedates", "start": "2026-11-27T18:00:00Z", "end": "2026-11-27T21:00:00Z",
                "tz": "Europe/Berlin", "status": "proposed",
            },
            "actions": {"accept": "https://t.example/a/x"},
            "because": [{"rule": "due", "text": "seven days have passed", "events": ["e-1"]}],
        },
    }  # fmt: skip


def test_a_date_event_carries_an_event_id_and_tells_the_local_time() -> None:
    """Its id is the date's and its SEQUENCE's, so that it is the same on every attempt."""
    webhook = date_webhook(decision(external_id=None), 42, DateOutcome(change="scheduled", date=record()))
    assert webhook is not None
    body = json.loads(body_of(webhook))
    assert body["type"] == "date.scheduled"
    assert body["data"]["event_id"] == "ada-fun-date-3-2"
    assert "nudge_id" not in body["data"]
    assert body["data"]["message"] == "Friday, 27 November, 19:00 to 22:00 (Europe/Berlin)."
    assert body["data"]["external_id"] is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("proposed", None), ("skipped", None), ("scheduled", "date.scheduled"), ("moved", "date.moved"),
        ("cancelled", "date.cancelled"), ("held", "date.held"),
    ],
)  # fmt: skip
def test_proposals_and_skips_are_no_events_of_their_own(change: DateChange, expected: str | None) -> None:
    """A proposal is spoken of by its nudge."""
    webhook = date_webhook(decision(), 1, DateOutcome(change=change, date=record()))
    assert (webhook.type if webhook else None) == expected


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("proposed", "nudge.proposed"), ("due", "nudge.due"), ("overdue-1", "nudge.overdue"),
        ("overdue-12", "nudge.overdue"), ("floor", "nudge.floor"), ("check_in", "nudge.check_in"),
    ],
)  # fmt: skip
def test_a_stage_has_one_type(stage: str, expected: str) -> None:
    assert nudge_type(stage) == expected


def test_the_same_outcome_gives_the_same_bytes() -> None:
    """A replay must be able to compare them."""
    assert body_of(nudge_webhook(decision(), 42, nudge(), None)) == body_of(
        nudge_webhook(decision(), 42, nudge(), None)
    )


def test_a_body_stays_under_20_kb() -> None:
    """Receivers may refuse more; the last reasons give way."""
    because = tuple(Because(rule="r", text="é" * 200, events=("e" * 128,)) for _ in range(200))
    body = body_of(nudge_webhook(decision(), 42, nudge(because=because), None))
    assert len(body.encode()) <= MAX_BODY_BYTES
    assert 10 < len(json.loads(body)["data"]["because"]) < 200
    message_id = "m" * 200
    assert {name for name, put in FORMATS.items() if len(put.render(body, message_id).body) >= 20_000} == set()


@pytest.mark.parametrize(
    ("fields", "webhook_type", "kind", "partner", "wanted"),
    [
        ({}, "nudge.due", "fun", "sam", True),
        ({}, "endpoint.test", None, None, True),
        ({"types": ["*"]}, "date.held", "fun", None, True),
        ({"types": ["nudge.*"]}, "date.held", "fun", None, False),
        ({"types": ["nudge.due"]}, "nudge.due", "fun", "sam", True),
        ({"types": ["nudge.due"]}, "nudge.overdue", "fun", "sam", False),
        ({"types": []}, "nudge.due", "fun", "sam", False),
        ({"kinds": ["fun"]}, "nudge.due", "business", "sam", False),
        ({"kinds": ["fun"]}, "endpoint.test", None, None, True),
        ({"kinds": []}, "nudge.due", "fun", "sam", False),
        ({"partners": ["Sam"]}, "nudge.due", "fun", "sam", True),
        ({"partners": ["alex"]}, "nudge.due", "fun", "sam", False),
        ({"partners": ["alex"]}, "date.held", "fun", None, True),
        ({"disabled": "gone"}, "nudge.due", "fun", "sam", False),
    ],
)
def test_filters_pick_what_an_endpoint_hears(
    fields: dict[str, object], webhook_type: str, kind: Kind | None, partner: str | None, wanted: bool
) -> None:
    """What has no kind or no addressee passes the filter on it."""
    assert matches(endpoint(**fields), webhook_type, kind, partner) is wanted
