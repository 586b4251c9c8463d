"""The door to what became of traffic emergencies and rehearsals of them, and every show against the line of R010."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Query, Request, Response

from livecue.shows import list_shows
from livecue.team import list_named
from livecue.traffic import list_emergencies, list_reports, preset_at
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer

router = APIRouter()


@router.get("/api/rooms/{room}/traffic")
async def traffic(
    request: Request,
    room: str,
    limit: int = Query(default=100, ge=1, le=500),
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """Emergencies of a room, newest first, with every move, its time and who made it; shows against their baseline.

    `nature` says whether the room is real or one for practice; `line` is how far a show may swing (R010).
    """
    door, info = services(request), room_of(request, room)

    def read() -> dict[str, Any]:
        reader = door.reader
        people = {one.person: one.name for one in list_named(reader, info.org, info.brand, room)}
        titles = {row.show: row.title for row in list_shows(reader, room, 500)}
        return {
            "nature": info.nature,
            "line": preset_at(door.clock.now_ms()).line,
            "reports": list_reports(reader, room, limit),
            "emergencies": list_emergencies(reader, room, limit),
            "shows": titles,
            "people": people,
        }

    return answer(await asyncio.to_thread(read))
