"""The doors from what customers ask most (R062, R080) into talk tracks: a line proposed, taken or refused."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.desk.service import HotSpot, HotSpots, hot_spots, list_facts
from livecue.errors import NotAllowed, NotFound
from livecue.events import Claim, HotLineDecided, ProductCard
from livecue.kit import new_id
from livecue.planning.script import Handbook, HotLine, find_handbook, list_handbooks, list_hot_lines, proposed
from livecue.shows import list_shows
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, planned_rooms
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
_WEEK_MS = 7 * 24 * 3_600_000
_DAY_MS = 24 * 3_600_000
_AHEAD = 20
"""Shows of a room that are looked through for a script to remark on."""


class Place(msgspec.Struct, frozen=True):
    """A segment of a planned show that presents the product."""

    room: str
    show: str
    title: str
    starts_at: int
    segment: str
    name: str


class Row(msgspec.Struct, frozen=True):
    """A question that is asked often about a product. ``state``: open, handbook, script, refused or covered (the
    handbook answers it already). ``answer`` and ``source``: what the knowledge base says to it, "" nothing."""

    product: str
    name: str
    topic: str
    asked: int
    share: float
    before: float | None
    unanswered: int
    examples: list[str]
    demonstrate: bool
    state: str
    answer: str
    source: str
    handbook: int
    """Version of the handbook, 0 none."""
    places: list[Place]
    decided: HotLine | None


def question_rooms(caller: Caller, brand: str, door: Services) -> list[str]:
    """Whose questions count: real rooms, where the brand has any; a simulated show tells nothing of a real one, and in
    a rehearsal the questions are invented."""
    rooms = planned_rooms(caller, "watch", brand, door)
    return [name for name, room in rooms.items() if room.nature == "real"] or list(rooms)


def questions_of_the_week(door: Services, rooms: list[str]) -> tuple[int, int, HotSpots]:
    """From when, until when, and what was asked."""
    until = door.clock.now_ms()
    return until - _WEEK_MS, until, hot_spots(door.reader, rooms, until - _WEEK_MS, until)


def _places(door: Services, rooms: list[str]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for room in rooms:
        for show in list_shows(door.reader, room, _AHEAD):
            for segment in show.segments if show.status == "planned" else ():
                if segment.product:
                    place = Place(
                        room, show.show, show.title, show.starts_at, segment.segment, segment.title or segment.part
                    )
                    found.setdefault(segment.product, []).append(place)
    return {product: sorted(rows, key=lambda row: (row.starts_at, row.segment)) for product, rows in found.items()}


def _state(spot: HotSpot, decided: HotLine | None, handbook: Handbook | None, now: int, again_days: int) -> str:
    if decided is not None and (decided.decision != "refused" or now - decided.made_at < again_days * _DAY_MS):
        return decided.decision
    told = [item.question.strip() for item in handbook.body.answers] if handbook is not None else []
    return "covered" if any(text.strip() in told for text in spot.examples) else "open"


@router.get("/api/hot-lines")
async def lines(request: Request, brand: str = "", caller: Caller = Depends(Guard("watch"))) -> Response:
    """Questions of the last seven days that are asked often enough about a product to be worth a line in the talk
    (R062), what was decided about each, and where a line could stand."""
    door = services(request)
    org, name = caller.person.org, brand_for(caller, "watch", brand, door)

    def work() -> dict[str, Any]:
        rooms = question_rooms(caller, name, door)
        since, until, spots = questions_of_the_week(door, rooms)
        cards = _cards(door, org, name)
        books, decided = list_handbooks(door.reader, org, name), list_hot_lines(door.reader, org, name)
        facts = {(fact.product, fact.topic): fact for fact in reversed(list_facts(door.reader, org, name))}
        places = _places(door, rooms)
        rows = []
        for spot in spots.spots:
            if not spot.line or spot.product not in cards:
                continue
            last, book = decided.get((spot.product, spot.topic)), books.get(spot.product)
            fact = facts.get((spot.product, spot.topic)) or facts.get(("", spot.topic))
            rows.append(
                Row(
                    spot.product, cards[spot.product].name, spot.topic, spot.asked, spot.share, spot.before,
                    spot.unanswered, spot.examples, spot.demonstrate,
                    _state(spot, last, book, until, spots.again_days), fact.answer if fact else "",
                    fact.source if fact else "", book.version if book else 0, places.get(spot.product, [])[:5], last,
                )
            )  # fmt: skip
        return {
            "since": since, "until": until, "total": spots.total, "line_from": spots.line_from,
            "demonstrate_from": spots.demonstrate_from, "again_days": spots.again_days, "rows": rows,
        }  # fmt: skip

    return answer(await asyncio.to_thread(work))


def _cards(door: Services, org: str, brand: str) -> dict[str, ProductCard]:
    return {item.card.product: item.card for item in list_products(door.reader, org, brand) if item.active}


class Decision(BaseModel):
    """What becomes of one; ``version`` is that of the handbook that was seen, plus one."""

    product: str = Field(max_length=200)
    topic: str = Field(max_length=100)
    decision: str = Field(pattern="^(handbook|script|refused)$")
    question: str = Field(default="", max_length=2000)
    answer: str = Field(default="", max_length=2000)
    show: str = Field(default="", max_length=200)
    segment: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=2000)
    version: int = Field(default=0, ge=0)


@router.post("/api/hot-lines")
async def decide(
    request: Request, body: Decision, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Take a line into the handbook, put it to the script of a planned show as a remark, or refuse it with a reason."""
    door = services(request)
    org, name = caller.person.org, brand_for(caller, "watch", brand, door)
    if not any(caller.may(permission, org, name) for permission in ("catalog", "plan")):
        raise NotAllowed("this needs the permission 'catalog' or 'plan' for the whole brand")

    def work() -> tuple[tuple[int, int, HotSpots], ProductCard | None, list[Place], bool]:
        rooms = question_rooms(caller, name, door)
        card = _cards(door, org, name).get(body.product)
        first = find_handbook(door.reader, org, name, body.product) is None
        return questions_of_the_week(door, rooms), card, _places(door, rooms).get(body.product, []), first

    (since, until, spots), card, places, first = await asyncio.to_thread(work)
    spot = next((one for one in spots.spots if (one.product, one.topic) == (body.product, body.topic)), None)
    if spot is None or card is None:
        raise NotFound("nobody has asked this about such a product in the last seven days")
    wanted = (body.show, body.segment)
    place = next((one for one in places if (one.show, one.segment) == wanted), None)
    if body.decision == "script" and place is None:
        raise NotFound("no planned show presents this product in that segment; reload the page")
    event = HotLineDecided(
        org=org, brand=name, line=new_id(), product=body.product, topic=body.topic, decision=body.decision,
        question=body.question, answer=body.answer, reason=body.reason, version=body.version,
        room=place.room if place and body.decision == "script" else "",
        show=body.show if body.decision == "script" else "",
        segment=body.segment if body.decision == "script" else "",
        at=until, asked=spot.asked, asked_all=spots.total, since=since, until=until,
        advantages=tuple(Claim(text=item.text) for item in proposed(body.product, card.selling_points).body.advantages)
        if first
        else (),
    )  # fmt: skip
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))
