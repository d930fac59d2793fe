"""Is the OpenAPI document whole and true, and is the reference a page that asks nobody else for anything?"""

import re
from typing import Any

import jsonschema
import pytest

from tests.services.gateway.kit import no_broker, settings, surface
from threedates.gateway.openapi import document
from threedates.gateway.web import api

DOCUMENT = document(api(settings(), no_broker))
OPERATIONS = [
    (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


def test_every_reference_leads_somewhere() -> None:
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert _references(DOCUMENT) <= known


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS])
def test_every_operation_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["tags"]
    assert operation.get("description") or operation["summary"]
    if not path.startswith("/v1"):
        return
    assert operation["security"] == [{"bearer": []}]
    for status in ("401", "503"):
        problem = operation["responses"][status]["content"]["application/problem+json"]
        assert problem["schema"] == {"$ref": "#/components/schemas/ProblemDetail"}
    assert "HTTPValidationError" not in str(operation)


def test_operation_ids_are_names_of_their_own() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_every_example_fits_its_schema() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    examples = [(name, example) for name, schema in schemas.items() for example in schema.get("examples", [])]
    assert len(examples) > 8
    for name, example in examples:
        whole = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
        jsonschema.validate(example, whole, cls=jsonschema.Draft202012Validator)


def test_every_problem_has_its_place_in_the_reference() -> None:
    """A problem's type is the address of that place."""
    assert DOCUMENT["info"]["title"] == "threedates"
    assert {"bearer"} == set(DOCUMENT["components"]["securitySchemes"])


async def test_the_reference_fetches_nothing_from_elsewhere() -> None:
    async with surface() as http:
        answer = await http.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", answer.text)
    assert "<script" not in answer.text
    for _, path, _ in OPERATIONS:
        assert path in answer.text
    assert "<code>message/rfc822</code>" in answer.text
    for code in ("date_closed", "unknown_couple", "unavailable"):
        assert f'id="{code}"' in answer.text


async def test_the_document_is_served() -> None:
    async with surface() as http:
        assert (await http.get("/openapi.json")).json() == DOCUMENT
