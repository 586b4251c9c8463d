"""Every HTTP address with its permission, as the routes themselves say."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute, APIWebSocketRoute

from livecue import __version__
from livecue.docs.words import Words, code, safe, table
from livecue.events import ACTION_KINDS, ActionAsked
from livecue.web import ACTIONS, COMMANDS, Services, create_app, every_route, guard_of

_NOTHING: Any = None
_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("http_session", ("/signin", "/api/session", "/api/pair")),
    ("http_rooms", ("/api/rooms", "/api/shows", "/api/speech")),
    (
        "http_office",
        (
            "/api/catalog",
            "/api/supply",
            "/api/team",
            "/api/rules",
            "/api/compliance",
            "/api/calendar",
            "/api/roster",
            "/api/goals",
            "/api/handbooks",
        ),
    ),
    ("http_operation", ("/api/actions", "/api/audit", "/api/health", "/api/reference")),
    ("http_demo", ("/api/demo",)),
    ("http_bridge", ("/bridge/",)),
    ("http_rest", ("/",)),
)
_ROOM_COMMANDS = "/api/rooms/{room}/commands"
_CATCH_ALL = ("/api/{path:path}", "/{path:path}", "/assets/{path:path}")


def routes() -> list[Any]:
    """Every route of the web application, built over no house at all."""
    services = Services(
        reader=_NOTHING,
        pump=_NOTHING,
        bus=_NOTHING,
        runner=_NOTHING,
        clock=_NOTHING,
        rooms=dict,
        capabilities=lambda room: [],
        org="",
        version=__version__,
    )
    return [
        route
        for route in every_route(create_app(services))
        if isinstance(route, APIRoute | APIWebSocketRoute) and route.path not in _CATCH_ALL
    ]


def paths_of_routes() -> list[str]:
    """The paths of every route, with their parameters in braces."""
    return sorted({route.path for route in routes()})


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/http.md."""
    yield f"# {words.label('http')}"
    yield ""
    yield words.label("http_intro")
    yield ""
    left = routes()
    for part, beginnings in _PARTS:
        mine = [route for route in left if route.path.startswith(beginnings)]
        left = [route for route in left if route not in mine]
        if mine:
            yield f"## {words.label(part)}"
            yield ""
            for route in mine:
                yield from _route(route, words)


def _method(route: Any) -> str:
    """GET, POST, DELETE or WebSocket."""
    return "WebSocket" if isinstance(route, APIWebSocketRoute) else "/".join(sorted(route.methods - {"HEAD"}))


def _route(route: Any, words: Words) -> Iterator[str]:
    yield f"### {_method(route)} {route.path}"
    yield ""
    yield safe(words.text(route.endpoint.__doc__))
    yield ""
    yield words.said("needs", _permission(route, words))
    yield ""
    heads = ("parameter", "type", "default")
    rows = [(code(field.alias), _type(field), _default(field, words)) for field in route.dependant.query_params]
    yield from table([words.label(head) for head in heads], rows)
    body: Any = getattr(route, "body_field", None)
    if body is not None:
        yield from _body(body.field_info.annotation, words)
    if route.path == _ROOM_COMMANDS:
        yield from _commands(words)


def _commands(words: Words) -> Iterator[str]:
    """The commands a room takes, and whom it takes each from."""
    yield words.label("room_commands")
    yield ""
    rows = [
        (f"[{code(kind.__name__)}](events.md#{kind.__name__.lower()})", _first(words.text(kind.__doc__)), code(needs))
        for kind, needs in COMMANDS.items()
        if kind.__name__ != "ActionAsked"
    ]
    yield from table([words.label(head) for head in ("command", "room_command_does", "permission")], rows)
    yield words.label("room_actions")
    yield ""
    rows = [
        (
            f"[{code(name)}](events.md#{name.lower()})",
            _first(words.text(kind.__doc__)),
            code(ACTIONS.get(kind, COMMANDS[ActionAsked])),
        )
        for name, kind in ACTION_KINDS.items()
    ]
    yield from table([words.label(head) for head in ("action_kind", "room_command_does", "permission")], rows)


def _first(text: str) -> str:
    """The first sentence of a text."""
    return safe(re.split(r"(?<=[.;。；])\s|(?<=[。；])", text, maxsplit=1)[0].rstrip(".;。；"))


def _permission(route: Any, words: Words) -> str:
    guard = guard_of(route)
    if guard is None:
        # A socket checks its token itself, before it accepts.
        scope = "write" if route.path.endswith("/socket") else "read"
        return words.label("token_" + scope)
    if guard.permission == "public":
        return words.label("public").format(words.text(guard.reason))
    if guard.permission.startswith("token:"):
        return words.label("token_" + guard.permission.removeprefix("token:"))
    return words.label("signed_in") if guard.permission == "signed_in" else code(guard.permission)


def _type(field: Any) -> str:
    annotation = field.field_info.annotation
    return getattr(annotation, "__name__", str(annotation))


def _default(field: Any, words: Words) -> str:
    info = field.field_info
    return words.label("required") if info.is_required() else code(repr(info.default))


def _body(model: Any, words: Words) -> Iterator[str]:
    fields = getattr(model, "model_fields", None)
    if not fields:
        return
    schema = model.model_json_schema()
    rows = []
    for name, about in schema["properties"].items():
        kind = about.get("type") or about.get("$ref", "").rpartition("/")[2] or "object"
        bounds = [
            f"{sign} {about[key]}"
            for key, sign in (
                ("minLength", "length ≥"),
                ("maxLength", "length ≤"),
                ("minimum", "≥"),
                ("exclusiveMinimum", ">"),
                ("maximum", "≤"),
            )
            if key in about
        ]
        if "pattern" in about:
            bounds.append(code(about["pattern"]))
        default = words.label("required") if name in schema.get("required", ()) else code(repr(about.get("default")))
        rows.append((code(name), kind, ", ".join(bounds), default))
    yield from table([words.label(head) for head in ("body_field", "type", "bounds", "default")], rows)
