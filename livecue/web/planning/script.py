"""The doors to scripts and schedules as workbooks, talk-track skeletons and versions."""

import asyncio
from collections import Counter
from datetime import date
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from livecue.errors import NotFound
from livecue.events import AdPlanSaved, RundownChanged, ShowPlanned
from livecue.flow import RoomInfo
from livecue.kit import new_id
from livecue.planning.ads import find_plan as find_ad_plan
from livecue.planning.calendar import ShowEntry, entries_between
from livecue.planning.roster import Published, published, rostered
from livecue.planning.script import (
    MEDIA_TYPE,
    PlannedRow,
    ScheduledShow,
    Track,
    differences_of,
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
from livecue.shows import ShowRow, find_show
from livecue.store import HOUSE
from livecue.team import list_named
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, days_of, planned_rooms, show_for, zone_of
from livecue.web.planning.review import cards_of, free_stock
from livecue.web.rooms import ask
from livecue.web.services import Services

router = APIRouter()
SALES, VIEWS = "M41", "M03"
"""The metrics whose targets stand in the schedule: sales and traffic."""
CANCELLED = "cancelled"
_HELD = ("theme", "hosts", "kits", "lights", "studio", "welfare")
"""What a schedule may leave out of a show that is planned already."""
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
    language = lang or caller.person.language
    content = await asyncio.to_thread(_page, services(request), row, room, handbook, language)
    return HTMLResponse(content, headers={"Cache-Control": "no-store"})


def _page(door: Services, row: ShowRow, room: RoomInfo, handbook: bool, language: str) -> str:
    """The page that prints: what it needs of everywhere, read beside the loop."""
    standing = standing_of(door.reader, row.org, row.brand, row.show, row.segments)
    names = {p.person: p.name for p in list_named(door.reader, row.org, row.brand, row.room)}
    approved = standing.state == "approved"
    by = names.get(standing.steps[0].by, "") if approved else ""
    books = list_handbooks(door.reader, row.org, row.brand) if handbook else {}
    used = {item.product for item in row.segments if item.product}
    return script_page(
        row.title, room.name, row.starts_at, room.time_zone, room.currency, row.segments, cards_of(door, row),
        free_stock(door, row), names, {p: b for p, b in books.items() if p in used},
        (row.version, standing.state, by, approved and standing.steps[0].alone), language,
    )  # fmt: skip


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
    door, language = services(request), lang or caller.person.language

    def read() -> list[Track]:
        cards, stock = cards_of(door, row), free_stock(door, row)
        return tracks_for(row.segments, cards, stock, room.currency, language)

    return answer(await asyncio.to_thread(read))


@router.get("/api/shows/{show}/versions")
async def versions(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The versions of the plan, newest first, with what each changed."""
    row, _ = show_for(request, show, caller)
    return answer(await asyncio.to_thread(versions_of, services(request).reader, row.room, show))


@router.get("/api/shows/{show}/versions/{version}")
async def version(
    request: Request,
    show: str,
    version: int,
    against: int = Query(default=-1, ge=-1),
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """What a version of the rundown changed, field by field, talk tracks to the character; ``against`` another version
    instead of the one before (0 is an empty rundown)."""
    row, _ = show_for(request, show, caller)
    other = max(0, version - 1) if against < 0 else against
    found = await asyncio.to_thread(differences_of, services(request).reader, row.room, show, other, version)
    if found is None:
        raise NotFound(f"the plan has no version {version} or no version {other}")
    return answer(found)


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
    rooms = await asyncio.to_thread(planned_rooms, caller, "watch", brand, door)
    start, end = days_of(request, first, last, zone_of(rooms))
    language = lang or caller.person.language
    content = await asyncio.to_thread(_schedule, door, brand, rooms, (start, end), language, caller)
    return _file(content, f"schedule-{start}.xlsx")


@router.post("/api/calendar/schedule")
async def import_schedule(
    request: Request, file: UploadFile, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Plan the shows of a schedule: good rows are planned, the others told by row and column."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    rooms = await asyncio.to_thread(planned_rooms, caller, "plan", brand, door)
    known = {name: (room.room, room.time_zone) for room in rooms.values() for name in (room.name, room.room)}
    currencies = {room.room: room.currency for room in rooms.values()}
    content = await file.read()
    found = await asyncio.to_thread(read_schedule, content, file.filename or "file", known, currencies)
    names = await asyncio.to_thread(_names, door, caller.person.org, brand, rooms)
    people = {name: person for person, name in names.items()}
    wrong, accepted = list(found.wrong), 0
    for row in found.rows:
        show, problem = await _plan(door, row, people, caller)
        if problem is None:
            accepted += 1
            problem = await _budget(door, row, rooms[row.room], show, caller)
        if problem is not None:
            wrong.append(problem)
    rejected = sorted(wrong, key=lambda item: item.row)
    return answer({"accepted": accepted, "rejected": rejected, "unread": found.unread})


def _schedule(
    door: Services, brand: str, rooms: dict[str, RoomInfo], days: tuple[date, date], language: str, caller: Caller
) -> bytes:
    """The workbook; every show is several readings, so this runs beside the loop."""
    org = caller.person.org
    shows = entries_between(door.reader, org, brand, rooms, *days)
    names, rosters = _names(door, org, brand, rooms), published(door.reader, org, brand)
    kept = [_scheduled(door, rooms[one.room], one, names, rosters, caller) for one in shows if one.status != CANCELLED]
    money = any(caller.may("money", room.org, room.brand, room.room) for room in rooms.values())
    return schedule_workbook(kept, names, language, money)


def _scheduled(
    door: Services, room: RoomInfo, entry: ShowEntry, names: dict[str, str], rosters: list[Published], caller: Caller
) -> ScheduledShow:
    """A show with what its room, its lineup, its goals, the published roster and the ad plan say."""
    show = find_show(door.reader, entry.show)
    on = rostered(door.reader, room, entry.show, entry.start, rosters)
    money = caller.may("money", room.org, room.brand, room.room)
    return ScheduledShow(
        entry, platform=room.platform, account=room.account,
        cohosts=[names.get(person, person) for role, person in on if role == "cohost"],
        floor=[names.get(person, person) for role, person in on if role == "floor"],
        roles=dict(Counter(card.role for card in show.products)) if show else {},
        views=show.goals.get(VIEWS, 0) if show else 0,
        budget=find_ad_plan(door.reader, room.org, room.brand, room.room, entry.show).budget if money else None,
    )  # fmt: skip


async def _plan(door: Services, row: PlannedRow, people: dict[str, str], caller: Caller) -> tuple[str, RowError | None]:
    """The show's id and what is wrong. What the sheet has no column for stays as it was planned."""
    known = await asyncio.to_thread(find_show, door.reader, row.show) if row.show else None
    if known is not None and known.room != row.room:
        return "", RowError(row.row, "场次编号", "this show belongs to another room", "other_room")
    goals = dict(known.goals) if known else {}
    for metric, value in ((SALES, row.target), (VIEWS, row.views)):
        if value:
            goals[metric] = value
        elif value == 0:
            # A 0 that somebody typed asks for nothing; an empty cell says nothing.
            goals.pop(metric, None)
    hosts = tuple(people.get(name, name) for name in row.hosts)
    new = ShowPlanned(
        show=row.show or new_id(), title=row.title, starts_at=row.start, ends_at=row.start + row.seconds * 1000,
        theme=row.theme, hosts=hosts, kits=tuple(row.kits), lights=tuple(row.lights), studio=row.studio,
        welfare=row.welfare, goals=goals, version=1,
    )  # fmt: skip
    if known is not None:
        held = {name: getattr(known, name) for name in _HELD if name not in row.told}
        new = msgspec.structs.replace(
            new, segments=tuple(known.segments), products=tuple(known.products), carried=tuple(known.carried),
            version=known.version + 1,
            **{name: tuple(value) if isinstance(value, list) else value for name, value in held.items()},
        )  # fmt: skip
    receipt = await ask(door, row.room, new, caller)
    refused = receipt.refused
    return new.show, None if refused is None else RowError(row.row, "场次", refused.why, refused.code)


async def _budget(door: Services, row: PlannedRow, room: RoomInfo, show: str, caller: Caller) -> RowError | None:
    """The ad budget of a row goes into the ad plan, whose slots stay."""
    if row.budget is None:
        return None
    if not caller.may("money", room.org, room.brand, room.room):
        why = "the show is planned without it: a budget needs the permission money"
        return RowError(row.row, "投流预算（元）", why, "budget_money")
    plan = await asyncio.to_thread(find_ad_plan, door.reader, room.org, room.brand, room.room, show)
    if plan.budget == row.budget:
        return None
    event = AdPlanSaved(
        org=room.org, brand=room.brand, room=room.room, show=show, slots=plan.slots, budget=row.budget,
        margin_bp=plan.margin_bp, version=plan.version + 1,
    )  # fmt: skip
    refused = (await ask(door, HOUSE, event, caller)).refused
    return None if refused is None else RowError(row.row, "投流预算（元）", refused.why, refused.code)


def _names(door: Services, org: str, brand: str, rooms: dict[str, RoomInfo]) -> dict[str, str]:
    return {p.person: p.name for room in rooms for p in list_named(door.reader, org, brand, room)}
