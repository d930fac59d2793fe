"""Does the page for receivers name what there is, show what runs, and only recipes that are taken?"""

import json
import re
import sqlite3
import sys
from pathlib import Path
from typing import get_args

import httpx
import pytest

from tests.contract.receivers_kit import EXAMPLES, SECRET, running
from threedates.core.custom_headers import header_refusal
from threedates.core.formats import FORMATS
from threedates.core.retry import DELAYS
from threedates.core.signing import signed_headers
from threedates.edge.clock import system_clock
from threedates.schemas.http.endpoints import EndpointBody
from threedates.schemas.webhook import WebhookType

PAGE = (Path(__file__).parents[2] / "docs" / "receiving.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"endpoints\" -d '(\{.*\})'", PAGE)


def date(sequence: int, status: str) -> bytes:
    """A change of one date."""
    shown = {"uid": "d-1", "status": status, "start": "2026-11-27T18:00:00Z"}
    return json.dumps({"type": f"date.{status}", "data": {"title": "T", "sequence": sequence, "date": shown}}).encode()


SENT = [("e-2", date(12, "moved")), ("e-1", date(11, "scheduled")), ("e-2", date(12, "moved"))]


def test_every_format_and_type_is_named() -> None:
    assert [name for name in FORMATS if name != "standard" and f'"format": "{name}"' not in PAGE] == [
        "cloudevents-binary"
    ]
    assert "`cloudevents-binary`" in PAGE
    assert [name for name in get_args(WebhookType) if f"`{name}`" not in PAGE] == []


def test_the_delays_are_those_of_the_plan() -> None:
    said = re.search(r"Attempts come ([^.]*) after the one before", PAGE)
    assert said is not None
    units = {"s": 1, "min": 60, "h": 3_600}
    parts = [part.split() for part in re.split(r", | and ", " ".join(said[1].split()))]
    assert tuple(float(number) * units[unit] for number, unit in parts) == DELAYS


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_is_taken(recipe: str) -> None:
    """People copy them."""
    body = EndpointBody.model_validate_json(recipe.replace("…", "x"))
    assert body.format in FORMATS
    assert [header_refusal(name, value) for name, value in body.headers.items() if header_refusal(name, value)] == []
    assert json.loads(recipe).keys() <= EndpointBody.model_fields.keys()


def test_there_are_recipes() -> None:
    assert len(RECIPES) >= 6


@pytest.mark.parametrize("name", ["receive_once.py", "receive_once.mjs"])
def test_the_page_shows_the_receivers_as_they_are(name: str) -> None:
    assert (EXAMPLES / name).read_text(encoding="utf-8") in PAGE


def test_the_receiver_takes_each_once_and_no_date_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent twice it counts once; an older change that comes late changes nothing."""
    monkeypatch.setenv("DATABASE", str(tmp_path / "received.db"))

    printed = what_is_printed([sys.executable, str(EXAMPLES / "receive_once.py")], SENT)
    assert printed == "date.moved T\ndate.scheduled T\n"
    with sqlite3.connect(tmp_path / "received.db") as db:
        assert db.execute("SELECT uid, sequence, status FROM dates").fetchall() == [("d-1", 12, "moved")]
        assert db.execute("SELECT count(*) FROM seen").fetchone() == (2,)
    db.close()


def test_the_node_receiver_takes_each_once_and_no_date_goes_back(
    node_receivers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in the other language, also once it was started again."""
    monkeypatch.setenv("DATABASE", str(node_receivers / "received.jsonl"))
    command = ["node", str(node_receivers / "receive_once.mjs")]
    assert what_is_printed(command, SENT) == "date.moved T moved\ndate.scheduled T moved\n"
    assert what_is_printed(command, SENT[:1]) == ""


def what_is_printed(command: list[str], sent: list[tuple[str, bytes]]) -> str:
    """What a receiver prints of genuine webhooks; what is not signed it refuses."""
    with running(command) as (receiver, url):
        with httpx.Client(trust_env=False) as client:
            for message_id, body in sent:
                headers = signed_headers((SECRET,), message_id, system_clock(), body)
                assert client.post(url, content=body, headers=headers).status_code == 204
            assert client.post(url, content=b"{}").status_code == 401
        receiver.kill()
        printed, _ = receiver.communicate()
    return printed
