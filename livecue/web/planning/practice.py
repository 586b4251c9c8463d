"""The doors to shows of practice rooms: the show itself runs before a simulated audience."""

import asyncio

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.compliance import find_review
from livecue.errors import BadInput
from livecue.shows import ShowRow
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import show_for
from livecue.web.rostered import take_rostered
from livecue.web.services import PracticeControls, Services

router = APIRouter()
_UNREVIEWED = ("unsigned",)


class NotSigned(BadInput):
    """What holds a real show from going on air holds a practised one too."""

    code = "not_signed"


class Practised(msgspec.Struct, frozen=True):
    """``possible``: the room is for practice. ``held``: why the show may not begin yet. ``rate``: 0 when it does not
    run so."""

    possible: bool
    held: tuple[str, ...]
    rate: float


def _controls(door: Services) -> PracticeControls:
    if door.practice is None:
        raise BadInput("this program has no simulated audience; start it whole")
    return door.practice


def _held(door: Services, show: ShowRow) -> tuple[str, ...]:
    row = find_review(door.reader, show.room, show.show)
    return tuple(row.review.reasons) if row is not None else _UNREVIEWED


@router.get("/api/shows/{show}/practice")
async def practice(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Whether the show can run before a simulated audience, what holds it, and how fast it runs now."""
    row, room = show_for(request, show, caller)
    door = services(request)
    possible = door.practice is not None and door.practice.possible(room)
    runs = row.status == "on_air" and door.practice is not None
    rate = door.practice.rate(row.room) if door.practice is not None and runs else 0.0
    held = await asyncio.to_thread(_held, door, row) if possible and row.status == "planned" else ()
    return answer(Practised(possible, held, rate))


class Begin(BaseModel):
    """``roles`` are played by people, the script plays the others; ``rate`` times the real pace."""

    roles: list[str] = Field(default=[], max_length=40)
    rate: float = Field(default=1.0, gt=0, le=60)


@router.post("/api/shows/{show}/practice", status_code=201)
async def begin(request: Request, show: str, body: Begin, caller: Caller = Depends(Guard("run"))) -> Response:
    """Run this very show of a practice room before a simulated audience; nothing reaches a real platform."""
    row, room = show_for(request, show, caller, "run")
    door = services(request)
    controls = _controls(door)
    if row.status != "planned":
        raise BadInput("only a planned show can begin")
    if controls.possible(room) and (held := await asyncio.to_thread(_held, door, row)):
        raise NotSigned(
            "its texts are not signed: open the show, mend what is marked, send it to the review, have it signed"
            f" ({', '.join(held)})"
        )
    await asyncio.to_thread(controls.start, row, room, tuple(body.roles), body.rate)
    await take_rostered(door, room, row.show, caller, body.roles)
    return answer({"room": row.room, "show": row.show}, 201)


class Rate(BaseModel):
    """How many times faster than real."""

    rate: float = Field(gt=0, le=60)


@router.post("/api/shows/{show}/practice/rate", status_code=204)
async def rate(request: Request, show: str, body: Rate, caller: Caller = Depends(Guard("run"))) -> Response:
    """Change the speed of the show and its simulated audience."""
    row, _ = show_for(request, show, caller, "run")
    _controls(services(request)).set_rate(row.room, body.rate)
    return Response(status_code=204)
