"""The calendar's doors: what stands on it, entries of the team, feeds for calendar programs."""

import asyncio
from datetime import date, timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.desk.service import HotSpot
from livecue.errors import NotAllowed, NotFound
from livecue.events import ContentRemoved, ContentSaved, MeetingNoted, MeetingsSet
from livecue.kit import new_id
from livecue.planning.activity import activities_between
from livecue.planning.calendar import (
    Asked,
    Beside,
    Feed,
    advice_for,
    agenda_of,
    calendar_of,
    day_of,
    find_feed,
    ics_events,
    ics_meetings,
    ics_of,
    ics_tasks,
    list_feeds,
    meetings_of,
    new_feed,
    resources,
    revoke_feed,
    times_of,
)
from livecue.store import HOUSE, append_audit
from livecue.team import Session, find_person, list_brands, list_named
from livecue.web.auth import Caller, Guard, apply, services
from livecue.web.bridge.tokens import BadToken
from livecue.web.json import answer
from livecue.web.planning.hot import question_rooms, questions_of_the_week
from livecue.web.planning.place import brand_for, days_of, planned_rooms, rooms_for, zone_of
from livecue.web.rooms import ask, receipt_json
from livecue.web.rules import low_stock
from livecue.web.services import Services
from livecue.work import list_tasks

router = APIRouter()
FEED_BACK = timedelta(days=30)
FEED_AHEAD = timedelta(days=180)
FEEDS = 20
"""Feeds one person may have at a time."""


@router.get("/api/calendar")
async def calendar(
    request: Request, brand: str = "", first: str = "", last: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Shows of the rooms the caller may watch and the brand's contents, from the day `first` to `last`."""
    door = services(request)
    brand = brand_for(caller, "watch", brand, door)
    rooms = await asyncio.to_thread(planned_rooms, caller, "watch", brand, door)
    start, end = days_of(request, first, last, zone_of(rooms))
    view = calendar_of(door.reader, caller.person.org, brand, rooms, start, end, door.clock.now_ms())
    return answer(
        {
            "first": view.first,
            "last": view.last,
            "today": day_of(door.clock.now_ms(), zone_of(rooms)).isoformat(),
            "now": door.clock.now_ms(),
            "time_zone": zone_of(rooms),
            "rooms": [{"room": r.room, "name": r.name, "time_zone": r.time_zone} for r in rooms.values()],
            "shows": view.shows,
            "contents": view.contents,
            "activities": [
                {name: getattr(row, name) for name in ("activity", "title", "theme", "starts_on", "ends_on", "shows")}
                for row in activities_between(door.reader, caller.person.org, brand, start, end)
                if row.state != "cancelled"
            ],
            "meetings": meetings_of(times_of(door.reader, caller.person.org, brand), view.shows, start, end),
            "meeting_times": times_of(door.reader, caller.person.org, brand),
            "advice": advice_for(door.reader, rooms, view.shows, start, end),
            "resources": resources(door.reader, caller.person.org, brand, list(rooms)),
        }
    )


class NewContent(BaseModel):
    """An entry of the content calendar; days with their year, as 2026-11-22."""

    content: str = Field(default="", max_length=100)
    title: str = Field(min_length=1, max_length=200)
    what: str = "content"
    starts_on: str
    ends_on: str
    room: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=2000)
    source: str = Field(default="", max_length=500)
    source_date: str = ""


@router.post("/api/calendar/contents")
async def save_content(
    request: Request, body: NewContent, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Enter or change an entry of the content calendar."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    _check_place(caller, brand, body.room, request)
    content = body.content or new_id()
    event = ContentSaved(org=caller.person.org, brand=brand, **{**body.model_dump(), "content": content})
    return answer({"content": content, **receipt_json(await ask(door, HOUSE, event, caller))})


@router.delete("/api/calendar/contents/{content}")
async def remove_content(
    request: Request, content: str, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Take an entry away; what ships with the program stays."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    _check_place(caller, brand, "", request)
    event = ContentRemoved(org=caller.person.org, brand=brand, content=content)
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


def _check_place(caller: Caller, brand: str, room: str, request: Request) -> None:
    """Whoever plans for one room only does not write into the whole brand's calendar."""
    org = caller.person.org
    if room:
        if room not in rooms_for(caller, "plan", brand, services(request)):
            raise NotFound("there is no such room")
    elif not caller.may("plan", org, brand):
        raise NotAllowed("you plan for single rooms: name the room it concerns")


class NewTimes(BaseModel):
    """When the brand meets: times of day as 09:00, "" for none; 1 is Monday."""

    morning: str = "09:00"
    weekly_day: int = 1
    weekly: str = "10:00"
    time_zone: str = "Asia/Shanghai"


@router.post("/api/calendar/meeting-times")
async def set_times(
    request: Request, body: NewTimes, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Set when the brand meets (R076, R079)."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    _check_place(caller, brand, "", request)
    event = MeetingsSet(org=caller.person.org, brand=brand, **body.model_dump())
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


@router.get("/api/calendar/meetings/{meeting}")
async def meeting(
    request: Request, meeting: str, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """A meeting's agenda, written from the data of now, and its minutes."""
    door = services(request)
    brand = brand_for(caller, "watch", brand, door)
    rooms = rooms_for(caller, "watch", brand, door)
    money = set(rooms) == set(rooms_for(caller, "money", brand, door))
    org, now = caller.person.org, door.clock.now_ms()
    beside = _beside(door, caller, brand)
    found = await asyncio.to_thread(agenda_of, door.reader, org, brand, rooms, meeting, now, money, beside)
    if found is None:
        raise NotFound("there is no such meeting")
    return answer(found)


def _beside(door: Services, caller: Caller, brand: str) -> Beside:
    """What stock and customer service know of an agenda."""

    def asked() -> list[Asked]:
        found = questions_of_the_week(door, question_rooms(caller, brand, door))[2].spots
        return [
            Asked(spot.product, spot.topic, spot.asked, next(iter(spot.examples), "")) for spot in found if _about(spot)
        ]

    return Beside(partial(low_stock, door), asked)


def _about(spot: HotSpot) -> bool:
    """Whether it is one question: what has no topic is many."""
    return spot.topic not in ("", "other")


class Minutes(BaseModel):
    """The minutes of a meeting, whole."""

    minutes: str = Field(max_length=20_000)


@router.post("/api/calendar/meetings/{meeting}")
async def note_meeting(
    request: Request, meeting: str, body: Minutes, brand: str = "", caller: Caller = Depends(Guard("answer"))
) -> Response:
    """Keep the minutes of a meeting."""
    door = services(request)
    brand = brand_for(caller, "answer", brand, door)
    rooms = rooms_for(caller, "answer", brand, door)
    now = door.clock.now_ms()
    # Only whether there is such a meeting: what customers ask is not counted for it.
    beside = Beside(partial(low_stock, door), list)
    org = caller.person.org
    if await asyncio.to_thread(agenda_of, door.reader, org, brand, rooms, meeting, now, False, beside) is None:
        raise NotFound("there is no such meeting")
    event = MeetingNoted(org=caller.person.org, brand=brand, meeting=meeting, minutes=body.minutes, at=now)
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


class NewFeed(BaseModel):
    """A feed to make."""

    name: str = Field(min_length=1, max_length=60)
    brand: str = ""


@router.get("/api/calendar/feeds")
async def feeds(request: Request, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The caller's own feeds, without their tokens."""
    return answer(list_feeds(services(request).reader, caller.person.org, caller.person.person))


@router.post("/api/calendar/feeds", status_code=201)
async def make_feed(request: Request, body: NewFeed, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Make an address for the caller's calendar program; this answer is the only place that shows it."""
    door, person = services(request), caller.person
    if caller.session.scope != "full":
        raise NotAllowed("a stage device has no calendar")
    brand = brand_for(caller, "watch", body.brand, door)
    if sum(not row.revoked for row in list_feeds(door.reader, person.org, person.person)) >= FEEDS:
        raise NotAllowed(f"a person has at most {FEEDS} addresses; take one back first")
    now = door.clock.now_ms()
    feed = Feed(person.org, brand, new_id(), body.name, person.person, person.language)

    def work(writer: Any) -> str:
        _note(writer, feed, now, "FeedMade")
        return new_feed(writer, feed, now)

    token = await apply(door, work)
    base = door.lan_address or str(request.base_url).rstrip("/")
    return answer({"feed": feed.feed, "url": f"{base}/api/calendar/feed/{token}.ics"}, 201)


@router.delete("/api/calendar/feeds/{feed}", status_code=204)
async def drop_feed(request: Request, feed: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Take an address back: it answers nothing from now on."""
    door, person = services(request), caller.person
    now = door.clock.now_ms()

    def work(writer: Any) -> int:
        gone = revoke_feed(writer, person.org, person.person, feed)
        if gone:
            _note(writer, Feed(person.org, "", feed, "", person.person, ""), now, "FeedRevoked")
        return gone

    if not await apply(door, work):
        raise NotFound("there is no such address of yours")
    return Response(status_code=204)


class FeedGuard:
    """Asks for a token in the address: calendar programs cannot sign in."""

    permission = "token:calendar"

    def __call__(self, request: Request) -> Caller:
        door = services(request)
        address = request.client.host if request.client else ""
        token = str(request.path_params["token"]).removesuffix(".ics")
        feed = find_feed(door.reader, token)
        person = find_person(door.reader, feed.person) if feed is not None else None
        if feed is None or person is None or not person.active:
            door.tries_by_address.check(address, door.clock.now_ms())
            raise BadToken("this calendar address is unknown or was taken back; make a new one in Office > Calendar")
        request.state.feed = feed
        return Caller(person, Session(person.person, "full", "", "", 0), "")


def _written(door: Services, feed: Feed, caller: Caller) -> str:
    """A feed's entries. It reads many rows: call it beside the loop."""
    now = door.clock.now_ms()
    rooms = planned_rooms(caller, "watch", feed.brand, door)
    today = day_of(now, zone_of(rooms))
    view = calendar_of(door.reader, feed.org, feed.brand, rooms, today - FEED_BACK, today + FEED_AHEAD)
    brand = dict(list_brands(door.reader, feed.org)).get(feed.brand, feed.brand)
    names = {p.person: p.name for room in rooms for p in list_named(door.reader, feed.org, feed.brand, room)}
    meetings = meetings_of(
        times_of(door.reader, feed.org, feed.brand), view.shows, today - FEED_BACK, today + FEED_AHEAD
    )
    mine = [
        (room, task) for name, room in rooms.items() for task in list_tasks(door.reader, name, closed=False)
        if today - FEED_BACK <= day_of(task.due_at, room.time_zone) <= today + FEED_AHEAD
        and (task.person or feed.person) == feed.person
        and (task.person or caller.holds(task.role, feed.org, feed.brand, name))
    ]  # fmt: skip
    entries = [
        *ics_events(view, feed.language, now, names),
        *ics_meetings(meetings, rooms, feed.language),
        *ics_tasks(mine, view.shows, feed.language),
    ]
    return ics_of(f"LiveCue · {brand}", entries, now)


@router.get("/api/calendar/feed/{token}.ics")
async def read_feed(request: Request, caller: Caller = Depends(FeedGuard())) -> Response:
    """The calendar as RFC 5545, a month back and half a year ahead: what the feed's owner may watch now, and until when
    what is theirs to do, by name or by role."""
    text = await asyncio.to_thread(_written, services(request), request.state.feed, caller)
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, max-age=300",
            "Content-Disposition": 'inline; filename="livecue.ics"',
            "Referrer-Policy": "no-referrer",
        },
    )


def _note(writer: Any, feed: Feed, now: int, what: str) -> None:
    append_audit(writer, at=now, org=feed.org, brand=feed.brand, room="", who=feed.person, what=what, subject=feed.feed)


def today_of(request: Request, zone: str) -> date:
    """Today by the house's clock in ``zone``."""
    return day_of(services(request).clock.now_ms(), zone)
