"""What changed in the inbox, told to every browser that has it open: the rows themselves, so that none asks again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from livecue.desk.service import (
    InboxRow,
    Spans,
    conversation_of,
    count_queued,
    find_conversation,
    hours_of,
    in_force,
    list_open,
)
from livecue.events import ActionDone, ActionFailed, ActionReleased, ActionUncertain, Event
from livecue.flow import RoomInfo, kind_of_action
from livecue.web.auth import AGAIN_S, Caller, Guard, services, still
from livecue.web.service.inbox import PERMISSION, clock_now, now_of, served, told_row
from livecue.web.services import Services

router = APIRouter()
_PAUSE_S = 0.3
"""News are gathered for so long: a busy room does not make every browser draw its inbox ten times a second."""
_TOLD = frozenset(
    {
        "MessageReceived", "MessageSent", "ConversationHandedOver", "ConversationEnded", "ConversationOpened",
        "ConversationAssigned", "ConversationViewed", "ConversationNoted", "ConversationClosed", "ConversationRated",
        "AfterSaleChanged", "ServiceHoursSet", "ReplyAsked", "ReplyStopped", "ReplySuggested", "ReplyDropped",
        "AnswerLate", "AgentSet", "QuestionAnswered", "OutreachMoved",
    }
)  # fmt: skip
_ACTIONS = (ActionDone, ActionFailed, ActionReleased, ActionUncertain)
_ANSWERS = frozenset({"SendMessage", "ReplyToComment", "AskModel"})


@router.get("/api/service/live")
async def live(request: Request, room: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> StreamingResponse:
    """Server-sent events: ``ready`` when what follows is complete, ``changed`` per room, ``alive`` every five seconds.

    ``changed`` is ``{room, now, rows, heard, queued}``: the conversations that are otherwise than told before, as in
    the inbox (``state`` closed: gone from it), the ids of those in which something was said or done (null when that may
    be any of them), and how many comments stand in line.
    """
    door = services(request)
    return StreamingResponse(
        _news(door, served(caller, door, room), lambda rooms: all(still(request, PERMISSION, r) for r in rooms)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


class _Known:
    """The open conversations of a room as one browser was told them."""

    def __init__(self, door: Services, info: RoomInfo) -> None:
        self._door, self._info = door, info
        self._rows: dict[str, InboxRow] = {}
        self._spans: Spans = ()

    def look(self, now: int) -> list[Mapping[str, Any]]:
        """Rows that are new, changed or not open any more since the last look; ``now`` in room ms."""
        door, room = self._door, self._info.room
        rows = {row.conversation: row for row in list_open(door.reader, [room])}
        spans = in_force(hours_of(door.reader, [room]).get((room, ""), ()), now)
        # With other hours every moment at which somebody must have answered is another one.
        before = self._rows if spans == self._spans else {}
        changed = [row for name, row in rows.items() if before.get(name) != row]
        gone = [find_conversation(door.reader, room, name) for name in self._rows if name not in rows]
        self._rows, self._spans = rows, spans
        clock, zone = clock_now(self._info, now), self._info.time_zone
        return [told_row(row, spans, zone, clock) for row in (*changed, *filter(None, gone))]


def _heard(door: Services, room: str, events: Iterable[Event]) -> set[str] | None:
    """Conversations that these events are about; None where it may be any. Empty when they are about none."""
    found: set[str] = set()
    for event in events:
        if isinstance(event, _ACTIONS):
            if kind_of_action(door.reader, room, event.action) in _ANSWERS:
                return None
        elif type(event).__name__ in _TOLD:
            name = conversation_of(event)
            if not name:
                return None
            found.add(name)
    return found


async def _news(door: Services, rooms: dict[str, RoomInfo], may: Callable[[list[str]], bool]) -> AsyncIterator[bytes]:
    looked = time.monotonic()
    taps = {room: door.bus.tap(room) for room in rooms}
    waits = {asyncio.ensure_future(tap.take()): room for room, tap in taps.items()}
    known = {room: _Known(door, info) for room, info in rooms.items()}
    try:
        yield b"retry: 1000\n\n"
        lags = await asyncio.to_thread(door.pump.lags)
        for room, one in known.items():
            await asyncio.to_thread(one.look, now_of(door, room, lags))
        yield b"event: ready\ndata: {}\n\n"
        while True:
            done, _ = await asyncio.wait(waits, timeout=AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
            if time.monotonic() - looked >= AGAIN_S:
                # Who signed out or lost a room hears no more of it; the desk asks anew.
                if not await asyncio.to_thread(may, list(rooms)):
                    return
                looked = time.monotonic()
            if not done:
                yield b"event: alive\ndata: {}\n\n"
                continue
            # Asked for once a round, after everything that it tells of has come.
            lags = await asyncio.to_thread(door.pump.lags)
            for task in done:
                room = waits.pop(task)
                events = [event for _, events in task.result() for event in events]
                heard = await asyncio.to_thread(_heard, door, room, events)
                if taps[room].overrun:
                    # Too far behind to follow: look at everything and listen anew.
                    door.bus.untap(room, taps[room])
                    taps[room] = door.bus.tap(room)
                    heard = None
                waits[asyncio.ensure_future(taps[room].take())] = room
                if heard is None or heard:
                    now = now_of(door, room, lags)
                    rows = await asyncio.to_thread(known[room].look, now)
                    queued = (await asyncio.to_thread(count_queued, door.reader, [room])).get(room, 0)
                    said = {
                        "room": room, "now": now, "rows": rows, "heard": heard and sorted(heard),
                        "queued": queued,
                    }  # fmt: skip
                    yield b"event: changed\ndata: %b\n\n" % msgspec.json.encode(said)
            await asyncio.sleep(_PAUSE_S)
    finally:
        for task in waits:
            task.cancel()
        for room, tap in taps.items():
            door.bus.untap(room, tap)
