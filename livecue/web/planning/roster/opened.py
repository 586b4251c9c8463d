"""A roster as it stands, and the answer to what is asked of it."""

from datetime import date, timedelta
from typing import Any

from fastapi import Request, Response

from livecue.errors import NotAllowed, NotFound
from livecue.events import (
    CommandAsked,
)
from livecue.planning.roster import (
    Problem,
    RosterRow,
    Searches,
    ShiftRow,
    find_roster,
    list_absences,
    list_profiles,
    list_shifts,
    list_wishes,
    problem_of,
    workers_of,
)
from livecue.store import HOUSE
from livecue.team import list_people
from livecue.web.auth import Caller, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.rooms import ask, receipt_json


def searches_of(request: Request) -> Searches:
    """The searches of this program."""
    found: Searches | None = getattr(request.app.state, "roster_searches", None)
    if found is None:
        found = request.app.state.roster_searches = Searches()
    return found


async def tell(request: Request, caller: Caller, event: CommandAsked, **more: Any) -> Response:
    """Give the command to the house and answer what became of it, with ``more``."""
    return answer({**receipt_json(await ask(services(request), HOUSE, event, caller)), **more})


class Opened:
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


class BrokenRoster(NotAllowed):
    """A roster that breaks hard rules is not published."""

    code = "roster_broken"
