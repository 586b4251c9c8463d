"""The doors to activities (F28): the list, one of them, its page and its workbook."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from livecue.errors import BadInput, NotFound
from livecue.events import ActivitySaved
from livecue.kit import new_id
from livecue.planning.activity import (
    Activity,
    Sums,
    activities_between,
    activity_page,
    activity_workbook,
    find_activity,
    money_kept,
    sums_of,
    without_money,
)
from livecue.planning.calendar import ShowEntry, day_of, entry_of
from livecue.shows import find_show
from livecue.store import HOUSE
from livecue.team import find_person
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.money import PERMISSION
from livecue.web.planning.place import brand_for, planned_rooms, zone_of
from livecue.web.rooms import ask, json_of, receipt_json

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BACK, AHEAD = timedelta(days=366), timedelta(days=732)


class _Place:
    """For whom is asked, and what they may see."""

    def __init__(self, request: Request, caller: Caller, brand: str, permission: str) -> None:
        self.door, self.org = services(request), caller.person.org
        self.brand = brand_for(caller, permission, brand, self.door)
        self.rooms = planned_rooms(caller, "watch", self.brand, self.door)
        self.money = caller.may(PERMISSION, self.org, self.brand)

    def shows(self, activity: Activity) -> list[ShowEntry]:
        """Its shows of the rooms the caller may watch, by their beginning."""
        found = []
        for name in activity.shows:
            row = find_show(self.door.reader, name)
            room = self.rooms.get(row.room) if row is not None else None
            if row is not None and room is not None and row.status != "cancelled":
                found.append(entry_of(self.door.reader, row, room))
        return sorted(found, key=lambda row: (row.start, row.show))

    def told(self, activity: Activity) -> dict[str, Any]:
        shows = self.shows(activity)
        sums = sums_of(activity, [row.attained for row in shows])
        kept = activity if self.money else without_money(activity)
        return {**msgspec.structs.asdict(kept), "entries": shows, "sums": sums if self.money else None}

    def one(self, activity: str) -> Activity:
        found = find_activity(self.door.reader, self.org, self.brand, activity)
        if found is None:
            raise NotFound("there is no such activity")
        return found


@router.get("/api/activities")
async def activities(
    request: Request, brand: str = "", first: str = "", last: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Activities from the day `first` to `last`; without them those of a year back and two ahead."""
    place = _Place(request, caller, brand, "watch")
    today = day_of(place.door.clock.now_ms(), zone_of(place.rooms))
    try:
        start = date.fromisoformat(first) if first else today - BACK
        end = date.fromisoformat(last) if last else today + AHEAD
    except ValueError as error:
        raise BadInput("write days with their year, as 2026-11-22") from error

    def work() -> Any:
        found = activities_between(place.door.reader, place.org, place.brand, start, end)
        return {"activities": [place.told(row) for row in found], "today": today.isoformat()}

    return answer(await run_in_threadpool(work))


@router.post("/api/activities")
async def save(request: Request, brand: str = "", caller: Caller = Depends(Guard("plan"))) -> Response:
    """Save an activity, whole. Without the permission money amounts stay as they are."""
    place = _Place(request, caller, brand, "plan")
    raw = await json_of(request)
    activity = str(raw.get("activity") or new_id())
    try:
        event = msgspec.convert({**raw, "activity": activity, "org": place.org, "brand": place.brand}, ActivitySaved)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error
    for show in event.shows:
        row = find_show(place.door.reader, show)
        if row is None or (row.org, row.brand) != (place.org, place.brand):
            raise NotFound(f"there is no show {show} of this brand")
    if not place.money:
        event = money_kept(event, find_activity(place.door.reader, place.org, place.brand, activity))
    return answer({"activity": activity, **receipt_json(await ask(place.door, HOUSE, event, caller))})


@router.get("/api/activities/{activity}/print")
async def printed(
    request: Request,
    activity: str,
    brand: str = "",
    lang: str = Query(default="zh", pattern="^(zh|en)$"),
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """The activity as a page that prints or is saved as PDF."""
    place = _Place(request, caller, brand, "watch")
    page = await run_in_threadpool(lambda: activity_page(*_paper(place, activity), lang, place.money))
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


@router.get("/api/activities/{activity}.xlsx")
async def workbook(
    request: Request,
    activity: str,
    brand: str = "",
    lang: str = Query(default="zh", pattern="^(zh|en)$"),
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """The activity as a workbook."""
    place = _Place(request, caller, brand, "watch")
    content = await run_in_threadpool(lambda: activity_workbook(*_paper(place, activity), lang, place.money))
    name = quote(f"{place.one(activity).title}.xlsx", safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"livecue.xlsx\"; filename*=UTF-8''{name}"}
    return Response(content, media_type=XLSX, headers=headers)


def _paper(place: _Place, activity: str) -> tuple[Activity, Sums, list[ShowEntry], dict[str, str], str]:
    found = place.one(activity)
    shows = place.shows(found)
    owner = find_person(place.door.reader, found.owner) if found.owner else None
    starts = {row.show: _begins(row) for row in shows}
    return found, sums_of(found, [row.attained for row in shows]), shows, starts, owner.name if owner else found.owner


def _begins(row: ShowEntry) -> str:
    """A show's beginning in its room's own time."""
    return datetime.fromtimestamp(row.start / 1000, ZoneInfo(row.time_zone)).strftime("%Y-%m-%d %H:%M")
