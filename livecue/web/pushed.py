"""A stream of events to a screen, written by the short way: what lies between a frame and its socket is paid for every
screen, many times a second."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

SERVERS_SEND = "livecue.send"
"""Where the outermost layer puts the server's own ``send``: what is said after the head needs no layer in between."""


class Pushed(Response):
    """Server-sent events. Its head goes through every layer, as any answer's does; the events go straight out."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts
        self.status_code = 200
        self.background = None
        self.media_type = "text/event-stream"
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the events end or the reader goes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        telling = asyncio.ensure_future(self._tell(scope.get(SERVERS_SEND, send)))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = telling.done()
            telling.cancel()
            leaving.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)
        if ended:
            telling.result()

    async def _tell(self, send: Send) -> None:
        async for part in self._parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
