"""For which brand, which rooms and which days a request asks."""

from datetime import date, timedelta

from fastapi import Request

from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.flow import RoomInfo
from livecue.planning.calendar import LONGEST, day_of
from livecue.planning.script import rehearsal_rooms
from livecue.shows import ShowRow, find_show
from livecue.team import list_brands
from livecue.web.auth import Caller, services
from livecue.web.services import Services

DEFAULT_ZONE = "Asia/Shanghai"


def brand_for(caller: Caller, permission: str, brand: str, door: Services) -> str:
    """The brand asked for, else the only one where the caller holds ``permission``. Raises ``NotAllowed``."""
    org = caller.person.org
    if not brand:
        known = sorted({room.brand for room in door.rooms().values() if room.org == org})
        known = [name for name in known if rooms_for(caller, permission, name, door)]
        brand = known[0] if len(known) == 1 else ""
    # Whoever may everything may nothing in a brand that does not exist.
    if not rooms_for(caller, permission, brand, door) and not (
        caller.may(permission, org, brand) and brand in dict(list_brands(door.reader, org))
    ):
        raise NotAllowed("name a brand you work for, as ?brand=...")
    return brand


def rooms_for(caller: Caller, permission: str, brand: str, door: Services) -> dict[str, RoomInfo]:
    """The brand's rooms on which the caller holds ``permission``."""
    return {
        room.room: room
        for room in door.rooms().values()
        if (room.org, room.brand) == (caller.person.org, brand)
        and caller.may(permission, room.org, room.brand, room.room)
    }


def planned_rooms(caller: Caller, permission: str, brand: str, door: Services) -> dict[str, RoomInfo]:
    """``rooms_for`` without those in which shows of others are rehearsed: nobody plans for them, and what was sold
    there is invented."""
    staged = rehearsal_rooms(door.reader, caller.person.org, brand)
    return {name: room for name, room in rooms_for(caller, permission, brand, door).items() if name not in staged}


def zone_of(rooms: dict[str, RoomInfo]) -> str:
    """The time zone of days that concern all these rooms: that of most of them."""
    zones = [room.time_zone for room in rooms.values()]
    return max(sorted(set(zones)), key=zones.count) if zones else DEFAULT_ZONE


def days_of(request: Request, first: str, last: str, zone: str) -> tuple[date, date]:
    """The days asked for; without any the four weeks from today. Raises ``BadInput``."""
    today = day_of(services(request).clock.now_ms(), zone)
    try:
        start = date.fromisoformat(first) if first else today
        end = date.fromisoformat(last) if last else start + timedelta(days=27)
    except ValueError as error:
        raise BadInput("write days with their year, as 2026-11-22") from error
    if end < start or end - start > LONGEST or not 2000 <= start.year <= 2200:
        raise BadInput(f"ask for 1 to {LONGEST.days} days, the first one first")
    return start, end


def show_for(request: Request, show: str, caller: Caller, permission: str = "watch") -> tuple[ShowRow, RoomInfo]:
    """The show and its room. Raises ``NotFound`` when the caller may not watch it, ``NotAllowed`` without the
    permission."""
    door = services(request)
    found = find_show(door.reader, show)
    room = door.rooms().get(found.room) if found else None
    if found is None or room is None or not caller.may("watch", found.org, found.brand, found.room):
        raise NotFound("there is no such show")
    if not caller.may(permission, found.org, found.brand, found.room):
        raise NotAllowed(f"this needs the permission {permission!r}; ask whoever runs the team")
    return found, room
