"""Does whoever sends something wrong learn at once what is wrong, and where?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.broker.api_kit import KEY, ONE_LOOP, PARTNERS, Api

pytestmark = ONE_LOOP
LONG_AGO = "2020-01-01T00:00:00Z"
NOW = datetime.now(UTC)  # noqa: TID251  # the services run on it
SOON, LATER = ((NOW + timedelta(days=days)).isoformat() for days in (3, 4))
FAR = (NOW + timedelta(days=3650)).isoformat()
EVENT = {"source": "sam-google", "uid": "abc@google.com"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tz": "Europe/Berlin"}, "partners"),
        ({"partners": PARTNERS[:1]}, "partners.1"),
        ({"partners": [{"name": "sam"}, {"name": "alex"}]}, "tz"),
        ({"partners": [{"name": "sam", "tz": "Mars/Olympus"}, {"name": "alex"}]}, "partners.0.tz"),
        ({"partners": PARTNERS, "cadence": {"fun": {"target": "a week"}}}, "cadence.fun.target"),
        ({"partners": PARTNERS, "cadence": {"fun": {"windows": ["fri 23-18"]}}}, "cadence.fun.windows.0"),
        ({"partners": PARTNERS, "budget": {"per_week": -1}}, "budget.per_week"),
        ({"partners": [{**PARTNERS[0], "invites": "pigeon"}, PARTNERS[1]]}, "partners.0.invites"),
        # This gateway knows no mail server, so who chose mail would wait for ever.
        (
            {"partners": [PARTNERS[0], {**PARTNERS[1], "email": "a@example.org", "invites": "mail"}]},
            "partners.1.invites",
        ),
    ],
)
async def test_joining(api: Api, body: Any, field: str) -> None:
    assert await api.problem("POST", "/couples", body, expect=422) == ("invalid", field)


@pytest.mark.parametrize(
    ("path", "body", "code", "field"),
    [
        ("check-ins", {"mood": 3}, "invalid", "partner"),
        ("check-ins", {"partner": "sam", "mood": 6}, "invalid", "mood"),
        ("check-ins", {"partner": "sam", "mood": "3"}, "invalid", "mood"),
        ("check-ins", {"partner": "kim"}, "unknown_partner", "partner"),
        ("check-ins", {"partner": "sam", "at": "2026-11-20T21:04:00"}, "invalid", "at"),
        ("check-ins", {"partner": "sam", "at": LONG_AGO}, "too_old", "at"),
        ("check-ins", {"partner": "sam", "id": "white space"}, "invalid", "id"),
        ("calendar-events", {**EVENT, "start": SOON}, "invalid", "end"),
        ("calendar-events", {**EVENT, "start": LATER, "end": SOON, "kind": "fun"}, "ends_before_start", "end"),
        ("calendar-events", {**EVENT, "start": SOON, "end": LATER, "tz": "Mars/Olympus"}, "invalid", "tz"),
        ("snooze", {"by": "sam"}, "invalid", "until"),
        ("snooze", {"by": "sam", "until": LONG_AGO}, "ends_before_start", "until"),
        ("pause", {}, "invalid", "by"),
        ("resume", {"by": "kim"}, "unknown_partner", "by"),
        ("dates", {"kind": "fun", "start": SOON}, "invalid", "end"),
        ("dates", {"kind": "opera", "start": SOON, "end": LATER}, "invalid", "kind"),
        ("dates", {"kind": "fun", "start": FAR, "end": FAR}, "ends_before_start", "end"),
        ("endpoints", {}, "invalid", "url"),
        ("endpoints", {"url": "http://10.0.0.1/hook"}, "invalid", "url"),
        ("endpoints", {"url": "https://example.org/hook", "types": ["nudge.gone"]}, "invalid", "types.0"),
        ("endpoints", {"url": "https://example.org/hook", "secret": "hunter2"}, "invalid", "secret"),
        ("endpoints", {"url": "https://example.org/hook", "partners": ["kim"]}, "unknown_partner", "partners.0"),
    ],
)
async def test_reporting(api: Api, path: str, body: Any, code: str, field: str) -> None:
    couple_id = await _a_couple(api)
    assert await api.problem("POST", f"/couples/{couple_id}/{path}", body, expect=422) == (code, field)


async def test_moving_without_a_time(api: Api) -> None:
    couple_id = await _a_couple(api)
    uid = (await api.date(couple_id))["uid"]
    found = await api.problem("POST", f"/couples/{couple_id}/dates/{uid}/move", {"by": "sam"}, expect=422)
    assert found == ("invalid", "start")


async def test_changing_settings(api: Api) -> None:
    couple_id = await _a_couple(api)
    patch = {"cadence": {"fun": {"floor": "P1D"}}}
    code, field = await api.problem("PATCH", f"/couples/{couple_id}", patch, expect=422)
    assert (code, field.split(".")[:2]) == ("invalid", ["cadence", "fun"])


async def test_paging_from_beyond_every_sequence(api: Api) -> None:
    """That is the caller's mistake; a 503 would have them try again for ever."""
    path = f"/couples/{await _a_couple(api)}/log?after="
    assert (await api.call("GET", f"{path}{2**53 - 1}", expect=200))["items"] == []
    assert await api.problem("GET", f"{path}{2**64}", expect=422) == ("invalid", "after")


async def test_what_is_not_there(api: Api) -> None:
    couple_id = await _a_couple(api)
    answer = f"/couples/{couple_id}/dates/{couple_id}-fun-99@threedates/accept"
    assert await api.problem("POST", answer, {"by": "sam"}, expect=404) == ("unknown_date", "uid")
    for odd in ("nobody", "*", "%3E", "a.b", "c" * 200):
        assert (await api.problem("GET", f"/couples/{odd}/log", expect=404))[0] == "unknown_couple"
        assert (await api.problem("GET", f"/endpoints/{odd}", expect=404))[0] == "unknown_endpoint"
        assert (await api.problem("POST", f"/feeds/{odd}/rotate", expect=404))[0] == "unknown_feed"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"partner":NaN}',
        b'{"partner":"sam","note":"\\ud800"}',
        b'{"partner":"sam","together_minutes":' + b"9" * 5000 + b"}",
        b"[" * 60_000,
    ],
)
async def test_a_body_that_is_no_json_object_is_malformed(api: Api, body: bytes) -> None:
    """Neither a crash nor a silent nothing."""
    path = f"/v1/couples/{await _a_couple(api)}/check-ins"
    answer = await api.http.post(path, content=body, headers={"Authorization": f"Bearer {KEY}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def _a_couple(api: Api) -> str:
    """Always the same one: what is refused leaves no trace."""
    answer = await api.call("POST", "/couples", {"partners": PARTNERS}, expect=201, Idempotency_Key="refusals")
    couple_id: str = answer["id"]
    return couple_id
