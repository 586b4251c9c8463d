"""The web application: routes, errors, headers, the built screens."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livecue.errors import (
    BadInput,
    Conflict,
    IntegrationError,
    LiveCueError,
    NotAllowed,
    NotApplied,
    NotFound,
    NotOwner,
    Overloaded,
    StoreFailed,
    StoreLocked,
)
from livecue.kit import span
from livecue.team import find_session
from livecue.web import (
    auth,
    boards,
    bridge,
    debrief,
    demo,
    figures,
    moderation,
    office,
    orders,
    removal,
    retention,
    rooms,
    rules,
    shelf,
    speech,
    stock,
    traffic,
    watching,
)
from livecue.web.auth import NotSignedIn, Public
from livecue.web.bounds import Bounded
from livecue.web.bridge.tokens import BadToken
from livecue.web.compliance.routers import ROUTERS as COMPLIANCE
from livecue.web.json import problem
from livecue.web.planning import ROUTERS as PLANNING
from livecue.web.push import ROUTERS as PUSH
from livecue.web.pushed import SERVERS_SEND
from livecue.web.service import ROUTERS as SERVICE
from livecue.web.services import Services

_log = logging.getLogger("livecue.web")
STATIC = Path(__file__).parent / "static"
_STATUS: tuple[tuple[type[LiveCueError], int], ...] = (
    (NotSignedIn, 401),
    (BadToken, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (BadInput, 422),
    (Overloaded, 429),
    (IntegrationError, 502),
    (StoreFailed, 503),
    (NotOwner, 503),
    (NotApplied, 503),
)
_LOCKED_S = "5"
"""Whoever holds the database is given so long before a program sends again."""
_HEADER_TEXTS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        "font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
}
_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in _HEADER_TEXTS.items())
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", "testserver"})


class Gate:
    """Refuses foreign host names and origins, adds the security headers. Plain ASGI: it lies on the hot path."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        refusal = self._refusal(scope, host, headers.get(b"origin", b"").decode("latin-1"))
        if refusal is not None:
            await refusal(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _HEADERS if pair[0] not in present)]
            await send(message)

        scope[SERVERS_SEND] = send
        await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, host: str, origin: str) -> Response | None:
        name = urlsplit(f"//{host}").hostname or ""
        if name not in self._allowed:
            # Another name that resolves to this machine: the trick of DNS rebinding.
            return problem("bad_host", f"this address is not served under the name {name!r}", 421)
        if scope.get("method") in ("GET", "HEAD") or not origin:
            return None
        if urlsplit(origin).netloc != host:
            return problem("bad_origin", "commands are taken from LiveCue's own pages only", 403)
        return None


class Traced:
    """A span around every request, named by its route: the path itself may name a person."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with span("request", method=scope["method"]) as opened:
            if opened is None:
                await self._app(scope, receive, send)
                return

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    opened.set_attribute("livecue.status", message["status"])
                    opened.set_attribute("livecue.route", getattr(scope.get("route"), "path", ""))
                await send(message)

            await self._app(scope, receive, send_noted)


def create_app(
    services: Services, hosts: frozenset[str] = frozenset(), roles: frozenset[str] = frozenset({"intake", "web"})
) -> FastAPI:
    """The application over ``services``. ``hosts`` are names besides loopback by which it may be called.

    Without the role ``web`` only what watches the program is served, and with ``intake`` the bridge's way in.
    """
    app = FastAPI(title="LiveCue", version=services.version, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    app.state.page = page
    app.add_middleware(
        Bounded,
        cookie=auth.COOKIE,
        known=lambda token: find_session(services.reader, token, services.clock.now_ms()) is not None,
    )
    app.add_middleware(Gate, allowed=_LOCAL | hosts)
    app.add_middleware(Traced)
    for router in PUSH if "intake" in roles else ():
        app.include_router(router)
    app.add_exception_handler(LiveCueError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_bad_form)
    if "web" not in roles:
        app.include_router(watching.router)
        if "intake" in roles:
            app.include_router(bridge.way_in)
        return app
    for module in (
        auth, rooms, removal, office, orders, rules, shelf, debrief, boards, retention, speech, demo, watching, stock,
        moderation, traffic, figures,
    ):  # fmt: skip
        app.include_router(module.router)
    for router in (bridge.description, bridge.streams, bridge.tokens, bridge.hooks, bridge.way_out):
        app.include_router(router)
    if "intake" in roles:
        app.include_router(bridge.way_in)
    for router in (*PLANNING, *COMPLIANCE, *SERVICE):
        app.include_router(router)
    _screens(app)
    return app


def every_route(web: Any) -> list[Any]:
    """Every route of the application, those of included routers too."""
    found = []
    for route in web.routes:
        inner = getattr(route, "original_router", None)
        found += every_route(inner) if inner is not None else [route]
    return found


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, LiveCueError)
    headers = {}
    if isinstance(error, Overloaded):
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    elif isinstance(error, StoreLocked):
        headers["Retry-After"] = _LOCKED_S
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return problem(error.code, str(error), status, headers)
    _log.error("%s %s: %s", request.method, request.url.path, error)
    return problem(error.code, "something inside is broken; the log of LiveCue says what", 500)


async def _on_bad_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first.get("loc", ()) if part != "body")
    return problem("bad_input", f"{place}: {first.get('msg', 'is wrong')}", 422)


def page() -> Response:
    """The one page of the screens; it says so when they are not built."""
    index = STATIC / "index.html"
    if not index.is_file():
        return HTMLResponse(
            "<!doctype html><meta charset=utf-8><title>LiveCue</title><p>界面尚未构建：请运行 <code>make run</code>。"
            "<p>The screens are not built yet: run <code>make run</code>.",
            status_code=503,
        )
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


def _screens(app: FastAPI) -> None:
    public = Depends(Public("the page holds no data; what it shows it asks for signed in"))

    @app.get("/assets/{path:path}", dependencies=[public], include_in_schema=False)
    async def assets(path: str) -> Response:
        file = (STATIC / "assets" / path).resolve()
        if not file.is_relative_to(STATIC.resolve()) or not file.is_file():
            raise NotFound("there is no such file")
        return FileResponse(file, headers={"Cache-Control": "public, max-age=31536000, immutable"})

    @app.get("/api/{path:path}", dependencies=[public], include_in_schema=False)
    async def no_api(path: str) -> Response:
        raise NotFound("there is no such address")

    @app.get("/{path:path}", dependencies=[public], include_in_schema=False)
    async def screens(path: str) -> Response:
        file = (STATIC / path).resolve()
        if path and file.is_relative_to(STATIC.resolve()) and file.is_file():
            return FileResponse(file)
        return page()
