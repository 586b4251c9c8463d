"""Whom the roster puts on a show takes duty when it begins: nobody enters it a second time."""

import asyncio
from collections.abc import Collection

from livecue.events import DutyTaken
from livecue.flow import RoomInfo
from livecue.kit import new_id
from livecue.planning.roster import rostered
from livecue.shows import find_show
from livecue.team import list_named
from livecue.web.auth import Caller
from livecue.web.services import Services


async def take_rostered(
    door: Services, room: RoomInfo, show: str, caller: Caller, roles: Collection[str] | None = None
) -> None:
    """Put everybody of the published roster on duty; ``roles``: only those."""
    for event in await asyncio.to_thread(_rostered, door, room, show, caller, roles):
        await asyncio.wrap_future(door.pump.post(room.room, [event], source=f"person:{caller.person.person}"))


def _rostered(
    door: Services, room: RoomInfo, show: str, caller: Caller, roles: Collection[str] | None
) -> list[DutyTaken]:
    row = find_show(door.reader, show)
    if row is None:
        return []
    starts_at = row.starts_at or row.started_at
    # Who has left since the roster was published is not put on duty: their name stays known, their roles do not.
    known = list_named(door.reader, room.org, room.brand, room.room)
    names = {one.person: one.name for one in known if one.roles}
    found = []
    for role, person in rostered(door.reader, room, show, starts_at):
        if person in names and (roles is None or role in roles):
            command = new_id()
            found.append(
                DutyTaken(
                    key=command, command=command, by=caller.person.person, person=person, role=role, name=names[person]
                )
            )
    return found
