"""Taking a room off the lists and bringing it back. Nothing is deleted: rows are kept as the law asks."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from livecue.errors import Conflict, NotFound
from livecue.events import RoomRemoved, RoomSaved
from livecue.shows import list_removed, list_shows
from livecue.store import HOUSE, AuditSearch, Writer, list_audit
from livecue.team import list_people
from livecue.web.auth import Caller, Guard, apply, room_of, services
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json

router = APIRouter()


class OnAir(Conflict):
    """The room's show must end first."""

    code = "on_air"


class Restored(BaseModel):
    """The room that shall come back."""

    room: str


@router.delete("/api/rooms/{room}")
async def remove_room(request: Request, room: str, caller: Caller = Depends(Guard("plan"))) -> Response:
    """Take a room off every list: its tokens, webhooks, streams and screens stop at once, its rows stay.

    Refused while a show is on air. Actions that have not left yet are held for a person.
    """
    door = services(request)
    if any(show.status == "on_air" for show in list_shows(door.reader, room, 20)):
        raise OnAir("a show of this room is on air; end it first")

    def hold(writer: Writer) -> None:
        # A restored room must not do all at once what was asked of it long ago.
        writer.write(
            "UPDATE outbox SET state = 'held', why = 'the room was removed' WHERE room = ? AND state = 'pending'",
            (room,),
        )

    await apply(door, hold)
    info = room_of(request, room)
    event = RoomRemoved(room=room, org=info.org, brand=info.brand)
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


@router.get("/api/rooms/removed")
async def removed_rooms(request: Request, caller: Caller = Depends(Guard("plan"))) -> Response:
    """Removed rooms of the caller's brands, with who removed each and when (0 and "" where a program did)."""
    reader, org = services(request).reader, caller.person.org
    names = {person.person: person.name for person in list_people(reader, org)}
    found = []
    for info in list_removed(reader, org):
        if caller.may("plan", org, info.brand, info.room):
            rows = list_audit(reader, org, ["", info.brand], limit=20, search=AuditSearch(what="RoomRemoved"))
            row = next((row for row in rows if row.subject == info.room), None)
            found.append(
                {
                    "room": info.room,
                    "brand": info.brand,
                    "name": info.name,
                    "platform": info.platform,
                    "nature": info.nature,
                    "removed_at": row.at if row else 0,
                    "removed_by": names.get(row.who, "") if row else "",
                }
            )
    return answer(found)


@router.post("/api/rooms/restore")
async def restore_room(request: Request, body: Restored, caller: Caller = Depends(Guard("plan"))) -> Response:
    """Bring a removed room back as it was, with its tokens and webhooks."""
    door, org = services(request), caller.person.org
    info = next((info for info in list_removed(door.reader, org) if info.room == body.room), None)
    if info is None or not caller.may("plan", org, info.brand, info.room):
        raise NotFound("there is no such removed room")
    event = RoomSaved(
        room=info.room,
        org=info.org,
        brand=info.brand,
        name=info.name,
        platform=info.platform,
        nature=info.nature,
        currency=info.currency,
        time_zone=info.time_zone,
        language=info.language,
        category=info.category,
        packs=info.packs,
        account=info.account,
    )
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))
