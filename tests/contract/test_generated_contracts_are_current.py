"""Are the committed JSON Schemas and the AsyncAPI document what the models say, and do they fit real payloads?"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from threedates.schemas import generate
from threedates.schemas.generate import differing, files, json_schema, main, write

GOLDEN = Path(__file__).parents[1] / "golden" / "inbound"
SCHEMAS = {"checkin": "check-in", "calendar": "calendar-event"}


def test_nothing_has_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    """Who changes a contract commits what is generated from it; the message says how."""
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_drift_is_listed_with_the_command_that_mends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Missing, changed and left-over files alike; writing mends them all."""
    root = tmp_path / "schemas"
    (tmp_path / "pyproject.toml").touch()
    write(root)
    (root / "json" / "old.json").write_text("{}")
    (root / "json" / "check-in.json").write_text("{}")
    (root / "json" / "webhook.json").unlink()
    assert main(["--check"], root) == 1
    said = capsys.readouterr().err
    assert [line.split()[0] for line in said.splitlines()] == [
        "schemas/json/check-in.json", "schemas/json/old.json", "schemas/json/webhook.json", "mend",
    ]  # fmt: skip
    assert "make contracts" in said
    assert main([], root) == 0
    assert differing(root) == []


@pytest.mark.parametrize("name", sorted(generate.CONTRACTS))
def test_every_schema_is_a_schema(name: str) -> None:
    """Validators and generators of code read them."""
    Draft202012Validator.check_schema(json_schema(name))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_the_golden_payloads_fit_their_schemas(path: Path) -> None:
    """What we take fits the schema of what we take; what we keep fits that of the log."""
    payload = json.loads(path.read_bytes())
    if path.name.endswith(".facts.json"):
        for fact in payload:
            Draft202012Validator(json_schema("log-event")).validate(fact)
        return
    validator = Draft202012Validator(json_schema(SCHEMAS[path.name.partition(".")[0]]))
    validator.validate({"id": payload["id"], **payload["data"]} if "specversion" in payload else payload)


def test_the_asyncapi_document_refers_to_files_and_channels_that_exist() -> None:
    """A reference that leads nowhere breaks every tool that reads the document."""
    made = files()
    document = json.loads(made["asyncapi/threedates.json"])

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [found for child in value.values() for found in references(child)]
        return [found for child in value for found in references(child)] if isinstance(value, list) else []

    for reference in references(document):
        if reference.startswith("../"):
            assert reference.removeprefix("../") in made
            continue
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert {"threedates.in.checkin.{couple_id}", "threedates.in.calendar.{couple_id}"} <= addresses
