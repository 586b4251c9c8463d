"""The doors to remarks on a script, its review, its variables, and the news that somebody else saved."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import Conflict, NotAllowed
from livecue.events import (
    Event,
    LineupChanged,
    ProductCard,
    RundownChanged,
    ScriptCommentClosed,
    ScriptCommented,
    ScriptReviewed,
    ShowPlanned,
)
from livecue.kit import new_id
from livecue.planning.script import (
    VARIABLES,
    Missing,
    Remark,
    Standing,
    remarks_of,
    spoken,
    standing_of,
    values_of,
)
from livecue.sales import list_stock
from livecue.shows import ShowRow
from livecue.store import HOUSE
from livecue.team import list_people
from livecue.web.auth import AGAIN_S, Caller, Guard, services, still
from livecue.web.json import answer
from livecue.web.planning.place import show_for
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
_LANGUAGE = Query(default="", pattern="^(zh|en)?$")


class Reviewed(msgspec.Struct, frozen=True):
    """Where a script stands. ``may_decide``: the caller may approve or return what is handed in now."""

    standing: Standing
    remarks: list[Remark]
    missing: list[Missing]
    may_decide: bool
    alone: bool


class Variables(msgspec.Struct, frozen=True):
    """``words``: variable to how it is written in zh and en; ``values``: product to variable to value ("" unknown)."""

    words: dict[str, tuple[str, str]]
    values: dict[str, dict[str, str]]


def cards_of(door: Services, row: ShowRow) -> dict[str, ProductCard]:
    """The show's products as the catalogue has them now; what it lacks is as it was planned."""
    now = {item.card.product: item.card for item in list_products(door.reader, row.org, row.brand)}
    found = {}
    for card in row.products:
        known = now.get(card.product)
        found[card.product] = msgspec.structs.replace(known, number=card.number) if known else card
    return found


def free_stock(door: Services, row: ShowRow) -> dict[str, int]:
    """SKU to pieces that can still be sold; without those nobody counted."""
    return {s.sku: max(0, s.on_hand - s.reserved) for s in list_stock(door.reader, row.org, row.brand) if s.known}


def missing_in(door: Services, row: ShowRow, currency: str, language: str) -> list[Missing]:
    """Variables of the script that have no value."""
    cards, stock = cards_of(door, row), free_stock(door, row)
    found = []
    for item in row.segments:
        found += spoken(item, cards.get(item.product), stock, currency, language).missing
    return found


def _alone(door: Services, row: ShowRow, caller: Caller) -> bool:
    """Whether nobody but the caller may approve in this room."""
    return not any(
        "approve" in person.permissions(row.org, row.brand, row.room)
        for person in list_people(door.reader, row.org)
        if person.active and person.person != caller.person.person
    )


@router.get("/api/shows/{show}/review")
async def review(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Where the script stands, every remark on it, and the variables in it that have no value."""
    row, room = show_for(request, show, caller)
    door = services(request)
    standing = standing_of(door.reader, row.org, row.brand, show, row.segments)
    alone = _alone(door, row, caller)
    may = caller.may("approve", row.org, row.brand, row.room)
    own = bool(standing.steps) and standing.steps[0].by == caller.person.person
    return answer(
        Reviewed(
            standing=standing,
            remarks=remarks_of(door.reader, row.org, row.brand, show),
            missing=missing_in(door, row, room.currency, caller.person.language),
            may_decide=may and standing.state == "in_review" and (alone or not own),
            alone=alone,
        )
    )


class Step(BaseModel):
    """What becomes of the script: in_review, approved or returned; ``version`` is the plan that was looked at."""

    state: str = Field(pattern="^(in_review|approved|returned)$")
    version: int = Field(ge=1)
    note: str = Field(default="", max_length=2000)


@router.post("/api/shows/{show}/review")
async def decide(request: Request, show: str, body: Step, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Hand the script in (permission plan), or approve or return it (permission approve): this version, no other."""
    permission = "plan" if body.state == "in_review" else "approve"
    row, room = show_for(request, show, caller, permission)
    door = services(request)
    if row.version != body.version:
        raise Conflict(f"the plan is at version {row.version} by now; look at it and repeat")
    if body.state != "returned":
        missing = missing_in(door, row, room.currency, caller.person.language)
        if missing:
            first = missing[0]
            return answer(_refusal("variables", f"{{{first.variable}}} has no value ({first.why})", missing))
        if not row.segments:
            return answer(_refusal("empty_script", "the script has no segment yet", []))
    event = ScriptReviewed(
        org=row.org, brand=row.brand, room=row.room, show=show, review=new_id(), state=body.state,
        digest=standing_of(door.reader, row.org, row.brand, show, row.segments).digest, version=row.version,
        note=body.note, alone=_alone(door, row, caller),
    )  # fmt: skip
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


def _refusal(code: str, why: str, missing: list[Missing]) -> dict[str, Any]:
    about = {"n": str(len(missing))}
    if missing:
        about |= {"variable": missing[0].variable, "segment": missing[0].segment, "why": missing[0].why}
    refused = {"code": code, "why": why, "about": about}
    return {"number": 0, "applied": False, "duplicate": False, "folded": True, "refused": refused, "announced": []}


class Words(BaseModel):
    """A remark on ``segment``; "" is the script as a whole."""

    text: str = Field(min_length=1, max_length=2000)
    segment: str = Field(default="", max_length=200)
    reply_to: str = Field(default="", max_length=200)


@router.post("/api/shows/{show}/remarks")
async def remark(request: Request, show: str, body: Words, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Remark on the script; whoever may watch the room may."""
    row, _ = show_for(request, show, caller)
    if caller.session.scope != "full":
        raise NotAllowed("a stage screen writes no remarks")
    event = ScriptCommented(
        org=row.org, brand=row.brand, room=row.room, show=show, comment=new_id(), text=body.text,
        segment=body.segment, reply_to=body.reply_to,
    )  # fmt: skip
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))


class Closed(BaseModel):
    """Whether the remark is dealt with."""

    closed: bool = True


@router.post("/api/shows/{show}/remarks/{comment}")
async def close_remark(
    request: Request, show: str, comment: str, body: Closed, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Say that a remark is dealt with, or open it again: whoever plans, and whoever made it."""
    row, _ = show_for(request, show, caller)
    door = services(request)
    mine = any(
        item.comment == comment and item.by == caller.person.person
        for item in remarks_of(door.reader, row.org, row.brand, show)
    )
    if not (mine or caller.may("plan", row.org, row.brand, row.room)):
        raise NotAllowed("a remark is closed by whoever made it or whoever plans")
    event = ScriptCommentClosed(org=row.org, brand=row.brand, show=show, comment=comment, reopened=not body.closed)
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


@router.get("/api/shows/{show}/variables")
async def variables(
    request: Request, show: str, lang: str = _LANGUAGE, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """The variables a talk track may hold, and their values at this moment for each product of the show."""
    row, room = show_for(request, show, caller)
    door = services(request)
    stock, language = free_stock(door, row), lang or caller.person.language
    values = {product: values_of(card, stock, room.currency, language) for product, card in cards_of(door, row).items()}
    return answer(Variables(VARIABLES, values))


@router.get("/api/shows/{show}/changes")
async def changes(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Server-sent events ``changed`` whenever somebody changed the plan (``{"what": "plan", "by"}``) or said
    something of the script (``{"what": "review", "by"}``)."""
    row, _ = show_for(request, show, caller)
    return StreamingResponse(
        _news(services(request), row, lambda: still(request, "watch", row.room)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _news(door: Services, row: ShowRow, may: Callable[[], bool]) -> AsyncIterator[bytes]:
    looked = time.monotonic()
    taps = {stream: door.bus.tap(stream) for stream in (row.room, HOUSE)}
    waiting = {asyncio.ensure_future(tap.take()): stream for stream, tap in taps.items()}
    try:
        yield b"retry: 1000\n\n"
        while row.room in door.rooms():
            done, _ = await asyncio.wait(waiting, timeout=AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
            if time.monotonic() - looked >= AGAIN_S:
                if not await asyncio.to_thread(may):
                    return
                looked = time.monotonic()
            if not done:
                yield b"event: alive\ndata: {}\n\n"
            for task in done:
                stream = waiting.pop(task)
                for _, events in task.result():
                    for event in events:
                        what = _what(event, row.show)
                        if what:
                            yield b"event: changed\ndata: %b\n\n" % msgspec.json.encode(
                                {"what": what, "by": getattr(event, "by", "")}
                            )
                if taps[stream].overrun:
                    # What was missed cannot be told: the screen opens the stream anew and looks for itself.
                    return
                waiting[asyncio.ensure_future(taps[stream].take())] = stream
    finally:
        for task in waiting:
            task.cancel()
        for stream, tap in taps.items():
            door.bus.untap(stream, tap)


def _what(event: Event, show: str) -> str:
    if isinstance(event, ShowPlanned | RundownChanged | LineupChanged):
        return "plan" if event.show == show else ""
    if isinstance(event, ScriptReviewed | ScriptCommented | ScriptCommentClosed):
        return "review" if event.show == show else ""
    return ""
