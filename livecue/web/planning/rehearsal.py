"""The doors to rehearsals: begin, speed, end, and what each came to."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.debrief import DebriefBody, find_debrief
from livecue.errors import BadInput, NotFound
from livecue.planning.script import Gate, Rehearsed, Score, Timed, digest_of, gate_of, rehearsals_of, score_of
from livecue.shows import find_show, list_segments
from livecue.store import Reader
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import show_for
from livecue.web.services import RehearsalControls, Services

router = APIRouter()
_REPLIES = "M79"
_WORD = "R065"


class Row(msgspec.Struct, frozen=True):
    """A rehearsal. ``current``: of the text as it stands; ``whole``: every segment ran; ``score`` None until its
    debrief is written."""

    rehearsal: Rehearsed
    status: str
    started_at: int
    ended_at: int
    current: bool
    whole: bool
    score: Score | None


class Rehearsals(msgspec.Struct, frozen=True):
    """``running`` is the rehearsal on air for this room, "" when none is."""

    gate: Gate
    running: str
    rehearsal_room: str
    rows: list[Row]


def _controls(door: Services) -> RehearsalControls:
    if door.rehearsals is None:
        raise BadInput("this program runs no rehearsals; start it whole")
    return door.rehearsals


def rehearsal_row(reader: Reader, item: Rehearsed, digest: str) -> Row:
    """How a rehearsal stands; ``digest`` is that of the show's text as it stands."""
    found = find_show(reader, item.rehearsal)
    if found is None:
        # It was begun this moment and has no plan yet.
        return Row(item, "planned", 0, 0, item.digest == digest, False, None)
    segments = list_segments(reader, item.room, item.rehearsal)
    times = [Timed(s.planned_start, s.planned_end, s.started_at, s.ended_at) for s in segments]
    whole = bool(times) and all(one.started_at > 0 for one in times) and found.status == "ended"
    body = find_debrief(reader, item.rehearsal, item.room) if found.status == "ended" else None
    score = _score(times, body) if body is not None else None
    return Row(item, found.status, found.started_at, found.ended_at, item.digest == digest, whole, score)


def _score(times: list[Timed], body: DebriefBody) -> Score:
    sums = body.cue_sums
    reply = next((one for one in body.service if one.metric == _REPLIES and one.value is not None), None)
    words = sum(cue.rule == _WORD for cue in body.cues)
    replies = (float(reply.value or 0.0), int(reply.sample or 0)) if reply is not None else None
    return score_of(times, sums.given, sums.followed + sums.dismissed, replies, words)


@router.get("/api/shows/{show}/rehearsals")
async def rehearsals(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The rehearsals of a show with their scores, and where the rule of two days ahead (R075) stands."""
    row, _ = show_for(request, show, caller)
    door = services(request)
    digest = digest_of(row.segments)

    def read() -> Rehearsals:
        rows = [
            rehearsal_row(door.reader, item, digest) for item in rehearsals_of(door.reader, row.org, row.brand, show)
        ]
        done = [one.rehearsal.at for one in rows if one.current and one.whole]
        running = door.rehearsals.running(row.room) if door.rehearsals else ""
        where = next((one.rehearsal.room for one in rows), "")
        return Rehearsals(gate_of(row.starts_at, done, door.clock.now_ms()), running, where, rows)

    return answer(await asyncio.to_thread(read))


class Begin(BaseModel):
    """``roles`` are played by people, the script plays the others; ``rate`` times the real pace, 0 is at once."""

    roles: list[str] = Field(default=[], max_length=40)
    rate: float = Field(default=1.0, ge=0, le=60)


@router.post("/api/shows/{show}/rehearsals", status_code=201)
async def begin(request: Request, show: str, body: Begin, caller: Caller = Depends(Guard("run"))) -> Response:
    """Rehearse the show as it stands: the console of a room of its own, fed by the simulator with this very rundown."""
    row, room = show_for(request, show, caller, "run")
    controls = _controls(services(request))
    if row.status not in ("planned", "on_air"):
        raise BadInput("this show is over; rehearse a planned one")
    made = await asyncio.to_thread(controls.start, row, room, caller.person.person, tuple(body.roles), body.rate)
    found: dict[str, Any] = {"room": made[0], "show": made[1]}
    return answer(found, 201)


class Rate(BaseModel):
    """How many times faster than real."""

    rate: float = Field(gt=0, le=60)


@router.post("/api/shows/{show}/rehearsals/rate", status_code=204)
async def rate(request: Request, show: str, body: Rate, caller: Caller = Depends(Guard("run"))) -> Response:
    """Change the speed of the rehearsal."""
    row, _ = show_for(request, show, caller, "run")
    _controls(services(request)).set_rate(row.room, body.rate)
    return Response(status_code=204)


@router.post("/api/shows/{show}/rehearsals/end", status_code=204)
async def end(request: Request, show: str, caller: Caller = Depends(Guard("run"))) -> Response:
    """End the rehearsal now; it is scored as far as it came."""
    row, _ = show_for(request, show, caller, "run")
    controls = _controls(services(request))
    if not controls.running(row.room):
        raise NotFound("no rehearsal runs in this room")
    await asyncio.to_thread(controls.end, row.room)
    return Response(status_code=204)
