"""The door to the first steps: what a new team has done of what leads to its first month, read from what is kept."""

import asyncio

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from livecue.catalog import count_products
from livecue.compliance import newest_reviews
from livecue.flow import RoomInfo
from livecue.planning.calendar import day_of
from livecue.planning.goals import own_goals
from livecue.planning.roster import list_rosters
from livecue.planning.script import count_rehearsals
from livecue.planning.selection import count_accepted
from livecue.shows import ShowRow, list_shows
from livecue.team import Person, list_people
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, rooms_for, zone_of
from livecue.web.services import Services
from livecue.work import list_improvements

router = APIRouter()


class Step(msgspec.Struct, frozen=True):
    """``count`` of what the step brings about: it is done with one."""

    step: str
    count: int


class FirstSteps(msgspec.Struct, frozen=True):
    """``room`` and ``show``: the next planned show, "" without one."""

    steps: list[Step]
    room: str
    show: str


@router.get("/api/first-steps")
async def first_steps(request: Request, brand: str = "", caller: Caller = Depends(Guard("watch"))) -> Response:
    """From the first room to a debrief whose improvements are in the next plan: how often each step was done."""
    door = services(request)
    org = caller.person.org
    brands = {room.brand for room in door.rooms().values() if room.org == org}
    if not brand and not brands:
        # Nothing is there yet: every step is still to be done.
        return answer(FirstSteps([Step(name, 0) for name in _NAMES], "", ""))
    brand = brand_for(caller, "watch", brand, door)
    rooms = rooms_for(caller, "watch", brand, door)
    return answer(await asyncio.to_thread(_read, door, org, brand, rooms))


_NAMES = ("room", "people", "products", "shows", "goals", "roster", "selection", "script", "rehearsal", "run", "next")


def _read(door: Services, org: str, brand: str, rooms: dict[str, RoomInfo]) -> FirstSteps:
    reader = door.reader
    own = {name: room for name, room in rooms.items() if room.platform != "simulator"}
    shows = [show for name in own for show in list_shows(reader, name, 100)]
    planned = sorted((show for show in shows if show.status == "planned"), key=_soonest)
    coming = planned[0] if planned else None
    now, zone = door.clock.now_ms(), zone_of(own)
    years = {str(day_of(now, zone).year), str(day_of(now, zone).year + 1)}
    currencies = {room.currency for room in own.values()}
    goals = sum(period[:4] in years for currency in currencies for period in own_goals(reader, org, brand, currency)[0])
    counts = (
        len(own),
        sum(_works_for(person, brand) for person in list_people(reader, org)),
        count_products(reader, org, brand),
        sum(show.status != "cancelled" for show in shows),
        goals,
        sum(row.state == "published" for row in list_rosters(reader, org, brand)),
        count_accepted(reader, org, brand),
        sum(row.state == "signed" for name in own for row in newest_reviews(reader, name)),
        count_rehearsals(reader, org, brand),
        sum(show.status == "ended" for show in shows),
        sum(item.carried_to != "" for name in own for item in list_improvements(reader, name)),
    )
    steps = [Step(name, count) for name, count in zip(_NAMES, counts, strict=True)]
    return FirstSteps(steps, coming.room if coming else "", coming.show if coming else "")


def _works_for(person: Person, brand: str) -> bool:
    return person.active and any(grant.role != "owner" and grant.brand in ("", brand) for grant in person.grants)


def _soonest(show: ShowRow) -> tuple[int, str]:
    return show.starts_at, show.show
