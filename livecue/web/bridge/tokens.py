"""Tokens of the bridge: made and revoked in the office, shown once, stored as hashes."""

import time
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotAllowed, NotFound
from livecue.team import TokenInfo, find_token, list_tokens, new_token, revoke_token
from livecue.web.auth import Caller, Guard, apply, note, room_of, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
DAY_MS = 24 * 3600 * 1000
_REMEMBERED_S = 2.0


class BadToken(NotAllowed):
    """The bridge token is missing, wrong, revoked, over or for something else."""

    code = "bad_token"


class TokenGuard:
    """Asks for a bridge token of the room with ``scope`` (write or read). Its answer is remembered for two seconds."""

    def __init__(self, scope: str) -> None:
        self.permission = f"token:{scope}"
        self._scope = scope
        self._known: dict[tuple[int, str], tuple[float, TokenInfo]] = {}

    def check(self, door: Services, authorization: str, room: str) -> TokenInfo:
        """The token, or ``BadToken``; ``NotFound`` when its room is gone."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise BadToken("send the header `Authorization: Bearer <token>`; tokens are made in Office > Connect")
        known = self._known.get((id(door), token))
        moment = time.monotonic()
        if known is None or moment - known[0] > _REMEMBERED_S:
            found = find_token(door.reader, token, door.clock.now_ms())
            if found is None:
                raise BadToken("this token is unknown, revoked or over; make a new one in Office > Connect")
            if len(self._known) > 1000:
                self._known.clear()
            known = self._known[id(door), token] = (moment, found)
        found = known[1]
        if found.room != room or found.scope not in (self._scope, "both"):
            raise BadToken(f"this token is not for {self._scope} in this room")
        if room not in door.rooms():
            raise NotFound("there is no such room")
        return found

    async def __call__(self, request: Request) -> TokenInfo:
        room = str(request.path_params["room"])
        return self.check(services(request), request.headers.get("authorization", ""), room)


class NewToken(BaseModel):
    """A token to make."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\s:]+$")
    scope: str = Field(default="write", pattern="^(write|read|both)$")
    days: int = Field(default=90, ge=1, le=3650)


@router.get("/api/rooms/{room}/tokens")
async def tokens(request: Request, room: str, caller: Caller = Depends(Guard("approve"))) -> Response:
    """The room's tokens, without the tokens themselves."""
    return answer(list_tokens(services(request).reader, room))


@router.post("/api/rooms/{room}/tokens", status_code=201)
async def make_token(
    request: Request, room: str, body: NewToken, caller: Caller = Depends(Guard("approve"))
) -> Response:
    """Make a token; this answer is the only place that shows it."""
    door, info = services(request), room_of(request, room)
    now = door.clock.now_ms()

    def work(writer: Any) -> str:
        note(writer, info, now, caller, "TokenMade", body.name)
        return new_token(writer, info.org, info.brand, room, body.name, body.scope, now, body.days * DAY_MS)

    token = await apply(door, work)
    return answer({"name": body.name, "scope": body.scope, "token": token, "expires_at": now + body.days * DAY_MS}, 201)


@router.delete("/api/rooms/{room}/tokens/{name}", status_code=204)
async def drop_token(request: Request, room: str, name: str, caller: Caller = Depends(Guard("approve"))) -> Response:
    """Revoke the tokens of that name; senders learn of it within two seconds."""
    door, info = services(request), room_of(request, room)

    def work(writer: Any) -> None:
        revoke_token(writer, room, name)
        note(writer, info, door.clock.now_ms(), caller, "TokenRevoked", name)

    await apply(door, work)
    return Response(status_code=204)
