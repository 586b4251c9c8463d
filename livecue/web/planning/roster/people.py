"""Who can work: profiles, absences, wishes, and everybody's own shifts."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotFound
from livecue.events import (
    AbsenceRemoved,
    AbsenceSaved,
    RosterPersonSaved,
    WishRemoved,
    WishSaved,
)
from livecue.kit import new_id
from livecue.planning.roster import (
    ROLES,
    list_absences,
    list_profiles,
    list_wishes,
    owner_of_wish,
    shifts_of,
    workers_of,
)
from livecue.team import find_person, list_people
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.planning.roster.opened import tell

router = APIRouter()


class NewProfile(BaseModel):
    """What the roster has to know of a person."""

    tier: str = Field(default="", max_length=20)
    categories: list[str] = Field(default=[], max_length=100)
    rooms: list[str] = Field(default=[], max_length=500)
    most_hours: int = 0
    department: str = Field(default="", max_length=100)
    week_hours: int = 0
    streak_days: int = 0


class NewAbsence(BaseModel):
    """Days on which somebody is away, the last included."""

    absence: str = Field(default="", max_length=100)
    person: str = Field(max_length=200)
    first: str
    last: str
    reason: str = Field(default="", max_length=200)


class NewWish(BaseModel):
    """A wish to work on a day, or not to; `last` for several days, `start` and `end` (minutes) for a part of them."""

    wish: str = Field(default="", max_length=100)
    person: str = Field(max_length=200)
    day: str
    on: bool = False
    weight: int = 20
    last: str = ""
    start: int = 0
    end: int = 0


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
    empty = {
        "tier": "", "categories": (), "rooms": (), "most_hours": 0, "department": "", "week_hours": 0, "streak_days": 0
    }  # fmt: skip
    known = profiles.get(person)
    return msgspec.structs.asdict(known) if known is not None else empty


def _known(request: Request, caller: Caller, person: str) -> None:
    found = find_person(services(request).reader, person)
    if found is None or found.org != caller.person.org:
        raise NotFound("there is no such person")


@router.post("/api/roster/people/{person}")
async def save_profile(
    request: Request, person: str, body: NewProfile, brand: str = "", caller: Caller = Depends(Guard("people"))
) -> Response:
    """Keep what the roster has to know of a person."""
    brand = brand_for(caller, "people", brand, services(request))
    _known(request, caller, person)
    event = RosterPersonSaved(
        org=caller.person.org,
        brand=brand,
        person=person,
        tier=body.tier,
        categories=tuple(body.categories),
        rooms=tuple(body.rooms),
        most_hours=body.most_hours,
        department=body.department,
        week_hours=body.week_hours,
        streak_days=body.streak_days,
    )
    return await tell(request, caller, event)


@router.post("/api/roster/absences")
async def save_absence(
    request: Request, body: NewAbsence, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Somebody is away."""
    brand, absence = brand_for(caller, "plan", brand, services(request)), body.absence or new_id()
    _known(request, caller, body.person)
    event = AbsenceSaved(
        org=caller.person.org,
        brand=brand,
        absence=absence,
        person=body.person,
        first=body.first,
        last=body.last,
        reason=body.reason,
    )
    return await tell(request, caller, event, absence=absence)


@router.delete("/api/roster/absences/{absence}")
async def remove_absence(
    request: Request, absence: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """They are there after all."""
    brand = brand_for(caller, "plan", brand, services(request))
    return await tell(request, caller, AbsenceRemoved(org=caller.person.org, brand=brand, absence=absence))


@router.post("/api/roster/wishes")
async def save_wish(
    request: Request, body: NewWish, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """A wish: one's own, or anybody's for who plans."""
    door, org = services(request), caller.person.org
    own = body.person == caller.person.person
    brand = brand_for(caller, "watch" if own else "plan", brand, door)
    wish = body.wish or new_id()
    if (owner_of_wish(door.reader, org, brand, wish) or body.person) != body.person:
        raise NotFound("there is no such wish of this person")
    _known(request, caller, body.person)
    event = WishSaved(
        org=org, brand=brand, wish=wish, person=body.person, day=body.day, on=body.on, weight=body.weight,
        last=body.last, start=body.start, end=body.end,
    )  # fmt: skip
    return await tell(request, caller, event, wish=wish)


@router.delete("/api/roster/wishes/{wish}")
async def remove_wish(
    request: Request, wish: str, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """The wish is taken back: one's own, or anybody's by who plans."""
    door, org = services(request), caller.person.org
    own = brand_for(caller, "watch", brand, door)
    if owner_of_wish(door.reader, org, own, wish) != caller.person.person:
        own = brand_for(caller, "plan", brand, door)
    brand = own
    return await tell(request, caller, WishRemoved(org=caller.person.org, brand=brand, wish=wish))


@router.get("/api/roster/mine")
async def my_shifts(request: Request, caller: Caller = Depends(Guard("signed_in"))) -> Response:
    """The caller's own shifts in published rosters."""
    rows = shifts_of(services(request).reader, caller.person.org, caller.person.person)
    return answer([row for row in rows if row.state == "published"])


@router.get("/api/roster/mine/wishes")
async def my_wishes(
    request: Request, brand: str = "", first: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """The caller's own wishes and absences for a brand, from the day `first`."""
    door, org, me = services(request), caller.person.org, caller.person.person
    brand = brand_for(caller, "watch", brand, door)
    span = (first or "0000-00-00", "9999-12-31")
    return answer(
        {
            "brand": brand,
            "wishes": [row for row in list_wishes(door.reader, org, brand, *span) if row.person == me],
            "absences": [row for row in list_absences(door.reader, org, brand, *span) if row.person == me],
        }
    )
