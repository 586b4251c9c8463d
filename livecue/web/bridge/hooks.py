"""Webhooks: subscriptions to a room's committed events. ``app`` delivers them; here they are made and listed."""

import contextlib
import ipaddress
import secrets
import socket
from typing import Any
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import BadInput, NotFound
from livecue.events import EVENT_KINDS
from livecue.kit import new_id
from livecue.store import Reader, Writer, read_cursor
from livecue.web.auth import Caller, Guard, apply, note, room_of, services
from livecue.web.json import answer

router = APIRouter()
MOST_HOOKS = 20
HOOK_SIGNATURE = "X-LiveCue-Signature"
HOOK_TIME = "X-LiveCue-Time"
HOOK_ROOM = "X-LiveCue-Room"
HOOK_AFTER = "X-LiveCue-After"
HEADERS = {
    HOOK_SIGNATURE: (
        "`sha256=` and the hex HMAC-SHA256, keyed with the hook's secret, of the time header, a dot, and the body"
    ),
    HOOK_TIME: "when it was sent, ms UTC; refuse what is older than a few minutes",
    HOOK_ROOM: "the room's id",
    HOOK_AFTER: "the lines stand in batches after this number",
}
"""What each delivery carries in its head."""

_COLUMNS = "hook, room, url, secret, kinds, made_at, position, failures, next_at, error"


class Hook(msgspec.Struct, frozen=True):
    """A subscription: batches after ``position`` are still to be told; the secret signs what is sent."""

    hook: str
    room: str
    url: str
    secret: str
    kinds: tuple[str, ...]
    made_at: int
    position: int
    failures: int
    next_at: int
    error: str


def list_hooks(db: Reader, room: str) -> list[Hook]:
    """The room's subscriptions."""
    return [_hook(row) for row in db.rows(f"SELECT {_COLUMNS} FROM webhooks WHERE room = ? ORDER BY made_at", (room,))]


def open_hooks(db: Reader) -> list[Hook]:
    """Every subscription of a room that is there: those of removed rooms rest where they are."""
    there = "room IN (SELECT room FROM rooms WHERE removed = 0)"
    return [_hook(row) for row in db.rows(f"SELECT {_COLUMNS} FROM webhooks WHERE {there} ORDER BY hook")]


def _hook(row: Any) -> Hook:
    return Hook(row[0], row[1], row[2], row[3], tuple(filter(None, row[4].split(","))), *row[5:])


class NewHook(BaseModel):
    """Where to post, and what; no kinds means all."""

    url: str = Field(min_length=8, max_length=1000)
    kinds: list[str] = Field(default_factory=list, max_length=100)


@router.get("/api/rooms/{room}/webhooks")
async def webhooks(request: Request, room: str, caller: Caller = Depends(Guard("approve"))) -> Response:
    """The room's subscriptions, without their secrets."""
    found = [{**msgspec.structs.asdict(hook), "secret": ""} for hook in list_hooks(services(request).reader, room)]
    return answer(found)


@router.post("/api/rooms/{room}/webhooks", status_code=201)
async def add_webhook(
    request: Request, room: str, body: NewHook, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """Subscribe an address from now on; this answer is the only place that shows the secret."""
    door, info = services(request), room_of(request, room)
    check_url(body.url)
    unknown = set(body.kinds) - EVENT_KINDS.keys()
    if unknown:
        raise BadInput(f"unknown kinds: {', '.join(sorted(unknown))}")
    if len(list_hooks(door.reader, room)) >= MOST_HOOKS:
        raise BadInput(f"a room has at most {MOST_HOOKS} webhooks; remove one first")
    hook, secret, now = new_id(), secrets.token_urlsafe(32), door.clock.now_ms()

    def work(writer: Writer) -> None:
        writer.write(
            "INSERT INTO webhooks (org, brand, room, hook, url, secret, kinds, made_at, position)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (info.org, info.brand, room, hook, body.url, secret, ",".join(body.kinds), now, read_cursor(writer, room)),
        )

    def noted(writer: Writer) -> None:
        work(writer)
        note(writer, info, now, caller, "WebhookAdded", hook)

    await apply(door, noted)
    return answer({"hook": hook, "secret": secret}, 201)


@router.delete("/api/rooms/{room}/webhooks/{hook}", status_code=204)
async def remove_webhook(
    request: Request, room: str, hook: str, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """End a subscription."""

    door, info = services(request), room_of(request, room)

    def work(writer: Writer) -> int:
        gone = writer.write("DELETE FROM webhooks WHERE room = ? AND hook = ?", (room, hook))
        if gone:
            note(writer, info, door.clock.now_ms(), caller, "WebhookRemoved", hook)
        return gone

    if not await apply(door, work):
        raise NotFound("there is no such webhook")
    return Response(status_code=204)


def check_url(url: str) -> None:
    """Raises ``BadInput`` unless it is an http(s) address without credentials that is no cloud-metadata door."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadInput(f"this is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or port == 0:
        raise BadInput("a webhook needs an http:// or https:// address without a name and password in it")
    try:
        parts.hostname.encode("idna")
        written = [parts.hostname]
        with contextlib.suppress(OSError):
            # 2852039166 and 0xa9fea9fe are addresses as well.
            written.append(socket.inet_ntoa(socket.inet_aton(parts.hostname)))
    except (UnicodeError, ValueError) as error:
        raise BadInput(f"this is no address: {parts.hostname!r} is no name of a machine") from error
    if any(map(_barred, written)):
        raise BadInput("this address is not one a webhook may be sent to")


def check_reached(url: str) -> None:
    """Raises ``ValueError`` when the name in an address leads to one that ``check_url`` refuses; asks the resolver."""
    host = urlsplit(url).hostname or ""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        # Not found: posting says so in its own words.
        return
    if any(map(_barred, found)):
        raise ValueError(f"{host} leads to an address that a webhook may not be sent to")


def _barred(address: str) -> bool:
    """Whether it is an address at all, and one of a cloud's own doors, of many machines or of none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_link_local or found.is_multicast or found.is_unspecified
