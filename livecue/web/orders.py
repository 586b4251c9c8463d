"""The doors to orders: the feed and its lists, one order, exceptions, cases, files in and out, statements."""

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Form, Query, Request, Response, UploadFile

from livecue.desk.service import list_outreach
from livecue.errors import NotAllowed, NotFound
from livecue.events import Event
from livecue.sales import (
    MEDIA_TYPE,
    MOST_COUNTED,
    STATE_MAPS,
    Search,
    case_clocks,
    compare_statement,
    count_cases,
    count_lists,
    find_order,
    hold_refunds,
    is_damage,
    list_cases,
    list_faults,
    order_clocks,
    orders_workbook,
    preset_at,
    read_orders,
    read_statement,
    refund_times,
    search_orders,
    statement_workbook,
)
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "orders"
_MOST_EXPORTED = 50_000
_POST = 2_000
"""Events of an imported file that travel together."""


def _brand(caller: Caller, brand: str) -> str:
    mine = {grant.brand for grant in caller.person.grants}
    chosen = brand or next(iter(sorted(mine - {""})), "")
    if not chosen:
        raise NotAllowed("name a brand whose orders you may see, as ?brand=...")
    return chosen


def _rooms(door: Services, caller: Caller, brand: str, room: str = "") -> list[str]:
    """The rooms of the brand whose orders the caller may see; raises ``NotAllowed`` when there is none."""
    found = [
        info.room
        for info in door.rooms().values()
        if info.org == caller.person.org
        and info.brand == brand
        and caller.may(PERMISSION, info.org, info.brand, info.room)
        and room in ("", info.room)
    ]
    if not found and not caller.may(PERMISSION, caller.person.org, brand):
        raise NotAllowed("you may not see the orders of this brand")
    return found


def _bounded(door: Services, search: Search) -> Search:
    """With the moments before which an order is late, and a parcel stuck."""
    now = door.clock.now_ms()
    preset = preset_at(now)
    return msgspec.structs.replace(
        search, overdue_before=now - 1000 * preset.tracking_within_s, stuck_before=now - 1000 * preset.stuck_after_s
    )


def _search(
    room: str = "",
    state: str = "",
    list: str = Query(default="all", pattern="^(all|look|unchecked|remind|late|stuck|feedback)$"),
    text: str = Query(default="", max_length=200),
    since: int = 0,
    until: int = 0,
) -> Search:
    return Search(room=room, state=state, list=list, text=text, since=since, until=until)


@router.get("/api/orders")
async def orders(
    request: Request,
    brand: str = "",
    after: str = "",
    limit: int = 50,
    search: Search = Depends(_search),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """A page of the feed, newest first; `next` leads on. Where the text is nothing but the beginning of order numbers,
    the highest number comes first. The first page counts what waits on each list, up to `counted_to`: one more stands
    for more.
    """
    door, brand = services(request), _brand(caller, brand)
    rooms = _rooms(door, caller, brand, search.room)
    search = _bounded(door, search)
    org = caller.person.org
    page = await asyncio.to_thread(search_orders, door.reader, org, brand, rooms, search, after, limit)
    found: dict[str, Any] = {"rows": page.rows, "next": page.next}
    if not after:
        found["counts"] = await asyncio.to_thread(
            count_lists, door.reader, org, brand, rooms, search.overdue_before, search.stuck_before
        )
        found["counted_to"] = MOST_COUNTED
        found["systems"] = {
            name: {"zh": known.zh, "en": known.en} for name, known in STATE_MAPS.items() if known.orders
        }
    return answer(found)


@router.get("/api/orders/exceptions")
async def exceptions(
    request: Request,
    brand: str = "",
    state: str = Query(default="open", pattern="^(open|settled)$"),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """What was refused, differs, is short or unknown, newest first."""
    door, brand = services(request), _brand(caller, brand)
    return answer(list_faults(door.reader, caller.person.org, brand, _rooms(door, caller, brand), state))


@router.get("/api/orders/cases")
async def cases(
    request: Request,
    brand: str = "",
    whose: str = Query(default="open", pattern="^(ours|open|all)$"),
    after: str = "",
    limit: int = 50,
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """A page of after-sale cases with how many there are; `next` leads on.

    `whose`: `ours` where it is our move, `open` all that have not ended, both by what ends first; `all` newest first.
    Each with its legal clock, the forecast out of the brand's own times, and whether a reship is offered first (R060).
    """
    door, brand = services(request), _brand(caller, brand)
    rooms = _rooms(door, caller, brand)

    def read() -> dict[str, Any]:
        org, now = caller.person.org, door.clock.now_ms()
        zones = {room: door.rooms()[room].time_zone for room in rooms}
        page = list_cases(door.reader, org, brand, rooms, whose, after, limit)
        past = refund_times(door.reader, org, brand, zones, now) if page.rows else []
        clocks = case_clocks(door.reader, page.rows, zones, past, now)
        rows = [
            {
                **msgspec.structs.asdict(row),
                "ours": row.ours,
                "clock": clocks.get((row.room, row.number, row.case)),
                "damage": is_damage(row.reason),
            }
            for row in page.rows
        ]
        return {"rows": rows, "next": page.next, "counts": count_cases(door.reader, org, brand, rooms)}

    return answer(await asyncio.to_thread(read))


@router.get("/api/orders.xlsx")
async def export(
    request: Request,
    brand: str = "",
    lang: str = Query(default="", pattern="^(zh|en)?$"),
    search: Search = Depends(_search),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """What the search finds as a workbook, the first 50,000 orders of the list; no name, phone or address is in it.

    Where there are more, a sheet of the file and the header `X-LiveCue-Cut-At` say so.
    """
    door, brand = services(request), _brand(caller, brand)
    rooms = _rooms(door, caller, brand, search.room)
    search = _bounded(door, search)
    zone = next((door.rooms()[room].time_zone for room in rooms), "Asia/Shanghai")

    def make() -> tuple[bytes, int]:
        rows: list[Any] = []
        after = ""
        while len(rows) < _MOST_EXPORTED:
            page = search_orders(door.reader, caller.person.org, brand, rooms, search, after, 500)
            rows += page.rows
            after = page.next
            if not after:
                break
        cut = _MOST_EXPORTED if after or len(rows) > _MOST_EXPORTED else 0
        return orders_workbook(rows[:_MOST_EXPORTED], zone, lang or caller.person.language, cut), cut

    content, cut = await asyncio.to_thread(make)
    made = _file(content, "orders.xlsx")
    if cut:
        made.headers["X-LiveCue-Cut-At"] = str(cut)
    return made


@router.get("/api/rooms/{room}/orders/{number}")
async def one_order(request: Request, room: str, number: str, caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """One order with parcels, cases, refunds, exceptions, clocks, messages we owe, and where its pieces come from."""
    door, info = services(request), room_of(request, room)
    now = door.clock.now_ms()

    def read() -> dict[str, Any]:
        found = find_order(door.reader, room, number)
        if found is None:
            raise NotFound("there is no such order in this room")
        past = refund_times(door.reader, info.org, info.brand, {room: info.time_zone}, now) if found.cases else []
        return {
            **msgspec.structs.asdict(found),
            "clocks": order_clocks(door.reader, room, number, info.time_zone, past, now),
            "damage": sorted(case.case for case in found.cases if is_damage(case.reason)),
            "outreach": list_outreach(door.reader, room, number),
        }

    return answer(await asyncio.to_thread(read))


@router.post("/api/rooms/{room}/orders/import")
async def import_orders(
    request: Request,
    room: str,
    file: UploadFile,
    system: str = Form(default=""),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """Take orders out of an export. Good ones are taken, others are listed by row and column; repeated rows count once.

    `system` names the map of states that the column of states speaks. They count in totals, not in live windows.
    """
    door, info = services(request), room_of(request, room)
    content = await file.read()
    found = await asyncio.to_thread(
        read_orders, content, file.filename or "file", info.currency, info.time_zone, system
    )
    found = await asyncio.to_thread(hold_refunds, door.reader, room, found)
    new = 0
    for start in range(0, len(found.events), _POST):
        part: list[Event] = found.events[start : start + _POST]
        # Waits until they are folded: only then it is known which of them are new, wherever the room is.
        receipt = await asyncio.wrap_future(door.pump.post(room, part, source="file/sync", wants=True))
        new += receipt.accepted
    return answer(
        {
            "orders": found.orders,
            "lines": found.lines,
            "events": len(found.events),
            "new": new,
            "rejected": found.errors[:1000],
            "rejected_count": len(found.errors),
        }
    )


@router.post("/api/rooms/{room}/orders/statement")
async def statement(
    request: Request,
    room: str,
    file: UploadFile,
    since: int = Form(default=0),
    until: int = Form(default=0),
    workbook: bool = Form(default=False),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """Hold a platform's statement against the room's orders: differences are listed, nothing is overwritten."""
    door, info = services(request), room_of(request, room)
    content = await file.read()
    lines, errors = await asyncio.to_thread(read_statement, content, file.filename or "file", info.currency)
    found = await asyncio.to_thread(
        compare_statement, door.reader, room, lines, errors, since, until, door.clock.now_ms()
    )
    if workbook:
        return _file(statement_workbook(found, caller.person.language, info.currency), "statement.xlsx")
    return answer(found)


def _file(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f"attachment; filename=\"livecue.xlsx\"; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "no-store",
        },
    )
