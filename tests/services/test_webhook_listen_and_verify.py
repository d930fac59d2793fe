"""Does the development receiver show what comes, believe only what is signed, and judge a single delivery offline?"""

import json
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from threedates.cli.webhook import Listener, Received, app, show_delivery
from threedates.core.signing import format_secret, signed_headers
from threedates.edge.clock import system_clock

SECRET = format_secret(b"k" * 32)
BODY = json.dumps(
    {
        "type": "nudge.due",
        "data": {
            "title": "Time for a fun date", "message": "[bold]Sam[/bold] …", "for": "sam", "date": None,
            "because": [{"rule": "due", "text": "seven days", "events": []}], "actions": {"held": "https://t.example/a"},
        },
    }
).encode()  # fmt: skip
runner = CliRunner()


async def post(listener: Listener, headers: dict[str, str], body: bytes = BODY) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(f"{listener.url}any/path", headers=headers, content=body)).status_code


@pytest.mark.parametrize(("statuses", "secret"), [([503, 500, 200], SECRET), ([204], None)])
async def test_what_verifies_gets_the_statuses_of_choice_in_turn(statuses: list[int], secret: str | None) -> None:
    """So that failures, and getting over them, can be tried out."""
    got: list[Received] = []
    listener = Listener("127.0.0.1", 0, secret, got.append, statuses=statuses, delays=[0.01, 0])
    await listener.start()
    try:
        headers = signed_headers((SECRET,), "m-1", system_clock(), BODY)
        answered = [await post(listener, headers) for _ in range(4)]
        assert answered == (statuses + [statuses[-1]] * 3)[:4]
    finally:
        await listener.stop()
    assert [(r.headers["webhook-id"], r.body, r.problem, r.is_checked) for r in got] == [
        ("m-1", BODY, None, secret is not None)
    ] * 4


async def test_a_failure_may_ask_for_patience_and_a_handshake_is_agreed_to() -> None:
    """So that throttling and CloudEvents can be tried out."""
    listener = Listener("127.0.0.1", 0, None, lambda _received: None, statuses=[429, 200], retry_after="7")
    await listener.start()
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            agreed = await client.options(listener.url, headers={"WebHook-Request-Origin": "dates.example"})
            answers = [await client.post(listener.url, content=BODY) for _ in range(2)]
    finally:
        await listener.stop()
    assert (agreed.status_code, agreed.headers["webhook-allowed-origin"]) == (200, "dates.example")
    assert [(answer.status_code, answer.headers.get("retry-after")) for answer in answers] == [(429, "7"), (200, None)]


async def test_what_does_not_verify_is_shown_as_such_and_refused() -> None:
    got: list[Received] = []
    listener = Listener("127.0.0.1", 0, SECRET, got.append)
    await listener.start()
    try:
        assert await post(listener, signed_headers((SECRET,), "m-1", system_clock(), b"other")) == 401
        assert await post(listener, {}) == 401
    finally:
        await listener.stop()
    assert ["no signature matches" in str(got[0].problem), "webhook-id" in str(got[1].problem)] == [True, True]


@pytest.mark.parametrize(
    "body", [BODY, b"", b"\xff", b"[]", b'{"type":1,"data":null}', b'{"type":"x","data":{"date":3}}']
)
def test_anything_can_be_shown(body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """A stranger may post anything; markup in it is text."""
    show_delivery(Received({}, body, is_checked=True, problem="no"))
    show_delivery(Received({"webhook-id": "m-1"}, body))


def delivery(folder: Path, body: bytes = BODY) -> tuple[str, str]:
    headers = signed_headers((SECRET,), "m-1", system_clock(), BODY)
    (folder / "headers").write_text("\n".join(f"{name.title()}: {value}" for name, value in headers.items()))
    (folder / "body").write_bytes(body)
    return str(folder / "headers"), str(folder / "body")


def test_a_genuine_delivery_exits_with_0_and_a_changed_one_with_1(tmp_path: Path) -> None:
    """Exit codes are for scripts, the reason is for people."""
    headers, body = delivery(tmp_path)
    result = runner.invoke(app, ["verify", "--secret", SECRET, "--headers", headers, "--body", body])
    assert (result.exit_code, "genuine" in result.output) == (0, True)
    headers, body = delivery(tmp_path, BODY + b" ")
    result = runner.invoke(app, ["verify", "--secret", SECRET, "--headers", headers, "--body", body])
    assert (result.exit_code, "not genuine" in result.output) == (1, True)


def test_headers_come_as_json_or_one_by_one_too(tmp_path: Path) -> None:
    _, body = delivery(tmp_path)
    headers = signed_headers((SECRET,), "m-1", system_clock(), BODY)
    (tmp_path / "json").write_text(json.dumps(headers))
    as_json = ["verify", "--secret", SECRET, "--headers", str(tmp_path / "json"), "--body", body]
    assert runner.invoke(app, as_json).exit_code == 0
    values = ["--id", headers["webhook-id"], "--timestamp", headers["webhook-timestamp"]]
    values += ["--signature", headers["webhook-signature"]]
    assert runner.invoke(app, ["verify", "--secret", SECRET, "--body", body, *values]).exit_code == 0


@pytest.mark.parametrize(
    "args",
    [
        ["--secret", "nonsense", "--headers", "HEADERS", "--body", "BODY"],
        ["--secret", SECRET, "--body", "BODY"],
        ["--secret", SECRET, "--headers", "/does/not/exist", "--body", "BODY"],
        ["--secret", SECRET, "--headers", "HEADERS", "--body", "/does/not/exist"],
    ],
)
def test_a_wrong_call_exits_with_2(tmp_path: Path, args: list[str]) -> None:
    """Neither genuine nor not: it was not asked properly."""
    headers, body = delivery(tmp_path)
    given = [{"HEADERS": headers, "BODY": body}.get(arg, arg) for arg in args]
    assert runner.invoke(app, ["verify", *given]).exit_code == 2
