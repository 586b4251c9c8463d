"""One inbox for all rooms that the caller serves, and the news of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from livecue.desk.service import InboxRow, due_of, hours_of, in_force, list_closed, list_open, team_clock
from livecue.errors import NotFound
from livecue.flow import RoomInfo
from livecue.team import list_named
from livecue.web.auth import AGAIN_S, Caller, Guard, services, still
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "comments"
_PAUSE_S = 0.3
"""News are gathered for so long: a busy room does not make every browser read the inbox ten times a second."""


def served(caller: Caller, door: Services, room: str = "") -> dict[str, RoomInfo]:
    """The rooms whose customers the caller may answer, or only ``room`` of them."""
    return {
        info.room: info
        for info in door.rooms().values()
        if info.org == caller.person.org
        and (not room or info.room == room)
        and caller.may(PERMISSION, info.org, info.brand, info.room)
    }


@router.get("/api/service/inbox")
async def inbox(
    request: Request,
    room: str = "",
    state: str = "open",
    before: int = 1 << 62,
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """Conversations of all rooms the caller serves; ``state`` open (the longest waiting first) or closed.

    ``due_at``: when somebody must have answered, reckoned in business hours; 0 when nobody waits.
    Names and long numbers are masked. ``rooms`` gives each room's time now, so that waits are reckoned in its own time.
    """
    door = services(request)
    rooms = served(caller, door, room)
    listed = list(rooms)
    rows = (
        await asyncio.to_thread(list_closed, door.reader, listed, before)
        if state == "closed"
        else await asyncio.to_thread(list_open, door.reader, listed)
    )
    lags = door.pump.lags()

    def now_of(room_id: str) -> int:
        return lags.get(room_id, (0, 0))[1] or door.clock.now_ms()

    people: dict[str, str] = {}
    for info in rooms.values():
        people.update({one.person: one.name for one in list_named(door.reader, info.org, info.brand, info.room)})
    clock = team_clock()
    hours = await asyncio.to_thread(hours_of, door.reader, listed)

    def due(row: InboxRow) -> int:
        spans = in_force(hours.get((row.room, ""), ()), now_of(row.room))
        return due_of(row.channel, row.since, row.deadline, spans, rooms[row.room].time_zone) if row.since else 0

    return answer(
        {
            "rows": [{**msgspec.structs.asdict(row), "due_at": due(row)} for row in rows],
            "rooms": [
                {
                    "room": info.room, "name": info.name, "platform": info.platform, "nature": info.nature,
                    "brand": info.brand, "now": now_of(info.room),
                    "can_send": "SendMessage" in door.capabilities(info),
                    "can_reply": "ReplyToComment" in door.capabilities(info),
                }
                for info in rooms.values()
            ],
            "people": people,
            "limits": {"comment": clock.comment_ms, "message": clock.message_ms, "steps": clock.steps_ms},
        }
    )  # fmt: skip


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


@router.get("/api/service/live")
async def live(request: Request, room: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> StreamingResponse:
    """Server-sent events ``changed`` with the room whose conversations changed; ``alive`` every five seconds."""
    door = services(request)
    return StreamingResponse(
        _news(door, list(served(caller, door, room)), lambda rooms: all(still(request, PERMISSION, r) for r in rooms)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


_TOLD = frozenset(
    {
        "MessageReceived", "MessageSent", "ConversationHandedOver", "ConversationEnded", "ConversationOpened",
        "ConversationAssigned", "ConversationViewed", "ConversationNoted", "ConversationClosed", "ConversationRated",
        "AfterSaleChanged", "ServiceHoursSet", "ReplyAsked", "ReplyStopped", "ReplySuggested", "ReplyDropped",
        "AnswerLate", "AgentSet", "QuestionAnswered",
        "ActionDone", "ActionFailed", "ActionUncertain",
    }
)  # fmt: skip


async def _news(door: Services, rooms: list[str], may: Callable[[list[str]], bool]) -> AsyncIterator[bytes]:
    looked = time.monotonic()
    taps = {room: door.bus.tap(room) for room in rooms}
    waits = {asyncio.ensure_future(tap.take()): room for room, tap in taps.items()}
    try:
        yield b"retry: 1000\n\n"
        while True:
            done, _ = await asyncio.wait(waits, timeout=AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
            if time.monotonic() - looked >= AGAIN_S:
                # Who signed out or lost a room hears no more of it; the desk asks anew.
                if not await asyncio.to_thread(may, rooms):
                    return
                looked = time.monotonic()
            if not done:
                yield b"event: alive\ndata: {}\n\n"
                continue
            for task in done:
                room = waits.pop(task)
                told = any(type(event).__name__ in _TOLD for _, events in task.result() for event in events)
                if taps[room].overrun:
                    # Too far behind to follow: say that something changed and listen anew.
                    door.bus.untap(room, taps[room])
                    taps[room] = door.bus.tap(room)
                    told = True
                waits[asyncio.ensure_future(taps[room].take())] = room
                if told:
                    yield b'event: changed\ndata: "%b"\n\n' % room.encode()
            await asyncio.sleep(_PAUSE_S)
    finally:
        for task in waits:
            task.cancel()
        for room, tap in taps.items():
            door.bus.untap(room, tap)
