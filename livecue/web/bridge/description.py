"""The bridge's OpenAPI description, for programs that speak to it."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.openapi.utils import get_openapi

from livecue.events import EVENT_KINDS, OUTSIDE
from livecue.web.auth import Public
from livecue.web.json import encode

router = APIRouter()


@router.get(
    "/bridge/v1/openapi.json",
    dependencies=[Depends(Public("it describes the door and holds no data"))],
    include_in_schema=False,
)
async def description(request: Request) -> Response:
    """OpenAPI 3.1 with the schema of every kind of event that may be sent."""
    state = request.app.state
    if not hasattr(state, "bridge_description"):
        # Built once: it is open to anybody, takes long and does not change while the program runs.
        state.bridge_description = encode(describe(request.app))
    return Response(state.bridge_description, media_type="application/json")


def describe(web: Any) -> dict[str, Any]:
    """The description of the routes below ``/bridge``."""
    from livecue.web.server import every_route

    routes = [route for route in every_route(web) if getattr(route, "path", "").startswith("/bridge/")]
    found: dict[str, Any] = get_openapi(title="LiveCue bridge", version=web.version, routes=routes)
    kinds = tuple(sorted(OUTSIDE, key=lambda kind: kind.__name__))
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    parts = found.setdefault("components", {})
    parts.setdefault("schemas", {}).update(components)
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    post = found["paths"]["/bridge/v1/rooms/{room}/events"]["post"]
    post["requestBody"] = {
        "required": True,
        "description": f"One JSON object a line; {len(kinds)} of the {len(EVENT_KINDS)} kinds may be sent.",
        "content": {"application/x-ndjson": {"schema": {"oneOf": list(schemas)}}},
    }
    return found
