"""The doors to the timed plan of a show, to draws and to the proof that they were fair."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotFound
from livecue.events import DrawRules, WordDrawAsked
from livecue.kit import new_id
from livecue.shelf import (
    faults_of,
    find_draw,
    find_plan,
    keep_seed,
    list_draws,
    list_winners,
    new_seed,
    proof_of,
)
from livecue.shows import find_show
from livecue.web.auth import Caller, Guard, apply, room_of, services
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json

router = APIRouter()
_HIDDEN = ("asked", "waiting", "open")
"""Nothing about the entrants is told while somebody could still act on it."""


@router.get("/api/shows/{show}/steps")
async def steps(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The timed plan of a show, with what became of its steps and what the room can do."""
    door = services(request)
    row = find_show(door.reader, show)
    if row is None or row.room not in door.rooms():
        raise NotFound("there is no such show")
    info = room_of(request, row.room)
    if not caller.may("watch", info.org, info.brand, info.room):
        raise NotFound("there is no such show")
    return answer({"plan": find_plan(door.reader, row.room, show), "capabilities": door.capabilities(info)})


@router.get("/api/rooms/{room}/draws")
async def draws(request: Request, room: str, show: str = "", caller: Caller = Depends(Guard("watch"))) -> Response:
    """The draws of a room, newest first: the team's own, and what the platform told of its own."""
    info = room_of(request, room)
    return answer(list_draws(services(request).reader, info.room, show))


class NewDraw(BaseModel):
    """A draw by a word in the comments. ``value`` of one prize in minor units; ``dry``: only look."""

    title: str = Field(default="", max_length=200)
    prize: str = Field(default="", max_length=200)
    prizes: int = 0
    value: int = 0
    method: str = Field(default="", max_length=1100)
    """Conditions and method of a planned draw, 500 characters each, stand in it whole."""
    word: str = Field(default="", max_length=60)
    duration_s: int = 0
    claim_days: int = 0
    segment: str = Field(default="", max_length=200)
    """The segment whose planned draw it is; "" is none."""
    dry: bool = False


@router.post("/api/rooms/{room}/draws", status_code=201)
async def hold_draw(request: Request, room: str, body: NewDraw, caller: Caller = Depends(Guard("run"))) -> Response:
    """Ask for a draw. The seed is drawn here and its commitment published; it is revealed when the draw was held."""
    info = room_of(request, room)
    door = services(request)
    seed = new_seed(new_id())
    rules = DrawRules(
        title=body.title.strip(), prize=body.prize.strip(), prizes=body.prizes, value=body.value,
        method=body.method.strip(), word=body.word.strip(), duration_s=body.duration_s, claim_days=body.claim_days,
    )  # fmt: skip
    if not body.dry:
        now = door.clock.now_ms()
        await apply(door, lambda writer: keep_seed(writer, info, seed, now))
    event = WordDrawAsked(draw=seed.draw, rules=rules, commitment=seed.commitment, dry=body.dry, segment=body.segment)
    return answer({"draw": seed.draw, **receipt_json(await ask(door, room, event, caller))}, 201)


@router.get("/api/rooms/{room}/draws/{draw}")
async def one_draw(request: Request, room: str, draw: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """A draw with its winners (masked) and whether recomputing it gives the same."""
    info = room_of(request, room)
    reader = services(request).reader
    row = find_draw(reader, info.room, draw)
    if row is None:
        raise NotFound("this room has no such draw")
    proof = proof_of(reader, row)
    found: dict[str, Any] = {
        "draw": row,
        "winners": [] if row.state in _HIDDEN else list_winners(reader, info.room, draw),
        "faults": None if proof is None else faults_of(proof),
    }
    return answer(found)


@router.get("/api/rooms/{room}/draws/{draw}/proof")
async def proof(request: Request, room: str, draw: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The proof as a file for anybody: rules, seed, codes, winners. Nothing in it is about a person."""
    info = room_of(request, room)
    reader = services(request).reader
    row = find_draw(reader, info.room, draw)
    found = proof_of(reader, row) if row is not None else None
    if found is None:
        raise NotFound("there is a proof once a draw of the team was held; what a platform drew has none")
    return Response(
        msgspec.json.format(msgspec.json.encode(found), indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="draw-{row.draw if row else draw}.json"'},
    )
