"""The doors to scripts and schedules as workbooks, talk-track skeletons and versions."""

import asyncio
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from livecue.events import RundownChanged, ShowPlanned
from livecue.flow import RoomInfo
from livecue.kit import new_id
from livecue.planning.calendar import entries_between
from livecue.planning.script import (
    MEDIA_TYPE,
    PlannedRow,
    list_handbooks,
    read_schedule,
    read_script,
    schedule_workbook,
    script_page,
    script_workbook,
    standing_of,
    tracks_for,
    versions_of,
)
from livecue.sheets import RowError
from livecue.shows import find_show
from livecue.team import list_named
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, days_of, rooms_for, show_for, zone_of
from livecue.web.planning.review import cards_of, free_stock
from livecue.web.rooms import ask
from livecue.web.services import Services

router = APIRouter()
_LANGUAGE = Query(default="", pattern="^(zh|en)?$")


def _file(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f"attachment; filename=\"livecue.xlsx\"; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "no-store",
        },
    )


@router.get("/api/shows/{show}/script.xlsx")
async def script(
    request: Request, show: str, lang: str = _LANGUAGE, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """The script (F02) as a workbook."""
    row, room = show_for(request, show, caller)
    language = lang or caller.person.language
    content = await asyncio.to_thread(
        script_workbook, row.segments, row.starts_at, room.time_zone, room.currency, {}, language
    )
    return _file(content, f"{row.title}-script.xlsx")


@router.get("/api/shows/{show}/script/print")
async def page(
    request: Request,
    show: str,
    lang: str = _LANGUAGE,
    handbook: bool = True,
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """The script as a page that prints or is saved as PDF, with the handbooks of its products."""
    row, room = show_for(request, show, caller)
    door = services(request)
    standing = standing_of(door.reader, row.org, row.brand, show, row.segments)
    names = {p.person: p.name for p in list_named(door.reader, row.org, row.brand, row.room)}
    approved = standing.state == "approved"
    by = names.get(standing.steps[0].by, "") if approved else ""
    books = list_handbooks(door.reader, row.org, row.brand) if handbook else {}
    used = {item.product for item in row.segments if item.product}
    content = await asyncio.to_thread(
        script_page, row.title, room.name, row.starts_at, room.time_zone, room.currency, row.segments,
        cards_of(door, row), free_stock(door, row), names, {p: b for p, b in books.items() if p in used},
        (row.version, standing.state, by, approved and standing.steps[0].alone), lang or caller.person.language,
    )  # fmt: skip
    return HTMLResponse(content, headers={"Cache-Control": "no-store"})


@router.post("/api/shows/{show}/script")
async def import_script(
    request: Request, show: str, file: UploadFile, caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Take over a script out of a workbook: all of it, or nothing and what is wrong by row and column."""
    row, room = show_for(request, show, caller, "plan")
    content = await file.read()
    found = await asyncio.to_thread(read_script, content, file.filename or "file", row.segments, room.currency)
    if found.wrong:
        return answer({"accepted": 0, "rejected": found.wrong, "refused": None})
    event = RundownChanged(
        show=show, version=row.version + 1, segments=tuple(found.segments),
        ends_at=row.starts_at + sum(item.duration_s for item in found.segments) * 1000 if row.ends_at else 0,
    )  # fmt: skip
    receipt = await ask(services(request), row.room, event, caller)
    refused = receipt.refused
    return answer(
        {
            "accepted": 0 if refused else len(found.segments),
            "rejected": [],
            "refused": {"code": refused.code, "why": refused.why, "about": refused.about} if refused else None,
        }
    )


@router.get("/api/shows/{show}/talk-tracks")
async def talk_tracks(
    request: Request, show: str, lang: str = _LANGUAGE, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """A skeleton of a talk track for every segment, with variables; ``gaps`` names those without a value now."""
    row, room = show_for(request, show, caller)
    door = services(request)
    cards, stock = cards_of(door, row), free_stock(door, row)
    return answer(tracks_for(row.segments, cards, stock, room.currency, lang or caller.person.language))


@router.get("/api/shows/{show}/versions")
async def versions(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The versions of the plan, newest first, with what each changed."""
    row, _ = show_for(request, show, caller)
    return answer(versions_of(services(request).reader, row.room, show))


@router.get("/api/calendar/schedule.xlsx")
async def schedule(
    request: Request,
    brand: str = "",
    first: str = "",
    last: str = "",
    lang: str = _LANGUAGE,
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """The schedule (F01) of the rooms the caller may watch as a workbook."""
    door = services(request)
    brand = brand_for(caller, "watch", brand, door)
    rooms = rooms_for(caller, "watch", brand, door)
    start, end = days_of(request, first, last, zone_of(rooms))
    shows = entries_between(door.reader, caller.person.org, brand, rooms, start, end)
    names = _names(door, caller.person.org, brand, rooms)
    kept = [show for show in shows if show.status != "cancelled"]
    content = await asyncio.to_thread(schedule_workbook, kept, names, lang or caller.person.language)
    return _file(content, f"schedule-{start}.xlsx")


@router.post("/api/calendar/schedule")
async def import_schedule(
    request: Request, file: UploadFile, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Plan the shows of a schedule: good rows are planned, the others told by row and column."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    rooms = rooms_for(caller, "plan", brand, door)
    known = {name: (room.room, room.time_zone) for room in rooms.values() for name in (room.name, room.room)}
    currencies = {room.room: room.currency for room in rooms.values()}
    content = await file.read()
    found = await asyncio.to_thread(read_schedule, content, file.filename or "file", known, currencies)
    people = {name: person for person, name in _names(door, caller.person.org, brand, rooms).items()}
    wrong, accepted = list(found.wrong), 0
    for row in found.rows:
        problem = await _plan(door, row, people, caller)
        if problem is None:
            accepted += 1
        else:
            wrong.append(problem)
    return answer({"accepted": accepted, "rejected": sorted(wrong, key=lambda item: item.row)})


async def _plan(door: Services, row: PlannedRow, people: dict[str, str], caller: Caller) -> RowError | None:
    known = find_show(door.reader, row.show) if row.show else None
    if known is not None and known.room != row.room:
        return RowError(row.row, "场次编号", "this show belongs to another room", "other_room")
    goals = dict(known.goals) if known else {}
    if row.target:
        goals["M41"] = row.target
    hosts = tuple(people.get(name, name) for name in row.hosts)
    event = ShowPlanned(
        show=row.show or new_id(), title=row.title, starts_at=row.start, ends_at=row.start + row.seconds * 1000,
        theme=row.theme, hosts=hosts, kits=tuple(row.kits), lights=tuple(row.lights), studio=row.studio,
        welfare=row.welfare, goals=goals, segments=tuple(known.segments) if known else (),
        products=tuple(known.products) if known else (), carried=tuple(known.carried) if known else (),
        version=known.version + 1 if known else 1,
    )  # fmt: skip
    receipt = await ask(door, row.room, event, caller)
    refused = receipt.refused
    return None if refused is None else RowError(row.row, "场次", refused.why, refused.code)


def _names(door: Services, org: str, brand: str, rooms: dict[str, RoomInfo]) -> dict[str, str]:
    return {p.person: p.name for room in rooms for p in list_named(door.reader, org, brand, room)}
