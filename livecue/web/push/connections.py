"""Connections that platforms push to: made in the office, their secrets written and never shown again."""

import hashlib
import secrets
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import BadInput, NotFound
from livecue.kit import new_id
from livecue.store import Reader, Writer
from livecue.web.auth import Caller, Guard, apply, note, room_of, services
from livecue.web.json import answer
from livecue.web.pushers import PushKind
from livecue.web.services import Services

router = APIRouter()
MOST_CONNECTIONS = 20
_COLUMNS = (
    "connection, room, integration, name, settings, only_rooms, made_at, taken, refused, replayed, elsewhere,"
    " last_at, error, error_at"
)


class Connection(msgspec.Struct, frozen=True):
    """A door for one integration's pushes into one room. ``settings`` holds secrets: never answer with it.

    ``only`` are the vendor's own room ids whose pushes are taken, all when empty. ``taken`` counts pushes, ``refused``
    those that were not genuine or not readable, ``replayed`` repeated ones, ``elsewhere`` those of other rooms.
    """

    connection: str
    room: str
    integration: str
    name: str
    settings: dict[str, str]
    only: tuple[str, ...]
    made_at: int
    taken: int
    refused: int
    replayed: int
    elsewhere: int
    last_at: int
    error: str
    error_at: int


def hashed(address: str) -> str:
    """How the secret part of an address is kept."""
    return hashlib.sha256(address.encode()).hexdigest()


def _connection(row: Any) -> Connection:
    settings = msgspec.json.decode(row[4], type=dict[str, str])
    return Connection(row[0], row[1], row[2], row[3], settings, tuple(filter(None, row[5].split(","))), *row[6:])


def list_connections(db: Reader, room: str) -> list[Connection]:
    """The room's connections, oldest first."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM push_connections WHERE room = ? ORDER BY made_at, connection", (room,))
    return [_connection(row) for row in rows]


def find_connection(db: Reader, address: str) -> Connection | None:
    """The connection that is called by this secret address."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM push_connections WHERE address = ?", (hashed(address),))
    return _connection(rows[0]) if rows else None


class NewConnection(BaseModel):
    """A connection to make."""

    integration: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\s:]+$")
    settings: dict[str, str] = Field(default_factory=dict, max_length=40)
    only: list[str] = Field(default_factory=list, max_length=50)


class ChangedConnection(BaseModel):
    """What is to change: settings left out stay, "" forgets one."""

    settings: dict[str, str] = Field(default_factory=dict, max_length=40)
    only: list[str] | None = Field(default=None, max_length=50)


@router.get("/api/push-kinds")
async def push_kinds(request: Request, caller: Caller = Depends(Guard("approve"))) -> Response:
    """Integrations that take pushes, with the settings they need."""
    door = services(request)
    return answer(door.pushers.kinds() if door.pushers else [])


@router.get("/api/rooms/{room}/pushes")
async def connections(request: Request, room: str, caller: Caller = Depends(Guard("approve"))) -> Response:
    """The room's connections; of secrets only whether they are set."""
    return answer([_shown(one) for one in list_connections(services(request).reader, room)])


def _shown(one: Connection) -> dict[str, Any]:
    shown = msgspec.structs.asdict(one)
    del shown["settings"]
    return shown | {"set": sorted(name for name, value in one.settings.items() if value)}


@router.post("/api/rooms/{room}/pushes", status_code=201)
async def add_connection(
    request: Request, room: str, body: NewConnection, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """Open a door; this answer is the only place that shows its secret address."""
    door, info = services(request), room_of(request, room)
    if info.nature not in ("real", "rehearsed"):
        raise BadInput("a simulated or replayed room takes nothing from a platform; choose a real one")
    kind = _kind(door, body.integration)
    settings = _checked(kind, body.settings)
    known = list_connections(door.reader, room)
    if len(known) >= MOST_CONNECTIONS:
        raise BadInput(f"a room has at most {MOST_CONNECTIONS} connections; remove one first")
    if any(one.name == body.name for one in known):
        raise BadInput(f"there is a connection {body.name!r} in this room already; choose another name")
    connection, address, now = new_id(), secrets.token_urlsafe(32), door.clock.now_ms()
    only = _ids(body.only)

    def work(writer: Writer) -> None:
        writer.write(
            "INSERT INTO push_connections (org, brand, room, connection, integration, name, address, settings,"
            " only_rooms, made_at) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                *(info.org, info.brand, room, connection, kind.id, body.name, hashed(address)),
                *(msgspec.json.encode(settings).decode(), only, now),
            ),
        )
        note(writer, info, now, caller, "PushConnectionAdded", connection)

    await apply(door, work)
    return answer({"connection": connection, "address": f"/push/v1/{address}"}, 201)


@router.put("/api/rooms/{room}/pushes/{connection}", status_code=204)
async def change_connection(
    request: Request, room: str, connection: str, body: ChangedConnection, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """Write other secrets, or take the pushes of other rooms of the platform."""
    door, info = services(request), room_of(request, room)
    one = _one(door, room, connection)
    settings = one.settings | _checked(_kind(door, one.integration), body.settings)
    kept = {name: value for name, value in settings.items() if value}
    only = ",".join(one.only) if body.only is None else _ids(body.only)

    def work(writer: Writer) -> None:
        writer.write(
            "UPDATE push_connections SET settings = ?, only_rooms = ? WHERE room = ? AND connection = ?",
            (msgspec.json.encode(kept).decode(), only, room, connection),
        )
        note(writer, info, door.clock.now_ms(), caller, "PushConnectionChanged", connection)

    await apply(door, work)
    return Response(status_code=204)


@router.post("/api/rooms/{room}/pushes/{connection}/address", status_code=201)
async def new_address(
    request: Request, room: str, connection: str, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """Another secret address; the old one is shut at once."""
    door, info = services(request), room_of(request, room)
    _one(door, room, connection)
    address = secrets.token_urlsafe(32)

    def work(writer: Writer) -> None:
        writer.write(
            "UPDATE push_connections SET address = ? WHERE room = ? AND connection = ?",
            (hashed(address), room, connection),
        )
        note(writer, info, door.clock.now_ms(), caller, "PushAddressChanged", connection)

    await apply(door, work)
    return answer({"connection": connection, "address": f"/push/v1/{address}"}, 201)


@router.delete("/api/rooms/{room}/pushes/{connection}", status_code=204)
async def remove_connection(
    request: Request, room: str, connection: str, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """Shut a door and forget its secrets."""
    door, info = services(request), room_of(request, room)
    _one(door, room, connection)

    def work(writer: Writer) -> None:
        writer.write("DELETE FROM push_connections WHERE room = ? AND connection = ?", (room, connection))
        writer.write("DELETE FROM push_nonces WHERE connection = ?", (connection,))
        note(writer, info, door.clock.now_ms(), caller, "PushConnectionRemoved", connection)

    await apply(door, work)
    return Response(status_code=204)


def _one(door: Services, room: str, connection: str) -> Connection:
    for one in list_connections(door.reader, room):
        if one.connection == connection:
            return one
    raise NotFound("there is no such connection")


def _kind(door: Services, integration: str) -> PushKind:
    kinds = {kind.id: kind for kind in (door.pushers.kinds() if door.pushers else [])}
    if integration not in kinds:
        raise BadInput(f"{integration!r} takes no pushes; these do: {', '.join(kinds) or 'none'}")
    return kinds[integration]


def _checked(kind: PushKind, given: dict[str, str]) -> dict[str, str]:
    known = {setting.name for setting in kind.settings}
    unknown = given.keys() - known
    if unknown:
        raise BadInput(f"unknown settings: {', '.join(sorted(unknown))}; {kind.id} has {', '.join(sorted(known))}")
    long = [name for name, value in given.items() if len(value) > 2_000]
    if long:
        raise BadInput(f"{', '.join(long)}: at most 2,000 characters")
    return {name: value.strip() for name, value in given.items()}


def _ids(rooms: list[str]) -> str:
    cleaned = [name.strip() for name in rooms if name.strip()]
    if any("," in name or len(name) > 100 for name in cleaned):
        raise BadInput("a room id of the platform has no comma and at most 100 characters")
    return ",".join(cleaned)
