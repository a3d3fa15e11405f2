"""The API's description (OpenAPI 3.1), made from the types of its endpoints;
and its routes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, abort, request
from pydantic import BaseModel, TypeAdapter

import monitor
from monitor.ui.web.access import FORBIDDEN, current_account
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.parameters import read_body, read_parameters

ROOT = "/api/v1"
_REFERENCE = "#/components/schemas/{model}"
_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


def api_routes(endpoints: Sequence[Endpoint]) -> Blueprint:
    """Serves the endpoints and their description."""
    blueprint = Blueprint("api", __name__, url_prefix=ROOT)
    for endpoint in endpoints:
        view = _view(endpoint)
        name, methods = _name(endpoint), [endpoint.method]
        blueprint.add_url_rule(
            endpoint.path, endpoint=name, view_func=view, methods=methods
        )

    @functools.cache
    def description() -> bytes:
        """Made for the first who asks, as the adapters: every start would wait
        otherwise.
        """
        return TypeAdapter(dict[str, Any]).dump_json(describe(endpoints))

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return Response(description(), content_type="application/json")

    return blueprint


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    @functools.cache
    def adapter() -> TypeAdapter[Any]:
        return TypeAdapter(endpoint.answer_type)

    def view(**values: object) -> Response:
        if not current_account().may(endpoint.role):
            abort(FORBIDDEN)
        answer = endpoint.answer(_parameters(endpoint), **values)
        status = endpoint.status_of(answer)
        body = adapter().dump_json(answer)
        return Response(body, status, content_type="application/json")

    return view


def _parameters(endpoint: Endpoint) -> BaseModel:
    if endpoint.method == "POST":
        return read_body(endpoint.parameters, request.get_data())
    return read_parameters(endpoint.parameters, request.args)


def describe(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The description of all endpoints."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = _PLACEHOLDER.sub(r"{\1}", endpoint.path)
        method = endpoint.method.lower()
        paths.setdefault(path, {})[method] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Monitor", "version": monitor.__version__},
        "servers": [{"url": ROOT.removeprefix("/")}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    answer = TypeAdapter(endpoint.answer_type).json_schema(
        mode="serialization", ref_template=_REFERENCE
    )
    schemas |= answer.pop("$defs", {})
    name = endpoint.answer_type.__name__
    schemas[name] = answer
    reference = {"$ref": _REFERENCE.format(model=name)}
    asked = _of_query(endpoint) if endpoint.method == "GET" else []
    return {
        "operationId": _name(endpoint),
        "summary": endpoint.summary,
        "parameters": [*_of_path(endpoint), *asked],
        **(_body(endpoint, schemas) if endpoint.method == "POST" else {}),
        "responses": {
            "200": _response("The answer", "application/json", reference),
            **(_NOT_FOUND if _PLACEHOLDER.search(endpoint.path) else {}),
            **(_CONFLICTS if endpoint.method == "POST" else {}),
            "400": _response(
                "A parameter cannot be read", "application/problem+json", None
            ),
            "503": _response("Try again", "application/problem+json", None),
        },
    }


def _name(endpoint: Endpoint) -> str:
    """ "articles_number" for "/articles/<int:number>"; a change has another
    name than a read.
    """
    name = _PLACEHOLDER.sub(r"\1", endpoint.path).strip("/").replace("/", "_")
    return (
        name
        if endpoint.method == "GET"
        else f"{name}_{endpoint.method.lower()}"
    )


def _body(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = endpoint.parameters.model_json_schema(ref_template=_REFERENCE)
    schemas |= schema.pop("$defs", {})
    name = endpoint.parameters.__name__
    schemas[name] = schema
    content = {
        "application/json": {"schema": {"$ref": _REFERENCE.format(model=name)}}
    }
    return {"requestBody": {"required": True, "content": content}}


def _of_path(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = _PLACEHOLDER.findall(endpoint.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
        }
        for name in names
    ]


def _of_query(endpoint: Endpoint) -> list[dict[str, Any]]:
    schema = endpoint.parameters.model_json_schema()
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": of.pop("description", ""),
            "schema": of,
        }
        for name, of in schema.get("properties", {}).items()
    ]


def _response(
    description: str, kind: str, schema: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "description": description,
        "content": {kind: {"schema": schema or {}}},
    }


_NOT_FOUND = {
    "404": _response("There is none", "application/problem+json", None)
}

_CONFLICTS = {
    "409": _response(
        "The file has changed; nothing was written", "application/json", None
    ),
    "422": _response(
        "It cannot be used; nothing was written", "application/json", None
    ),
}
