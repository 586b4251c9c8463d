"""One inbox for all rooms that the caller serves."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from livecue.desk.service import (
    InboxRow,
    PlatformClock,
    Spans,
    count_queued,
    due_of,
    hours_of,
    in_force,
    list_closed,
    list_open,
    list_queued,
    platform_clock,
    platform_due_of,
    rooms_in_talk,
    team_clock,
)
from livecue.errors import LiveCueError, NotFound
from livecue.flow import RoomInfo
from livecue.shows import rooms_on_air
from livecue.team import list_named
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "comments"
_FORESEEN = ("agents", "shifts", "waiting")


def served(caller: Caller, door: Services, room: str = "") -> dict[str, RoomInfo]:
    """The rooms whose customers the caller may answer, or only ``room`` of them."""
    return {
        info.room: info
        for info in door.rooms().values()
        if info.org == caller.person.org
        and (not room or info.room == room)
        and caller.may(PERMISSION, info.org, info.brand, info.room)
    }


def now_of(door: Services, room: str, lags: Mapping[str, tuple[int, int]]) -> int:
    """Room time now, ms. ``lags`` may be a query over every room: it is asked for once an answer, in a thread."""
    return lags.get(room, (0, 0))[1] or door.clock.now_ms()


def told_row(row: InboxRow, spans: Spans, zone: str, clock: PlatformClock) -> Mapping[str, Any]:
    """A row of the inbox with its ``due_at`` by the desk's hours in force, and that of the platform's clock."""
    due = due_of(row.channel, row.since, row.deadline, spans, zone) if row.since else 0
    platform = platform_due_of(row.channel, row.since, clock, zone) if row.human_at else 0
    return {**msgspec.structs.asdict(row), "due_at": due, "platform_due_at": platform}


def clock_now(info: RoomInfo, now: int) -> PlatformClock:
    """By which rule a room's platform counts now."""
    return platform_clock(info.platform, now, info.currency)


@router.get("/api/service/inbox")
async def inbox(
    request: Request,
    room: str = "",
    state: str = "open",
    before: int = 1 << 62,
    after: int = 0,
    after_conversation: str = "",
    after_room: str = "",
    limit: int = Query(200, ge=1, le=2000),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """Conversations of all rooms the caller serves; ``state`` open (the longest waiting first), closed or queued.

    Queued are comments in line behind those in memory, ``limit`` of them behind the row that ``after`` (its ``since``),
    ``after_conversation`` and ``after_room`` name; ``queued`` counts them by room.
    ``due_at``: when somebody must have answered, reckoned in business hours; 0 when nobody waits. ``platform_due_at``:
    until when the platform wants an answer (M78), 0 when it does not count this wait.
    Names and long numbers are masked. ``rooms`` gives each room's time now, so that waits are reckoned in its own time.
    """
    door = services(request)
    rooms = served(caller, door, room)
    listed = list(rooms)
    if state == "closed":
        rows = await asyncio.to_thread(list_closed, door.reader, listed, before)
    elif state == "queued":
        place = (after, after_conversation, after_room)
        rows = await asyncio.to_thread(list_queued, door.reader, listed, place, limit)
    else:
        rows = await asyncio.to_thread(list_open, door.reader, listed)
    people: dict[str, str] = {}
    for info in rooms.values():
        people.update({one.person: one.name for one in list_named(door.reader, info.org, info.brand, info.room)})
    clock = team_clock()
    hours = await asyncio.to_thread(hours_of, door.reader, listed)
    lags = await asyncio.to_thread(door.pump.lags)
    nows = {room_id: now_of(door, room_id, lags) for room_id in listed}
    spans = {room_id: in_force(hours.get((room_id, ""), ()), nows[room_id]) for room_id in listed}
    clocks = {room_id: clock_now(info, nows[room_id]) for room_id, info in rooms.items()}
    return answer(
        {
            "rows": [
                told_row(row, spans[row.room], rooms[row.room].time_zone, clocks[row.room]) for row in rows
            ],
            "rooms": [
                {
                    "room": info.room, "name": info.name, "platform": info.platform, "nature": info.nature,
                    "brand": info.brand, "now": nows[info.room],
                    "can_send": "SendMessage" in door.capabilities(info),
                    "can_reply": "ReplyToComment" in door.capabilities(info),
                }
                for info in rooms.values()
            ],
            "people": people,
            "queued": await asyncio.to_thread(count_queued, door.reader, listed),
            "limits": {"comment": clock.comment_ms, "message": clock.message_ms, "steps": clock.steps_ms},
        }
    )  # fmt: skip


class Foreseen(msgspec.Struct, frozen=True):
    """What is foreseen in a room: of who serves, of their shifts, and of each that waits longest."""

    room: str
    now: int
    agents: msgspec.Raw
    """A list of ``AgentView``."""
    shifts: msgspec.Raw
    """A list of ``ShiftView``."""
    waiting: msgspec.Raw
    """A list of ``WaitingView``."""


@router.get("/api/service/foreseen")
async def foreseen(request: Request, room: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """Who will wait too long, before it happens: by the team's clock (business hours, R056, R057) and the platform's
    (M78), for each that waits longest, by agent and by shift. Reckoned at the pace of whoever has it, in their shift.

    Of rooms that are on air or have an open conversation, and of ``room`` when it is named. ``lacking`` names those
    that cannot tell now: the others are told all the same.
    """
    door = services(request)
    rooms = list(served(caller, door, room))
    if not room:
        busy = await asyncio.to_thread(_busy, door, rooms)
        rooms = [name for name in rooms if name in busy]
    frames = await asyncio.gather(
        *(asyncio.wrap_future(door.pump.frame(name)) for name in rooms), return_exceptions=True
    )
    found, lacking = [], []
    for name, frame in zip(rooms, frames, strict=True):
        if isinstance(frame, LiveCueError | TimeoutError):
            lacking.append(name)
            continue
        if isinstance(frame, BaseException):
            raise frame
        agents, shifts, waiting = (msgspec.Raw(frame.sections.get(f"service.{part}", b"[]")) for part in _FORESEEN)
        found.append(Foreseen(name, frame.now, agents, shifts, waiting))
    return answer({"rooms": found, "lacking": lacking})


def _busy(door: Services, rooms: list[str]) -> set[str]:
    """Rooms in which somebody can wait: asking any other would only open it."""
    return {*rooms_on_air(door.reader), *rooms_in_talk(door.reader, rooms)}


@router.get("/api/service/hours")
async def hours(request: Request, room: str, caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """Business hours of a room's desk and the shifts of its people, as they are now; "" is the desk."""
    door = services(request)
    info = served(caller, door, room).get(room)
    if info is None:
        raise NotFound("there is no such room among those you serve")
    found = await asyncio.to_thread(hours_of, door.reader, [room])
    named = list_named(door.reader, info.org, info.brand, info.room)
    return answer(
        {
            "hours": {person: set_[-1][1] for (_, person), set_ in found.items()},
            "people": sorted({(one.person, one.name) for one in named if "cs" in one.roles}, key=lambda one: one[1]),
            "time_zone": info.time_zone,
        }
    )
