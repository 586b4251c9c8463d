"""Boards over the history: figures, cues and comments of shows that have ended."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from livecue.catalog import list_products
from livecue.errors import BadInput, NotFound
from livecue.insight import MEDIA_TYPE, Asked, Board, By, workbook_of
from livecue.metrics import VARIANTS
from livecue.reference import METRICS
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_DAYS = 1100
NATURES = ("real", "rehearsed", "replayed", "simulated")


def _asked(request: Request, caller: Caller, first: str, last: str, rooms: str, natures: str) -> Asked:
    """What may be asked by this caller: only rooms they may watch and whose debriefs they may read."""
    door = services(request)
    today = datetime.fromtimestamp(door.clock.now_ms() / 1000, UTC).date()
    # A day more: rooms east of Greenwich are ahead.
    start, end = _day(first, today - timedelta(days=29)), _day(last, today + timedelta(days=1))
    if end < start:
        raise BadInput("the last day lies before the first")
    if (end - start).days > _MOST_DAYS:
        raise BadInput(f"ask for at most {_MOST_DAYS} days at once")
    mine = {
        name
        for name, info in door.rooms().items()
        if info.org == caller.person.org and caller.may("debrief", info.org, info.brand, info.room)
    }
    wanted = {name for name in rooms.split(",") if name} or mine
    if wanted - mine:
        raise NotFound("there is no such room")
    kinds = tuple(name for name in natures.split(",") if name) or NATURES
    if set(kinds) - set(NATURES):
        raise BadInput(f"natures are {', '.join(NATURES)}")
    return Asked(
        org=caller.person.org,
        first=start.isoformat(),
        last=end.isoformat(),
        rooms=tuple(sorted(wanted)),
        natures=tuple(sorted(kinds)),
    )


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"write a day as 2026-11-29, not {text!r}") from None


def _by(text: str) -> By:
    if text not in get_args(By):
        raise BadInput(f"by is one of {', '.join(get_args(By))}")
    return text  # type: ignore[return-value]  # it was looked up


async def _board(request: Request, caller: Caller, asked: Asked, by: str) -> tuple[Board, dict[str, str]]:
    door = services(request)
    if door.boards is None:
        raise NotFound("this program keeps no history")
    board = await asyncio.to_thread(door.boards.ask, asked, _by(by))
    return board, await asyncio.to_thread(_names, door, caller, board)


def _names(door: Services, caller: Caller, board: Board) -> dict[str, str]:
    """What rooms, shows and products are called."""
    org = caller.person.org
    names = {
        info.room: info.name
        for info in door.rooms().values()
        if info.org == org and caller.may("watch", info.org, info.brand, info.room)
    }
    names |= {show.show: f"{show.day} {show.title}" for show in board.shows}
    if board.by == "product":
        for brand in sorted({show.brand for show in board.shows}):
            names |= {saved.card.product: saved.card.name for saved in list_products(door.reader, org, brand)}
    return names


def _definition(metric: str) -> dict[str, Any]:
    row = METRICS.get(metric) or VARIANTS[metric]
    return {"zh": row.zh, "en": row.en, "unit": row.unit, "formula": row.formula}


_FIRST = Query(default="", max_length=10, description="first day, in each room's own time; 30 days ago without")
_LAST = Query(default="", max_length=10, description="last day; today without")
_ROOMS = Query(default="", max_length=20_000, description="ids of rooms, comma-separated; every room without")
_NATURES = Query(default="", max_length=60, description="real, rehearsed, replayed, simulated; all without")


@router.get("/api/boards")
async def board(
    request: Request,
    by: str = "show",
    first: str = _FIRST,
    last: str = _LAST,
    rooms: str = _ROOMS,
    natures: str = _NATURES,
    caller: Caller = Depends(Guard("debrief")),
) -> Response:
    """Figures of ended shows by show, day, room, product or source; what one show did not tell stays unknown."""
    asked = _asked(request, caller, first, last, rooms, natures)
    found, names = await _board(request, caller, asked, by)
    return answer(
        {
            "asked": asked,
            "board": found,
            "names": names,
            "definitions": {metric: _definition(metric) for metric in found.metrics},
        }
    )


@router.get("/api/boards.xlsx")
async def board_workbook(
    request: Request,
    by: str = "show",
    first: str = _FIRST,
    last: str = _LAST,
    rooms: str = _ROOMS,
    natures: str = _NATURES,
    lang: str = Query(default="", pattern="^(zh|en)?$"),
    caller: Caller = Depends(Guard("debrief")),
) -> Response:
    """The same as a workbook, with what each figure is."""
    asked = _asked(request, caller, first, last, rooms, natures)
    found, names = await _board(request, caller, asked, by)
    stamp = datetime.fromtimestamp(found.made_at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC") if found.made_at else "-"
    content = await asyncio.to_thread(workbook_of, found, names, lang or caller.person.language, stamp)
    name = quote(f"history-{asked.first}-{asked.last}-{found.by}.xlsx", safe="")
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f"attachment; filename=\"history.xlsx\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )
