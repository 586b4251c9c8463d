"""How much a request may bring, and how long it may take to bring it: nobody fills the memory or holds a place."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livecue.errors import BadInput
from livecue.web.json import problem

MB = 1 << 20


@dataclass(frozen=True)
class Bound:
    """At most so many bytes, within so many seconds."""

    size: int
    seconds: float


STRANGER = Bound(64 << 10, 10.0)
"""Of somebody who is not signed in: a name and a password, or a pairing code."""
FORM = Bound(8 * MB, 30.0)
FILE = Bound(110 * MB, 300.0)
"""An upload; what reads it may want less, and says so."""
_OWN = ("/bridge/v1/", "/push/v1/")
"""Doors of programs, with bounds of their own."""
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Bounded:
    """Lets no body in that is larger or slower than its bound; a plain ASGI layer, before anything reads."""

    def __init__(self, app: ASGIApp, cookie: str, known: Callable[[str], bool]) -> None:
        """``known``: whether the value of the cookie is that of somebody who is signed in."""
        self._app = app
        self._cookie = cookie
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _BODILESS or scope["path"].startswith(_OWN):
            await self._app(scope, receive, send)
            return
        bound = self._bound(dict(scope["headers"]))
        body = _Body(receive, send, bound)
        await self._app(scope, body.receive, body.send)

    def _bound(self, headers: dict[bytes, bytes]) -> Bound:
        token = cookie_parser(headers.get(b"cookie", b"").decode("latin-1")).get(self._cookie, "")
        if not token or not self._known(token):
            return STRANGER
        kind = headers.get(b"content-type", b"")
        return FILE if kind.startswith((b"multipart/form-data", b"audio/", b"application/octet-stream")) else FORM


class _Body:
    """One request's body on its way in, and the answer that is given when it is too much."""

    def __init__(self, receive: Receive, send: Send, bound: Bound) -> None:
        self._receive, self._send, self._bound = receive, send, bound
        self._size = 0
        self._until = asyncio.get_running_loop().time() + bound.seconds
        self._whole = False
        self._refused = ""
        self._answered = False

    async def receive(self) -> Message:
        if self._whole:
            # Only whether the sender hangs up: that may take as long as the answer does.
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise self._refuse(f"the body took longer than {self._bound.seconds:.0f} s to arrive") from None
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            if self._size > self._bound.size:
                raise self._refuse(f"the body is larger than {self._bound.size >> 10} KB")
            self._whole = not message.get("more_body", False)
        return message

    def _refuse(self, why: str) -> BadInput:
        self._refused = why
        return BadInput(why)

    async def send(self, message: Message) -> None:
        if not self._refused or (self._answered and message["type"] != "http.response.start"):
            await self._send(message)
            self._answered = True
            return
        if message["type"] == "http.response.start":
            # Whatever the application makes of a body that broke off: the sender hears why.
            refusal = problem("too_large", f"{self._refused}; send less, or over a faster line", 413)
            start = {"type": "http.response.start", "status": 413, "headers": refusal.raw_headers}
            await self._send(start)
            await self._send({"type": "http.response.body", "body": refusal.body})
