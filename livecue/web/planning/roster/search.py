"""The search for a roster: begun, watched, stopped, taken over."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotFound
from livecue.events import (
    RosterFilled,
    ShiftChosen,
)
from livecue.planning.roster import (
    Searches,
    accepted,
    check,
    find_roster,
)
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.planning.roster.opened import BrokenRoster, Opened, searches_of, tell

router = APIRouter()
MOST_SECONDS = 1800.0


class NewSearch(BaseModel):
    """How far and how long to search."""

    gap: float = Field(default=0.05, ge=0, le=1)
    seconds: float = Field(default=300, gt=0, le=MOST_SECONDS)


@router.post("/api/rosters/{roster}/search")
async def start_search(
    request: Request, roster: str, body: NewSearch, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Start a search in a process of its own. Posts held by hand must not break rules among themselves."""
    opened = await asyncio.to_thread(Opened, request, caller, roster, brand)
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
    response = await tell(request, caller, event)
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
