"""The API reference at ``/docs``: one plain page made from the OpenAPI document; nothing is fetched from elsewhere."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from threedates.gateway.openapi import document
from threedates.gateway.problems import PROBLEMS

router = APIRouter(include_in_schema=False)
_HERE = Path(__file__).parent
_STYLE = (_HERE / "static" / "reference.css").read_text(encoding="utf-8")
_TEMPLATE = Environment(
    loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
).get_template("reference.html")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'"


@router.get("/docs")
async def reference(request: Request) -> HTMLResponse:
    """The page, made once."""
    app: FastAPI = request.app
    if not hasattr(app.state, "reference"):
        app.state.reference = _TEMPLATE.render(style=_STYLE, problems=PROBLEMS, **_content(app))
    return HTMLResponse(app.state.reference, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})


def _content(app: FastAPI) -> dict[str, Any]:
    made = document(app)
    schemas = made["components"]["schemas"]
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            bodies = {"bodies": _bodies(operation, schemas), "texts": _texts(operation)}
            entry = {**operation, **bodies, "path": path, "method": method.upper()}
            by_tag.setdefault(operation["tags"][0], []).append(entry)
    groups = [(tag, by_tag[tag["name"]]) for tag in made["tags"] if tag["name"] in by_tag]
    return {"info": made["info"], "groups": groups, "schemas": dict(sorted(schemas.items()))}


def _bodies(operation: dict[str, Any], schemas: dict[str, Any]) -> list[tuple[str, Any]]:
    """The names of what an operation takes, each with its first example or None."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    names = [one["$ref"].rpartition("/")[2] for one in schema.get("oneOf", [schema] if schema else [])]
    return [(name, next(iter(schemas[name].get("examples", [])), None)) for name in names]


def _texts(operation: dict[str, Any]) -> list[tuple[str, str]]:
    """The media types of what an operation takes as it is, each with what it has to be."""
    content = operation.get("requestBody", {}).get("content", {})
    return [(kind, body["schema"]["description"]) for kind, body in content.items() if kind != "application/json"]
