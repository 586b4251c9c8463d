"""The written schema of what may be told from outside, and the OpenAPI description of the bridge."""

import json
from typing import Any

import msgspec

from livecue import __version__
from livecue.docs.http import method_of, routes
from livecue.docs.source import field_texts
from livecue.docs.words import flat
from livecue.events import OUTSIDE, Line, decode_line

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def events_schema() -> str:
    """JSON Schema of one line of the bridge: any event of ``OUTSIDE``, told by its ``kind``."""
    kinds = sorted(OUTSIDE, key=lambda kind: kind.__name__)
    (anyone, *_), parts = msgspec.json.schema_components([_union(kinds), *kinds], ref_template="#/$defs/{name}")
    explained: list[type[Any]] = [*kinds, Line]
    for kind in explained:
        _explain(parts[kind.__name__], kind)
    whole = {
        "$schema": _DIALECT,
        "title": "LiveCue events from outside",
        "description": flat(decode_line.__doc__ or ""),
        **anyone,
        "$defs": dict(sorted(parts.items())),
    }
    return _written(whole)


def _explain(schema: dict[str, Any], kind: type[Any]) -> None:
    """Put what the code says of a kind and of its fields into its schema."""
    schema["description"] = flat(kind.__doc__ or "")
    for name, text in field_texts(kind).items():
        schema["properties"][name]["description"] = flat(text)


def _union(kinds: list[Any]) -> Any:
    found: Any = kinds[0]
    for kind in kinds[1:]:
        found = found | kind
    return found


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def bridge_description() -> str:
    """OpenAPI 3.1 of the bridge's HTTP addresses; its WebSockets are told in bridge.md, OpenAPI knows none."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes():
        if route.path.startswith("/bridge/") and method_of(route) != "WebSocket":
            paths.setdefault(route.path, {})[method_of(route).lower()] = _operation(route)
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "LiveCue bridge",
            "version": __version__,
            "description": "The door in and out of one room. Docs: docs/en/bridge.md",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Answer": _ANSWER, "Problem": _PROBLEM},
        },
        "security": [{"token": []}],
    }
    return _written(whole)


def _operation(route: Any) -> dict[str, Any]:
    parameters = [{"name": "room", "in": "path", "required": True, "schema": {"type": "string"}}]
    for field in route.dependant.query_params:
        kind = "integer" if field.field_info.annotation is int else "string"
        about = {"type": kind, "default": field.field_info.default}
        parameters.append({"name": field.alias, "in": "query", "required": False, "schema": about})
    operation: dict[str, Any] = {
        "operationId": route.endpoint.__name__,
        "summary": flat((route.endpoint.__doc__ or "").split("\n")[0]),
        "description": flat(route.endpoint.__doc__ or ""),
        "parameters": parameters,
        "responses": {
            str(status): {"description": text, "content": {"application/json": {"schema": {"$ref": _REF + "Problem"}}}}
            for status, text in _REFUSALS
        },
    }
    if "POST" in route.methods:
        parameters += [
            {"name": name, "in": "header", "required": False, "schema": {"type": kind}} for name, kind in _HEADERS
        ]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/x-ndjson": {"schema": {"type": "string", "description": _BODY}}},
        }
        good: dict[str, Any] = {"application/json": {"schema": {"$ref": _REF + "Answer"}}}
    else:
        good = {"text/event-stream": {"schema": {"type": "string"}}}
    operation["responses"] = {"200": {"description": "OK", "content": good}, **operation["responses"]}
    return operation


_REF = "#/components/schemas/"
_BODY = "One event a line; each line is an object of docs/events.schema.json. Also as gzip or zstd (Content-Encoding)."
_HEADERS = (("X-LiveCue-Connection", "string"), ("X-LiveCue-Sequence", "integer"))
_REFUSALS = (
    (401, "the token is missing, wrong, revoked, over, or for something else"),
    (404, "there is no such room"),
    (422, "the body cannot be used as a whole: too large, too slow, damaged"),
    (429, "too much waits to be stored; come back after Retry-After seconds"),
    (503, "the database cannot be written; nothing was kept"),
)
_COUNT = {"type": "integer", "minimum": 0}
_ANSWER = {
    "type": "object",
    "required": ["accepted", "duplicates", "rejected", "rejected_count", "number"],
    "properties": {
        "accepted": _COUNT,
        "duplicates": {"type": ["integer", "null"], "description": "null while the room is behind and cannot tell yet"},
        "rejected": {
            "type": "array",
            "description": "the first hundred refused lines",
            "items": {
                "type": "object",
                "properties": {"line": _COUNT, "code": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "rejected_count": _COUNT,
        "number": {"type": ["integer", "null"], "description": "journal number; null when no line was taken"},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
}
