"""How fast and how well customers are answered (M76 to M79, M82), and what they asked most (R080)."""

import asyncio
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from livecue.catalog import list_products
from livecue.desk.service import (
    Asked,
    PlatformClock,
    Spans,
    asked_between,
    conversations_between,
    figures,
    hot_spots,
    hours_of,
    in_force,
    open_ms,
    platform_clock,
    shift_of,
    suggestions_between,
)
from livecue.errors import BadInput
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.service.inbox import PERMISSION, served

router = APIRouter()
DAY_MS = 24 * 3600 * 1000
WEEK_MS = 7 * DAY_MS
LONGEST_MS = 92 * 24 * 3600 * 1000
GROUPS = ("all", "agent", "shift", "room", "hour", "day")


def span_of(request: Request, since: int, until: int) -> tuple[int, int]:
    """[since, until) ms as asked for; the last seven days without. Raises ``BadInput`` beyond 92 days."""
    end = until or services(request).clock.now_ms()
    start = since or end - WEEK_MS
    if not 0 <= start < end or end - start > LONGEST_MS:
        raise BadInput("ask for a span of at most 92 days, its beginning first")
    return start, end


@router.get("/api/service/board")
async def board(
    request: Request,
    room: str = "",
    by: str = "agent",
    since: int = 0,
    until: int = 0,
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """First and mean answer, 15-second rate, the platform's own rate, satisfaction; by agent, shift, room, hour or day.

    First and mean answer and the 15-second rate count time in business hours only, as they were set at the time.

    Each room is counted by the rule of its platform and market that held when the customer wrote. `clocks` are those in
    force at the end of the span, `clock` the first of them.
    """
    if by not in GROUPS:
        raise BadInput(f"by is one of {', '.join(GROUPS)}")
    start, end = span_of(request, since, until)
    door = services(request)
    rooms = served(caller, door, room)
    zones = {info.time_zone for info in rooms.values()}
    # The span ends before ``end``: a rule that begins just then holds for nothing in it.
    clocks = {name: platform_clock(info.platform, end - 1, info.currency) for name, info in rooms.items()}
    shown = list({(one.platform, one.currencies, one.since): one for one in clocks.values()}.values())
    clock = shown[0] if shown else platform_clock("", end - 1)

    @lru_cache(maxsize=4096)
    def of_day(name: str, day: int) -> PlatformClock:
        return platform_clock(rooms[name].platform, day * DAY_MS, rooms[name].currency)

    def clock_of(name: str, at: int) -> PlatformClock:
        # Rules begin with a day (UTC).
        return of_day(name, at // DAY_MS)

    zone = ZoneInfo(zones.pop() if len(zones) == 1 else "Asia/Shanghai")

    hours: dict[tuple[str, str], list[tuple[int, Spans]]] = {}

    def waited(place: str, since: int, until: int) -> int:
        return open_ms(in_force(hours.get((place, ""), ()), since), rooms[place].time_zone, since, until)

    def _shift(item: Asked) -> str:
        at, who = item.human_at, item.human_by
        spans = in_force(hours.get((item.room, who), ()), at) if who and at else ()
        return f"{who} {shift_of(spans, rooms[item.room].time_zone, at)}".strip() if at else ""

    def group(item: Asked) -> str:
        local = datetime.fromtimestamp(item.at / 1000, zone)
        return {
            "all": "",
            "agent": item.human_by,
            "shift": _shift(item),
            "room": item.room,
            "hour": f"{local.hour:02d}",
            "day": local.date().isoformat(),
        }[by]

    def reckon() -> dict[str, Any]:
        listed = list(rooms)
        hours.update(hours_of(door.reader, listed))
        asked = [item for item in asked_between(door.reader, listed, start, end) if item.conversation[:2] != "c:"]
        opened = conversations_between(door.reader, listed, start, end)
        firsts, scores = [], []
        for room_id, name, agent, at, human_at, first, score in opened:
            where = group(Asked(room_id, name, "", at, human_at, first, agent, 0))
            if human_at and first:
                firsts.append((where, waited(room_id, human_at, first)))
            if score:
                scores.append((where, score))
        rows = figures(asked, firsts, scores, clock_of, zone, end, group, waited)
        return {
            "rows": [{**msgspec.structs.asdict(row), **_shares(row)} for row in rows],
            "suggestions": suggestions_between(door.reader, listed, start, end),
        }

    found = await asyncio.to_thread(reckon)
    return answer({**found, "by": by, "since": start, "until": end, "clock": clock, "clocks": shown})


def _shares(row: Any) -> dict[str, Any]:
    return {
        name: {"good": share.good, "of": share.of, "value": share.value}
        for name, share in (("platform", row.platform), ("fast", row.fast), ("satisfied", row.satisfied))
    }


@router.get("/api/service/hot-spots")
async def hot(
    request: Request, room: str = "", since: int = 0, until: int = 0, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """What was asked most, by topic and product, beside the span before it: the weekly report of R080 (M85, R062)."""
    start, end = span_of(request, since, until)
    door = services(request)
    rooms = served(caller, door, room)

    def work() -> dict[str, Any]:
        found = hot_spots(door.reader, list(rooms), start, end)
        asked = {spot.product for spot in found.spots}
        cards = [
            item.card
            for org, brand in sorted({(info.org, info.brand) for info in rooms.values()})
            for item in list_products(door.reader, org, brand)
        ]
        names = {card.product: card.name for card in cards if card.product in asked}
        return {"since": start, "until": end, "names": names, **msgspec.structs.asdict(found)}

    return answer(await asyncio.to_thread(work))
