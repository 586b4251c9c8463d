"""The doors to rosters: who can work, what is to fill, the search, changes by hand, publishing."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.events import (
    AbsenceRemoved,
    AbsenceSaved,
    CommandAsked,
    RosterFilled,
    RosterMade,
    RosterPersonSaved,
    RosterPublished,
    RosterRemoved,
    ShiftAssigned,
    ShiftChosen,
    WishRemoved,
    WishSaved,
)
from livecue.kit import new_id
from livecue.planning.roster import (
    ROLES,
    Line,
    Problem,
    RosterRow,
    Searches,
    ShiftRow,
    accepted,
    candidates,
    check,
    empties,
    find_roster,
    gap_of,
    list_absences,
    list_profiles,
    list_rosters,
    list_shifts,
    list_wishes,
    plan_lines,
    plan_shows,
    price,
    problem_of,
    shares,
    shifts_of,
    workers_of,
)
from livecue.shows import shows_between
from livecue.store import HOUSE
from livecue.team import list_people
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, rooms_for
from livecue.web.rooms import ask, receipt_json

router = APIRouter()
DAY_MS = 24 * 3600 * 1000
MOST_SECONDS = 1800.0


def searches_of(request: Request) -> Searches:
    """The searches of this program."""
    found: Searches | None = getattr(request.app.state, "roster_searches", None)
    if found is None:
        found = request.app.state.roster_searches = Searches()
    return found


async def _tell(request: Request, caller: Caller, event: CommandAsked, **more: Any) -> Response:
    return answer({**receipt_json(await ask(services(request), HOUSE, event, caller)), **more})


# People, absences, wishes.


class NewProfile(BaseModel):
    """What the roster has to know of a person."""

    tier: str = Field(default="", max_length=20)
    categories: list[str] = Field(default=[], max_length=100)
    rooms: list[str] = Field(default=[], max_length=500)
    most_hours: int = 0
    department: str = Field(default="", max_length=100)


class NewAbsence(BaseModel):
    """Days on which somebody is away, the last included."""

    absence: str = Field(default="", max_length=100)
    person: str = Field(max_length=200)
    first: str
    last: str
    reason: str = Field(default="", max_length=200)


class NewWish(BaseModel):
    """A wish to work on a day, or not to."""

    wish: str = Field(default="", max_length=100)
    person: str = Field(max_length=200)
    day: str
    on: bool = False
    weight: int = 20


@router.get("/api/roster/people")
async def roster_people(
    request: Request, brand: str = "", first: str = "", last: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Everybody who works in shifts for a brand, with skills, absences and wishes from `first` to `last`."""
    door = services(request)
    brand, org = brand_for(caller, "plan", brand, door), caller.person.org
    profiles = list_profiles(door.reader, org, brand)
    workers = workers_of(list_people(door.reader, org), profiles, brand, 30)
    span = (first or "0000-00-00", last or "9999-12-31")
    return answer(
        {
            "roles": ROLES,
            "people": [
                {
                    "person": w.person,
                    "name": w.name,
                    "roles": sorted({s.role for s in w.skills}, key=ROLES.index),
                    **{key: value for key, value in _profile(profiles, w.person).items() if key != "person"},
                }
                for w in workers
            ],
            "absences": list_absences(door.reader, org, brand, *span),
            "wishes": list_wishes(door.reader, org, brand, *span),
        }
    )


def _profile(profiles: Mapping[str, Any], person: str) -> dict[str, Any]:
    empty = {"tier": "", "categories": (), "rooms": (), "most_hours": 0, "department": ""}
    known = profiles.get(person)
    return msgspec.structs.asdict(known) if known is not None else empty


@router.post("/api/roster/people/{person}")
async def save_profile(
    request: Request, person: str, body: NewProfile, brand: str = "", caller: Caller = Depends(Guard("people"))
) -> Response:
    """Keep what the roster has to know of a person."""
    brand = brand_for(caller, "people", brand, services(request))
    event = RosterPersonSaved(
        org=caller.person.org,
        brand=brand,
        person=person,
        tier=body.tier,
        categories=tuple(body.categories),
        rooms=tuple(body.rooms),
        most_hours=body.most_hours,
        department=body.department,
    )
    return await _tell(request, caller, event)


@router.post("/api/roster/absences")
async def save_absence(
    request: Request, body: NewAbsence, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Somebody is away."""
    brand, absence = brand_for(caller, "plan", brand, services(request)), body.absence or new_id()
    event = AbsenceSaved(
        org=caller.person.org,
        brand=brand,
        absence=absence,
        person=body.person,
        first=body.first,
        last=body.last,
        reason=body.reason,
    )
    return await _tell(request, caller, event, absence=absence)


@router.delete("/api/roster/absences/{absence}")
async def remove_absence(
    request: Request, absence: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """They are there after all."""
    brand = brand_for(caller, "plan", brand, services(request))
    return await _tell(request, caller, AbsenceRemoved(org=caller.person.org, brand=brand, absence=absence))


@router.post("/api/roster/wishes")
async def save_wish(
    request: Request, body: NewWish, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """A wish: one's own, or anybody's for who plans."""
    door, org = services(request), caller.person.org
    own = body.person == caller.person.person
    brand = brand_for(caller, "watch" if own else "plan", brand, door)
    wish = body.wish or new_id()
    event = WishSaved(org=org, brand=brand, wish=wish, person=body.person, day=body.day, on=body.on, weight=body.weight)
    return await _tell(request, caller, event, wish=wish)


@router.delete("/api/roster/wishes/{wish}")
async def remove_wish(
    request: Request, wish: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """The wish is taken back."""
    brand = brand_for(caller, "plan", brand, services(request))
    return await _tell(request, caller, WishRemoved(org=caller.person.org, brand=brand, wish=wish))


@router.get("/api/roster/mine")
async def my_shifts(request: Request, caller: Caller = Depends(Guard("signed_in"))) -> Response:
    """The caller's own shifts in published rosters."""
    rows = shifts_of(services(request).reader, caller.person.org, caller.person.person)
    return answer([row for row in rows if row.state == "published"])


# Rosters.


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
    rooms = rooms_for(caller, "plan", brand, door)
    try:
        first = date.fromisoformat(body.first)
        free = {(date.fromisoformat(day) - first).days for day in body.free_days}
    except ValueError as error:
        raise BadInput("write days with their year, as 2026-12-01") from error
    strange = sorted({line.room for line in body.lines} - set(rooms) - {""})
    if strange:
        raise NotFound(f"there is no such room: {', '.join(strange)}")
    free |= {d for d in range(body.days) if (first + timedelta(days=d)).isoweekday() > 5}
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
    return await _tell(request, caller, event, roster=roster)


class _Opened:
    """A roster with its problem, as it stands."""

    def __init__(self, request: Request, caller: Caller, roster: str, brand: str) -> None:
        door = services(request)
        self.org, self.brand = caller.person.org, brand_for(caller, "plan", brand, door)
        row = find_roster(door.reader, self.org, self.brand, roster)
        if row is None:
            raise NotFound("there is no such roster")
        self.row: RosterRow = row
        self.shifts: list[ShiftRow] = list_shifts(door.reader, self.org, self.brand, roster)
        # Who was taken off a room's roles since still shows, and breaks the rule of skill.
        last = (date.fromisoformat(row.first) + timedelta(days=row.days - 1)).isoformat()
        profiles = list_profiles(door.reader, self.org, self.brand)
        self.people = list_people(door.reader, self.org)
        self.problem: Problem = problem_of(
            row,
            self.shifts,
            workers_of(self.people, profiles, self.brand, row.days),
            list_absences(door.reader, self.org, self.brand, row.first, last),
            list_wishes(door.reader, self.org, self.brand, row.first, last),
        )
        self.chosen = {shift.plan.post: shift.person for shift in self.shifts if shift.person}


@router.get("/api/rosters/{roster}")
async def show_roster(
    request: Request, roster: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """A roster as it stands: its places, every rule broken, what it costs, empty places with reasons, loads."""
    opened = await asyncio.to_thread(_Opened, request, caller, roster, brand)
    return answer(await asyncio.to_thread(_view, opened))


def _view(opened: _Opened) -> dict[str, Any]:
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
        "absences": problem.leaves,
    }


@router.delete("/api/rosters/{roster}")
async def remove_roster(
    request: Request, roster: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Take a roster away."""
    brand = brand_for(caller, "plan", brand, services(request))
    searches_of(request).drop(roster)
    return await _tell(request, caller, RosterRemoved(org=caller.person.org, brand=brand, roster=roster))


@router.get("/api/rosters/{roster}/posts/{post}")
async def post_candidates(
    request: Request, roster: str, post: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Who could fill a place: each person of the role with what it would break, the fit first."""
    opened = await asyncio.to_thread(_Opened, request, caller, roster, brand)
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
    opened = await asyncio.to_thread(_Opened, request, caller, roster, brand)
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
    opened = await asyncio.to_thread(_Opened, request, caller, roster, brand)
    broken = check(opened.problem, opened.chosen)
    if broken:
        raise BrokenRoster(f"{len(broken)} rules are broken, the first: {broken[0].rule} of {broken[0].person}")
    event = RosterPublished(org=opened.org, brand=opened.brand, roster=roster, version=body.version + 1)
    return await _tell(request, caller, event)


class BrokenRoster(NotAllowed):
    """A roster that breaks hard rules is not published."""

    code = "roster_broken"


# The search.


class NewSearch(BaseModel):
    """How far and how long to search."""

    gap: float = Field(default=0.05, ge=0, le=1)
    seconds: float = Field(default=300, gt=0, le=MOST_SECONDS)


@router.post("/api/rosters/{roster}/search")
async def start_search(
    request: Request, roster: str, body: NewSearch, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Start a search in a process of its own. Posts held by hand must not break rules among themselves."""
    opened = await asyncio.to_thread(_Opened, request, caller, roster, brand)
    broken = check(opened.problem, opened.problem.pinned)
    if broken:
        raise BrokenRoster(f"places held by hand break {len(broken)} rules; change or release them first")
    search = searches_of(request)
    await asyncio.to_thread(search.start, roster, opened.row.version, opened.problem, body.gap, body.seconds)
    return answer(_state(searches_of(request), roster))


@router.get("/api/rosters/{roster}/search")
async def search_state(
    request: Request, roster: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """How far the search is: penalty and bound so far, or what it ended with."""
    _known(request, caller, roster, brand)
    return answer(_state(searches_of(request), roster))


@router.delete("/api/rosters/{roster}/search")
async def end_search(
    request: Request, roster: str, keep: bool = False, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Cancel the search; with `keep` it stops with the best so far, to be accepted."""
    _known(request, caller, roster, brand)
    found = searches_of(request)
    if keep:
        found.stop(roster)
    else:
        found.drop(roster)
    return answer(_state(found, roster))


@router.post("/api/rosters/{roster}/search/accept")
async def accept_search(
    request: Request, roster: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Take over what the search found; refused when the roster was changed since it began."""
    org, brand = _known(request, caller, roster, brand)
    search = searches_of(request).find(roster)
    found = accepted(search)
    assert search is not None
    event = RosterFilled(
        org=org,
        brand=brand,
        roster=roster,
        version=search.version + 1,
        chosen=tuple(ShiftChosen(post, person) for post, person in found.chosen.items()),
        penalty=found.penalty,
        bound=found.bound if found.bound > float("-inf") else -1.0,
        seconds=found.seconds,
    )
    response = await _tell(request, caller, event)
    searches_of(request).drop(roster)
    return response


def _known(request: Request, caller: Caller, roster: str, brand: str) -> tuple[str, str]:
    door, org = services(request), caller.person.org
    brand = brand_for(caller, "plan", brand, door)
    if find_roster(door.reader, org, brand, roster) is None:
        raise NotFound("there is no such roster")
    return org, brand


def _state(found: Searches, roster: str) -> dict[str, Any]:
    search = found.find(roster)
    if search is None:
        return {"state": "none"}
    done = search.roster
    return {
        "state": search.state,
        "version": search.version,
        "progress": search.progress,
        "wrong": search.wrong,
        "result": None
        if done is None
        else {
            "filled": len(done.chosen),
            "penalty": done.penalty,
            "bound": done.bound if done.bound > float("-inf") else None,
            "gap": done.gap,
            "seconds": done.seconds,
            "finished": done.finished,
        },
    }
