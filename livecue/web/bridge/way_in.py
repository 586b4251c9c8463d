"""In: batches of NDJSON over HTTP, and the same over a WebSocket. Every line gets its answer."""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Any

import zstandard
from fastapi import APIRouter, Depends, Request, Response, WebSocket, WebSocketDisconnect

from livecue.errors import BadInput, LiveCueError, Overloaded
from livecue.flow import Receipt, Sifted, read_lines
from livecue.team import TokenInfo
from livecue.web.auth import services
from livecue.web.bridge.tokens import TokenGuard
from livecue.web.json import answer, encode
from livecue.web.services import Services

router = APIRouter()
_write = TokenGuard("write")
MOST_RUNS = 100
"""Rows of lines that follow each other in a numbered batch: each becomes a batch of its own."""
_INLINE_BYTES = 1 << 20
"""Bodies up to this are decoded where they arrive; larger ones would hold up other senders."""


class WayIn:
    """Reads a body within its bounds and puts its events into the room."""

    def __init__(self, door: Services) -> None:
        self._door = door

    async def body_of(self, request: Request) -> bytes:
        """The body, unpacked. Raises ``BadInput`` when it is too large or comes too slowly."""
        limit = self._door.body_bytes
        said = request.headers.get("content-length", "")
        if said.isdecimal() and int(said) > limit:
            raise BadInput(f"a body of {int(said) >> 20} MB; send at most {limit >> 20} MB at once")
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._door.body_timeout_s):
                async for part in request.stream():
                    size += len(part)
                    if size > limit:
                        raise BadInput(f"the body is larger than {limit >> 20} MB; send less at once")
                    parts.append(part)
        except TimeoutError:
            raise BadInput(
                f"the body took longer than {self._door.body_timeout_s:.0f} s; send smaller batches"
            ) from None
        return unpack(b"".join(parts), request.headers.get("content-encoding", ""), limit)

    async def take(self, token: TokenInfo, body: bytes, connection: str, sequence: int) -> dict[str, Any]:
        """Append what is good in ``body`` and wait until it is durable."""
        door = self._door
        now = door.clock.now_ms()
        room = door.rooms().get(token.room)
        platform = room.platform if room else ""
        if len(body) <= _INLINE_BYTES:
            sifted = read_lines(body, now, platform)
        else:
            sifted = await asyncio.to_thread(read_lines, body, now, platform)
        if not sifted.events:
            return answer_of(sifted, [])
        door.pump.pressure.admit()
        # Numbers count lines as sent: behind a refused one a new row of them begins.
        runs = sifted.runs() if sequence >= 0 else [(0, len(sifted.events))]
        if len(runs) > MOST_RUNS:
            raise BadInput(
                f"{sifted.rejected_count} of the lines are refused, in {len(runs) - 1} places; in a numbered batch at"
                f" most {MOST_RUNS - 1} may be. Nothing was taken; the first: line {sifted.rejected[0].line}:"
                f" {sifted.rejected[0].message}"
            )
        waiting = [
            door.pump.post(
                token.room,
                sifted.events[first:end],
                source=f"bridge:{token.name}",
                connection=connection,
                sequence=sequence + sifted.place(first) if sequence >= 0 else -1,
            )
            for first, end in runs
        ]
        receipts = await asyncio.gather(*map(asyncio.wrap_future, waiting))
        return answer_of(sifted, [(first, receipt) for (first, _), receipt in zip(runs, receipts, strict=True)])


def answer_of(sifted: Sifted, receipts: Sequence[tuple[int, Receipt]]) -> dict[str, Any]:
    """What the sender hears of its lines; each receipt with the place of its first event.

    ``duplicates`` and ``duplicate_lines`` are null while the room is behind and cannot tell yet.
    """
    known = all(receipt.duplicates is not None for _, receipt in receipts)
    again = [sifted.line(first + place) for first, receipt in receipts for place in receipt.again]
    return {
        "accepted": sum(receipt.accepted for _, receipt in receipts),
        "duplicates": len(again) if known else None,
        "duplicate_lines": again if known else None,
        "rejected": sifted.rejected,
        "rejected_count": sifted.rejected_count,
        "number": receipts[-1][1].number if receipts else None,
    }


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo gzip or zstd, bounded: a small body must not become a large one."""
    if encoding in ("", "identity"):
        return body
    try:
        if encoding == "gzip":
            plain = _gunzip(body, limit)
        elif encoding == "zstd":
            plain = _unzstd(body, limit)
        else:
            raise BadInput(f"content-encoding {encoding!r} is unknown; send plain, gzip or zstd")
    except (zlib.error, zstandard.ZstdError) as error:
        raise BadInput(f"the {encoding} body cannot be unpacked: {error}") from error
    if len(plain) > limit:
        raise BadInput(f"the unpacked body is larger than {limit >> 20} MB; send less at once")
    return plain


def _gunzip(body: bytes, limit: int) -> bytes:
    """Every member, one behind the other, until there is more than ``limit``."""
    plain: list[bytes] = []
    size = 0
    while body and size <= limit:
        unpacker = zlib.decompressobj(31)
        plain.append(unpacker.decompress(body, limit + 1 - size))
        size += len(plain[-1])
        if not unpacker.eof and size <= limit:
            raise BadInput("the gzip body is cut off")
        body = unpacker.unused_data
    return b"".join(plain)


def _unzstd(body: bytes, limit: int) -> bytes:
    """Every frame, one behind the other, until there is more than ``limit``: a frame may lie about its size."""
    with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as reader:
        plain: bytes = reader.read(limit + 1)
    # The reader says nothing of a frame that is cut off; what is known to be small may be unpacked without bounds.
    while body and len(plain) <= limit:
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        unpacker.decompress(body)
        if not unpacker.eof:
            raise BadInput("the zstd body is cut off")
        body = unpacker.unused_data
    return plain


def _numbers(connection: str, sequence: str) -> tuple[str, int]:
    if not connection and not sequence:
        return "", -1
    if not connection or len(connection) > 100 or not sequence.isdecimal() or len(sequence) > 15:
        raise BadInput("X-LiveCue-Connection (a name) and X-LiveCue-Sequence (number of the first line) go together")
    return connection, int(sequence)


@router.post("/bridge/v1/rooms/{room}/events")
async def post_events(request: Request, room: str, token: TokenInfo = Depends(_write)) -> Response:
    """NDJSON, one event a line; kinds and fields as in the event reference.

    Optional headers ``X-LiveCue-Connection`` and ``X-LiveCue-Sequence`` number mass events (likes, entries, clicks)
    so that a repeated batch counts once without keys.
    """
    way = WayIn(services(request))
    connection, sequence = _numbers(
        request.headers.get("x-livecue-connection", ""), request.headers.get("x-livecue-sequence", "")
    )
    return answer(await way.take(token, await way.body_of(request), connection, sequence))


@router.websocket("/bridge/v1/rooms/{room}/socket")
async def socket(websocket: WebSocket, room: str) -> None:
    """Each message is NDJSON; each is answered by one JSON object as the HTTP door answers."""
    door: Services = websocket.app.state.services
    try:
        token = _write.check(door, websocket.headers.get("authorization", ""), room)
    except LiveCueError as error:
        await websocket.close(4403, str(error)[:120])
        return
    await websocket.accept()
    way = WayIn(door)
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            body = message.get("bytes") or (message.get("text") or "").encode()
            try:
                _write.check(door, websocket.headers.get("authorization", ""), room)
                if len(body) > door.body_bytes:
                    raise BadInput(f"a message is larger than {door.body_bytes >> 20} MB")
                said: dict[str, Any] = await way.take(token, body, "", -1)
            except Overloaded as error:
                said = {"error": error.code, "message": str(error), "retry_after_s": error.retry_after_s}
            except LiveCueError as error:
                said = {"error": error.code, "message": str(error)}
            await websocket.send_bytes(encode(said))
    except WebSocketDisconnect:
        return
