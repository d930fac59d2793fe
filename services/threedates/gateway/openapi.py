"""The OpenAPI document: FastAPI's own, with request bodies the routes read themselves and every error a problem.

Routes name their bodies with :func:`takes`; bodies are checked by the core, not by the framework, so that a producer
hears the same over HTTP and NATS.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from threedates.gateway.problems import MEDIA_TYPE, PROBLEMS
from threedates.schemas.base import Model
from threedates.schemas.http.common import Accepted, Looked, ProblemDetail

Responses = dict[int | str, dict[str, Any]]
TAKES_IN: Responses = {
    202: {"model": Accepted, "description": "Taken in; after a wait that was too short, with the status (as for 200)."},
    200: {"model": Looked, "description": "The wait was long enough: the couple has been looked at with this in mind."},
}
CALENDAR: Responses = {200: {"description": "It.", "content": {"text/calendar": {"schema": {"type": "string"}}}}}
_REF = "#/components/schemas/"
_CREATES = "An Idempotency-Key makes it safe to send again: the same key on the same path counts once."
_CREATING = ("join", "create_feed", "create_calendar", "create_endpoint", "create_couple_endpoint")
_ALWAYS = (401, 404, 503)
_WITH_BODY = (400, 413, 422)
_DESCRIPTIONS = {
    status: ", ".join(f"`{code}`" for code, (its, _) in PROBLEMS.items() if its == status)
    for status in {its for its, _ in PROBLEMS.values()}
}
TAGS = [
    {"name": "couples", "description": "Joining, settings, leaving; how a couple stands, and why."},
    {"name": "reports", "description": "What partners and calendars report."},
    {"name": "dates", "description": "Dates, and the answers to them."},
    {"name": "silence", "description": "Snooze, pause, resume."},
    {"name": "endpoints", "description": "Webhook receivers of a couple, or of all couples of an API key."},
    {"name": "feeds", "description": "Calendar feeds."},
    {"name": "calendars", "description": "Partners' own calendars, read from their addresses for busy times."},
    {"name": "health", "description": "For whoever operates the service."},
]


def takes(*models: type[Model]) -> dict[str, Any]:
    """What a route's ``openapi_extra`` says of the JSON body it takes: one of these."""
    schemas = [model.model_json_schema(ref_template=f"{_REF}{{model}}") for model in models]
    schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def takes_text(media_type: str, description: str) -> dict[str, Any]:
    """What a route's ``openapi_extra`` says of a body that is a text of that media type."""
    schema = {"type": "string", "description": description}
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
            servers=app.servers,
            separate_input_output_schemas=False,
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        _hoist(ProblemDetail.model_json_schema(ref_template=f"{_REF}{{model}}"), schemas)
        for path, operations in made["paths"].items():
            for operation in operations.values():
                _finish(path, operation, schemas)
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema


def _finish(path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    body = operation.get("requestBody")
    content = body["content"].get("application/json") if body is not None else None
    if content is not None:
        content["schema"] = _hoisted(content["schema"], schemas)
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    if not path.startswith("/v1"):
        return
    statuses = {*_ALWAYS, *(_WITH_BODY if body is not None or operation.get("parameters") else ())}
    if "202" in responses or "201" in responses:
        statuses.add(409)
    if ("202" in responses and not path.endswith(("/test", "/replay"))) or operation["operationId"] in _CREATING:
        header = {"name": "Idempotency-Key", "in": "header", "required": False, "description": _CREATES}
        operation.setdefault("parameters", []).append({**header, "schema": {"type": "string"}})
    for status in sorted(statuses):
        responses[str(status)] = {
            "description": f"A problem: {_DESCRIPTIONS[status]}.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_REF}ProblemDetail"}}},
        }


def _hoisted(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "oneOf" in schema:
        return {"oneOf": [_hoist(one, schemas) for one in schema["oneOf"]]}
    return _hoist(schema, schemas)


def _hoist(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Move a schema and its definitions to the document's own; returns the reference to it."""
    own = {name: value for name, value in schema.items() if name != "$defs"}
    for name, value in {**schema.get("$defs", {}), own["title"]: own}.items():
        schemas.setdefault(name, value)
    return {"$ref": f"{_REF}{own['title']}"}
