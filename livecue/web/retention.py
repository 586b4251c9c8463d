"""What is kept for how long, legal holds, and the erasure of a person."""

import asyncio
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotAllowed, NotFound
from livecue.store import (
    Hold,
    find_guest,
    find_viewer,
    kept_classes,
    lift_hold,
    list_erasures,
    list_holds,
    place_hold,
    unclassed_tables,
)
from livecue.web.auth import Caller, Guard, apply, services
from livecue.web.json import answer

router = APIRouter()


class NewHold(BaseModel):
    """A hold to be placed; ``until`` (ms) 0 is until it is lifted."""

    brand: str = Field(default="", max_length=200)
    room: str = Field(default="", max_length=200)
    why: str = Field(min_length=1, max_length=500)
    until: int = Field(default=0, ge=0)


class NewErasure(BaseModel):
    """Whom to erase: the platform's id of the viewer, or the name of a guest of activities (``kind`` guest).

    ``why`` must not name the person.
    """

    kind: Literal["viewer", "guest"] = "viewer"
    viewer: str = Field(min_length=2, max_length=200)
    platform: str = Field(default="", max_length=60)
    why: str = Field(min_length=1, max_length=500)


def _whole(caller: Caller, permission: str) -> str:
    """The organisation, when the caller may act for all of it. Raises ``NotAllowed``."""
    org = caller.person.org
    if not any(grant.brand == "" and caller.may(permission, org, "") for grant in caller.person.grants):
        raise NotAllowed(f"this needs the permission {permission!r} for the whole organisation")
    return org


@router.get("/api/retention")
async def retention(request: Request, caller: Caller = Depends(Guard("audit"))) -> Response:
    """Classes of what is kept, what is due to be deleted now, holds, and requests to erase a person."""
    org = _whole(caller, "audit")
    door = services(request)
    if door.retention is None:
        raise NotFound("this program deletes nothing")
    now = door.clock.now_ms()
    found: dict[str, Any] = {
        "classes": kept_classes(now),
        "due": await asyncio.to_thread(door.retention.due, now, org),
        "unclassed": unclassed_tables(),
        "holds": await asyncio.to_thread(list_holds, door.reader, org),
        "erasures": await asyncio.to_thread(list_erasures, door.reader, org, now),
    }
    return answer(found)


@router.post("/api/retention/holds")
async def hold(request: Request, body: NewHold, caller: Caller = Depends(Guard("approve"))) -> Response:
    """Keep everything of a room, a brand or the organisation from deletion, from now on."""
    org, door = _whole(caller, "approve"), services(request)
    if body.room:
        info = door.rooms().get(body.room)
        if info is None or info.org != org:
            raise NotFound("there is no such room")
        body.brand = info.brand
    wanted = Hold(
        org=org,
        brand=body.brand,
        room=body.room,
        hold="",
        why=body.why,
        made_by=caller.person.person,
        made_at=door.clock.now_ms(),
        until=body.until,
    )
    return answer(await apply(door, lambda writer: place_hold(writer, wanted)), 201)


@router.delete("/api/retention/holds/{hold}")
async def lift(request: Request, hold: str, caller: Caller = Depends(Guard("approve"))) -> Response:
    """End a hold; what is due by then is deleted at the next run."""
    org, door = _whole(caller, "approve"), services(request)
    now, who = door.clock.now_ms(), caller.person.person
    await apply(door, lambda writer: lift_hold(writer, org, hold, who, now))
    return answer({"lifted": hold})


@router.post("/api/retention/erasures/preview")
async def preview(request: Request, body: NewErasure, caller: Caller = Depends(Guard("approve"))) -> Response:
    """What is kept of a person, and what stands in the way of erasing it. Nothing is changed."""
    org, door = _whole(caller, "approve"), services(request)
    if body.kind == "guest":
        return answer(await asyncio.to_thread(find_guest, door.reader, org, body.viewer.strip()))
    found = await asyncio.to_thread(find_viewer, door.reader, org, body.viewer, body.platform, door.clock.now_ms())
    return answer(found)


@router.post("/api/retention/erasures")
async def erase(request: Request, body: NewErasure, caller: Caller = Depends(Guard("approve"))) -> Response:
    """Erase a person: id, names and words go, counts and money stay. Backups made before still hold both."""
    org, door = _whole(caller, "approve"), services(request)
    if door.eraser is None:
        raise NotFound("this program deletes nothing")
    now, who = door.clock.now_ms(), caller.person.person
    if body.kind == "guest":
        asked = await asyncio.to_thread(door.eraser.ask_guest, org, body.viewer, body.why, who, now)
    else:
        asked = await asyncio.to_thread(door.eraser.ask, org, body.viewer, body.platform, body.why, who, now)
    if door.begin_erasing is not None:
        door.begin_erasing()
    return answer({"erasure": asked}, 202)
