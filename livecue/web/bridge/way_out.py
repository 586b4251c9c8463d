"""Out: every committed event of a room in order, as a stream one can leave and come back to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

from livecue.errors import BadInput, LiveCueError
from livecue.events import EVENT_KINDS, ClockTicked, Event
from livecue.store import read_committed, read_cursor
from livecue.team import TokenInfo
from livecue.web.auth import services
from livecue.web.bridge.tokens import TokenGuard
from livecue.web.services import Services

router = APIRouter()
_read = TokenGuard("read")
_encode = msgspec.json.Encoder().encode
_PAGE = 200
_SILENT_S = 2
"""How often a stream with nothing to say looks whether it may go on."""

Committed = tuple[int, list[Event]]


def _page(door: Services, room: str, after: int, upto: int) -> list[Committed]:
    return list(read_committed(door.reader, room, after, upto))


async def follow(door: Services, room: str, after: int) -> AsyncIterator[Committed | None]:
    """Batches after number ``after``, then new ones as they are committed, without a gap; None each 2 s of silence.

    It ends when the room is removed.
    """
    number = after
    while True:
        tap = door.bus.tap(room)
        try:
            upto = await asyncio.to_thread(read_cursor, door.reader, room)
            # A number of a journal that is no more (an older backup was restored): what comes now is news all the same.
            number = min(number, upto)
            while number < upto:
                page = await asyncio.to_thread(_page, door, room, number, min(number + _PAGE, upto))
                for item in page:
                    yield item
                number = min(number + _PAGE, upto)
            while not tap.overrun:
                try:
                    news = await asyncio.wait_for(tap.take(), _SILENT_S)
                except TimeoutError:
                    yield None
                    continue
                if room not in door.rooms():
                    return
                if any(later > earlier + 1 for earlier, later in pairwise((number, *(at for at, _ in news)))):
                    # Something in between was not told here (another program owns the room): read the journal again.
                    break
                for at, events in news:
                    if at > number:
                        number = at
                        yield at, list(events)
        finally:
            door.bus.untap(room, tap)


def lines_of(number: int, events: Sequence[Event], kinds: frozenset[str]) -> list[bytes]:
    """One JSON object an event: the event with ``number`` (of its batch) and ``place`` in it."""
    out = []
    for place, event in enumerate(events):
        name = type(event).__name__
        if type(event) is not ClockTicked and (not kinds or name in kinds):
            raw: dict[str, Any] = {"number": number, "place": place, **msgspec.to_builtins(event)}
            out.append(_encode(raw))
    return out


def _kinds(text: str) -> frozenset[str]:
    asked = frozenset(filter(None, text.split(",")))
    unknown = asked - EVENT_KINDS.keys()
    if unknown:
        raise BadInput(f"unknown kinds: {', '.join(sorted(unknown))}")
    return asked


@router.get("/bridge/v1/rooms/{room}/stream")
async def stream(
    request: Request, room: str, after: int = -1, kinds: str = "", token: TokenInfo = Depends(_read)
) -> Response:
    """Server-sent events: ``id`` is the batch number to come back with (``Last-Event-ID`` or ``?after=``).

    Without a number the stream begins now. ``kinds`` narrows to a comma-separated list. It ends with the event
    ``over`` when the token is revoked or over.
    """
    door = services(request)
    wanted = _kinds(kinds)
    last = request.headers.get("last-event-id", "")
    start = int(last) if last.isdecimal() else after
    if start < 0:
        start = read_cursor(door.reader, room)

    async def body() -> AsyncIterator[bytes]:
        async for item in follow(door, room, start):
            try:
                _read.check(door, request.headers.get("authorization", ""), room)
            except LiveCueError as error:
                yield b"event: over\ndata: %b\n\n" % _encode({"code": error.code})
                return
            if item is None:
                yield b": alive\n\n"
                continue
            lines = lines_of(item[0], item[1], wanted)
            if lines:
                yield b"".join(b"id: %d\nevent: event\ndata: %b\n\n" % (item[0], line) for line in lines)

    return StreamingResponse(body(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.websocket("/bridge/v1/rooms/{room}/listen")
async def listen(websocket: WebSocket, room: str) -> None:
    """The same over a WebSocket: one JSON object a message; ``?after=`` and ``?kinds=`` as above."""
    door: Services = websocket.app.state.services
    try:
        _read.check(door, websocket.headers.get("authorization", ""), room)
        wanted = _kinds(websocket.query_params.get("kinds", ""))
    except LiveCueError as error:
        await websocket.close(4403, str(error)[:120])
        return
    await websocket.accept()
    after = websocket.query_params.get("after", "")
    start = int(after) if after.isdecimal() else read_cursor(door.reader, room)
    gone = asyncio.create_task(_until_gone(websocket))
    try:
        async for item in follow(door, room, start):
            if gone.done():
                return
            try:
                _read.check(door, websocket.headers.get("authorization", ""), room)
            except LiveCueError as error:
                await websocket.close(4403, str(error)[:120])
                return
            if item is not None:
                for line in lines_of(item[0], item[1], wanted):
                    await websocket.send_bytes(line)
        await websocket.close(4404, "the room was removed")
    except WebSocketDisconnect:
        return
    finally:
        gone.cancel()


async def _until_gone(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue
