"""Rosters: made, shown, changed by hand, published, removed."""

import asyncio
from datetime import date, timedelta
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import BadInput, NotFound
from livecue.events import (
    RosterMade,
    RosterPublished,
    RosterRemoved,
    ShiftAssigned,
)
from livecue.kit import new_id
from livecue.planning.calendar import days_off
from livecue.planning.roster import (
    Line,
    candidates,
    check,
    empties,
    gap_of,
    list_rosters,
    plan_lines,
    plan_shows,
    price,
    shares,
    ungranted,
)
from livecue.shows import shows_between
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, planned_rooms
from livecue.web.planning.roster.opened import BrokenRoster, Opened, searches_of, tell
from livecue.web.rooms import ask, receipt_json

router = APIRouter()
DAY_MS = 24 * 3600 * 1000


class NewLine(BaseModel):
    """Shifts that come again every week; times in minutes of the day."""

    room: str = ""
    weekdays: list[int] = Field(default=[1, 2, 3, 4, 5, 6, 7], max_length=7)
    start: int = Field(ge=0, lt=1440)
    end: int = Field(ge=0, le=1440)
    roles: dict[str, int]
    title: str = Field(default="", max_length=200)
    special: bool = False


class NewRoster(BaseModel):
    """A roster to make: its days, shifts that come again, and whether planned shows are staffed."""

    title: str = Field(min_length=1, max_length=200)
    first: str
    days: int = Field(ge=1, le=62)
    lines: list[NewLine] = Field(default=[], max_length=500)
    shows: bool = True
    show_roles: dict[str, int] = {"host": 1, "cohost": 1, "floor": 1, "console": 1}
    free_days: list[str] = Field(default=[], max_length=62)
    limits: dict[str, int] = {}
    costs: dict[str, int] = {}


@router.get("/api/rosters")
async def rosters(request: Request, brand: str = "", caller: Caller = Depends(Guard("plan"))) -> Response:
    """The rosters of a brand, newest first."""
    door = services(request)
    return answer(list_rosters(door.reader, caller.person.org, brand_for(caller, "plan", brand, door)))


@router.post("/api/rosters")
async def make_roster(
    request: Request, body: NewRoster, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Make a roster with its places out of planned shows and of shifts that come again."""
    door, org = services(request), caller.person.org
    brand = brand_for(caller, "plan", brand, door)
    rooms = await asyncio.to_thread(planned_rooms, caller, "plan", brand, door)
    try:
        first = date.fromisoformat(body.first)
        free = {(date.fromisoformat(day) - first).days for day in body.free_days}
    except ValueError as error:
        raise BadInput("write days with their year, as 2026-12-01") from error
    strange = sorted({line.room for line in body.lines} - set(rooms) - {""})
    if strange:
        raise NotFound(f"there is no such room: {', '.join(strange)}")
    last = first + timedelta(days=body.days - 1)
    free |= {(day - first).days for day in days_off(door.reader, org, brand, first, last)}
    lines = [Line(n.room, tuple(n.weekdays), n.start, n.end, n.roles, n.title, n.special) for n in body.lines]
    counts = [count for line in lines for count in line.roles.values()] + list(body.show_roles.values())
    if any(not 0 <= count <= 50 for count in counts):
        raise BadInput("of each role a shift has 0 to 50 people")
    posts = plan_lines(first, body.days, lines, rooms)
    if body.shows:
        start = round((first - date(1970, 1, 1)).days - 1) * DAY_MS
        shows = shows_between(door.reader, org, brand, start, start + (body.days + 2) * DAY_MS)
        posts += plan_shows(first, body.days, shows, body.show_roles, rooms)
    if not posts:
        raise BadInput("there is nothing to staff in these days: add shifts, or plan shows with an end")
    roster = new_id()
    event = RosterMade(
        org=org,
        brand=brand,
        roster=roster,
        title=body.title,
        first=body.first,
        days=body.days,
        posts=tuple(posts),
        free_days=tuple(sorted(d for d in free if 0 <= d < body.days)),
        limits=body.limits,
        costs=body.costs,
    )
    return await tell(request, caller, event, roster=roster)


@router.get("/api/rosters/{roster}")
async def show_roster(
    request: Request, roster: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """A roster as it stands: its places, every rule broken, what it costs, empty places with reasons, loads."""
    opened = await asyncio.to_thread(Opened, request, caller, roster, brand)
    return answer(await asyncio.to_thread(_view, opened))


def _view(opened: Opened) -> dict[str, Any]:
    problem, chosen, row = opened.problem, opened.chosen, opened.row
    lines = price(problem, chosen)
    costs: dict[str, float] = {}
    for line in lines:
        costs[line.kind] = round(costs.get(line.kind, 0.0) + line.amount, 2)
    names = {person.person: person.name for person in opened.people}
    minutes: dict[str, int] = {}
    golden: dict[str, int] = {}
    for shift in opened.shifts:
        if shift.person:
            minutes[shift.person] = minutes.get(shift.person, 0) + shift.plan.end - shift.plan.start
            golden[shift.person] = golden.get(shift.person, 0) + shift.plan.golden
    fair = shares(problem)
    return {
        "roster": row,
        "brand": opened.brand,
        "gap": gap_of(row.penalty, row.bound) if row.bound >= 0 else None,
        "posts": [
            {**msgspec.structs.asdict(shift.plan), "person": shift.person, "pinned": shift.pinned}
            for shift in opened.shifts
        ],
        "people": [
            {
                "person": worker.person,
                "name": worker.name,
                "tier": worker.tier,
                "roles": sorted({skill.role for skill in worker.skills}),
                "minutes": minutes.get(worker.person, 0),
                "golden": golden.get(worker.person, 0),
                "fair_hours": fair[worker.person].hours,
                "fair_golden": fair[worker.person].golden,
            }
            for worker in problem.workers
        ],
        "names": {person: names.get(person, person) for person in {*chosen.values(), *fair}},
        "violations": check(problem, chosen),
        "penalty": round(sum(line.amount for line in lines), 2),
        "costs": costs,
        "empties": empties(problem, chosen, 60),
        "wishes": {"all": len(problem.wishes), "ungranted": ungranted(problem, chosen)},
        "absences": problem.leaves,
    }


@router.delete("/api/rosters/{roster}")
async def remove_roster(
    request: Request, roster: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Take a roster away."""
    brand = brand_for(caller, "plan", brand, services(request))
    searches_of(request).drop(roster)
    return await tell(request, caller, RosterRemoved(org=caller.person.org, brand=brand, roster=roster))


@router.get("/api/rosters/{roster}/posts/{post}")
async def post_candidates(
    request: Request, roster: str, post: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Who could fill a place: each person of the role with what it would break, the fit first."""
    opened = await asyncio.to_thread(Opened, request, caller, roster, brand)
    found = next((one for one in opened.problem.posts if one.post == post), None)
    if found is None:
        raise NotFound("the roster has no such place")
    return answer(await asyncio.to_thread(candidates, opened.problem, opened.chosen, found))


class Assignment(BaseModel):
    """Who shall fill a place ("" nobody), on the version seen; ``pinned`` holds it in the next search."""

    person: str = Field(default="", max_length=200)
    version: int
    pinned: bool = True


@router.post("/api/rosters/{roster}/posts/{post}")
async def assign(
    request: Request,
    roster: str,
    post: str,
    body: Assignment,
    brand: str = "",
    caller: Caller = Depends(Guard("plan")),
) -> Response:
    """Fill a place by hand; the answer names at once every rule the person now breaks."""
    door, org = services(request), caller.person.org
    brand = brand_for(caller, "plan", brand, door)
    event = ShiftAssigned(
        org=org,
        brand=brand,
        roster=roster,
        version=body.version + 1,
        post=post,
        person=body.person,
        pinned=body.pinned,
    )
    receipt = await ask(door, HOUSE, event, caller)
    opened = await asyncio.to_thread(Opened, request, caller, roster, brand)
    broken = check(opened.problem, opened.chosen, [body.person] if body.person else [])
    return answer({**receipt_json(receipt), "violations": broken, "version": opened.row.version})


class Version(BaseModel):
    """The version seen."""

    version: int


@router.post("/api/rosters/{roster}/publish")
async def publish(
    request: Request, roster: str, body: Version, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Let everybody see their shifts. Refused while a hard rule is broken."""
    opened = await asyncio.to_thread(Opened, request, caller, roster, brand)
    broken = check(opened.problem, opened.chosen)
    if broken:
        raise BrokenRoster(f"{len(broken)} rules are broken, the first: {broken[0].rule} of {broken[0].person}")
    event = RosterPublished(org=opened.org, brand=opened.brand, roster=roster, version=body.version + 1)
    return await tell(request, caller, event)
