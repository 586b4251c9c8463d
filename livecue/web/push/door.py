"""One push: from a secret address through the translator into the room's journal, answered as the vendor wants it."""

import asyncio
import logging

from fastapi import APIRouter, Depends, Request, Response

from livecue.errors import AuthFailed, BadInput, BadPayload, LiveCueError, StoreFailed
from livecue.flow import keyed_all, unmasked
from livecue.store import Writer
from livecue.web.auth import services
from livecue.web.bridge.tokens import BadToken
from livecue.web.json import problem
from livecue.web.push.connections import Connection, find_connection
from livecue.web.pushers import Verified
from livecue.web.services import Services

_log = logging.getLogger("livecue.web")
router = APIRouter()
BODY_BYTES = 2 << 20
"""Vendors push some hundred items at once: far below this."""
_INLINE_BYTES = 64 << 10
BODY_S = 10.0


class PushGuard:
    """The secret in the address opens the door; the signature of the push is then its translator's to check."""

    permission = "token:push"

    def __call__(self, request: Request) -> Connection:
        found = find_connection(services(request).reader, str(request.path_params["address"]))
        if found is None:
            raise BadToken("this address is unknown or shut; the platform must call the one shown in Office > Connect")
        if found.room not in services(request).rooms():
            raise BadToken("the room of this address was removed")
        return found


@router.post("/push/v1/{address}")
async def push(request: Request, address: str, connection: Connection = Depends(PushGuard())) -> Response:
    """Take a platform's push: verified, translated, durable, then answered as the platform wants it.

    401 is "not genuine", 400 "not readable", 409 "this very push was here before", 429 and 503 "come again".
    """
    door = services(request)
    if door.pushers is None:
        raise BadInput("this program takes no pushes")
    now = door.clock.now_ms()
    body = await _body(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        if len(body) <= _INLINE_BYTES:
            found = door.pushers.receive(connection.integration, headers, body, connection.settings, now)
        else:
            found = await asyncio.to_thread(
                door.pushers.receive, connection.integration, headers, body, connection.settings, now
            )
    except (AuthFailed, BadPayload) as error:
        await _refused(door, connection, str(error), now)
        return problem(error.code, str(error), 401 if isinstance(error, AuthFailed) else 400)
    except LiveCueError:
        raise
    except Exception as error:
        # A hole in a translator must not look like the vendor's fault, and its body may hold people's data.
        _log.error("push to %s: the translator failed: %s", connection.integration, type(error).__name__)
        await _refused(door, connection, f"the translator failed: {type(error).__name__}", now)
        return problem("defect", "the push could not be translated; the office shows it", 500)
    if connection.only and found.room not in connection.only:
        await _count(door, connection, "elsewhere", now)
        return _reply(found)
    if found.nonce and _seen(door, connection, found.nonce, now):
        await _count(door, connection, "replayed", now)
        return problem("replayed", "this very push was taken before", 409)
    try:
        async with asyncio.timeout(found.within_ms / 1000):
            await _take(door, connection, found, now)
    except TimeoutError:
        raise StoreFailed("not durable in the time the platform allows; send it again, nothing counts twice") from None
    return _reply(found)


async def _body(request: Request) -> bytes:
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > BODY_BYTES:
        raise BadInput(f"a push of {int(said) >> 10} KB; at most {BODY_BYTES >> 10} KB are taken")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                size += len(part)
                if size > BODY_BYTES:
                    raise BadInput(f"the push is larger than {BODY_BYTES >> 10} KB")
                parts.append(part)
    except TimeoutError:
        raise BadInput(f"the push took longer than {BODY_S:.0f} s to arrive") from None
    return b"".join(parts)


def _reply(found: Verified) -> Response:
    return Response(found.reply, status_code=found.status, media_type="application/json")


def _seen(door: Services, connection: Connection, nonce: str, now: int) -> bool:
    rows = door.reader.rows(
        "SELECT 1 FROM push_nonces WHERE connection = ? AND nonce = ? AND until > ?",
        (connection.connection, nonce, now),
    )
    return bool(rows)


async def _take(door: Services, connection: Connection, found: Verified, now: int) -> None:
    """Journal first, nonce second: a fault between the two costs a second push whose keys are known."""
    if found.events:
        door.pump.pressure.admit()
        events = unmasked(keyed_all(found.events), door.rooms()[connection.room].platform)
        future = door.pump.post(connection.room, events, source=f"push:{connection.name}")
        await asyncio.wrap_future(future)

    def work(writer: Writer) -> None:
        writer.write(
            "UPDATE push_connections SET taken = taken + 1, last_at = ? WHERE connection = ?",
            (now, connection.connection),
        )
        if found.nonce:
            writer.write("DELETE FROM push_nonces WHERE connection = ? AND until <= ?", (connection.connection, now))
            writer.write(
                "INSERT INTO push_nonces (org, brand, connection, nonce, until)"
                " SELECT org, brand, connection, ?, ? FROM push_connections WHERE connection = ?"
                " ON CONFLICT (connection, nonce) DO UPDATE SET until = excluded.until",
                (found.nonce, now + found.nonce_ms, connection.connection),
            )

    await asyncio.wrap_future(door.pump.run(work))


_COUNTED = {
    "elsewhere": "UPDATE push_connections SET elsewhere = elsewhere + 1, last_at = ? WHERE connection = ?",
    "replayed": "UPDATE push_connections SET replayed = replayed + 1, last_at = ? WHERE connection = ?",
}


async def _count(door: Services, connection: Connection, what: str, now: int) -> None:
    statement = _COUNTED[what]
    await asyncio.wrap_future(door.pump.run(lambda writer: writer.write(statement, (now, connection.connection))))


async def _refused(door: Services, connection: Connection, why: str, now: int) -> None:
    def work(writer: Writer) -> None:
        writer.write(
            "UPDATE push_connections SET refused = refused + 1, error = ?, error_at = ? WHERE connection = ?",
            (why[:300], now, connection.connection),
        )

    await asyncio.wrap_future(door.pump.run(work))
