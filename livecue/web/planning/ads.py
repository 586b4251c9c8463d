"""The doors to paid traffic: the plan of a show, spend out of a file, what came of it."""

import asyncio
import contextlib
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import BadInput, LiveCueError, NotAllowed
from livecue.events import AdPlanSaved, AdSlot, AdSpendSaved
from livecue.flow import Frame, RoomInfo
from livecue.metrics import Reading, show_totals
from livecue.planning.ads import figures, find_plan, list_spend, read_spend
from livecue.planning.goals import Assumptions, became, find_budget, items_of, profit_of
from livecue.shows import ShowRow
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import show_for
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "money"


_SETTLED = ("M51", "M41", "M42")
"""What was spent, paid and kept of a show: what the return on it is reckoned from."""


@router.get("/api/shows/{show}/ads")
async def ads(request: Request, show: str, caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """The plan of paid traffic, what was spent by slot, and M51 to M56 of the show.

    While the show runs the figures are those of the console: what the platform tells, until rows of a file settle it.
    """
    row, room = await asyncio.to_thread(show_for, request, show, caller, PERMISSION)
    door = services(request)
    told: dict[str, Reading] = {}
    if row.status == "on_air":
        # A room that cannot answer now is a page without live figures, not a page that fails.
        with contextlib.suppress(LiveCueError, TimeoutError):
            told = _live(await asyncio.wrap_future(door.pump.frame(row.room)), show)
    return answer(await asyncio.to_thread(_found, door, row, room, told))


def _live(frame: Frame, show: str) -> dict[str, Reading]:
    """The tiles of the console over the whole show; none when the room is at another show."""
    if msgspec.json.decode(frame.sections.get("metrics.show", b'""')) != show:
        return {}
    tiles = msgspec.json.decode(frame.sections["metrics.tiles"], type=list[Reading])
    return {one.metric: one for one in tiles if one.window == "show" and one.metric in _SETTLED}


def _found(door: Services, row: ShowRow, room: RoomInfo, told: dict[str, Reading]) -> dict[str, Any]:
    reader = door.reader
    plan = find_plan(reader, row.org, row.brand, row.room, row.show)
    spend = list_spend(reader, row.org, row.brand, row.room, row.show)
    values = {name: one.value for name, one in told.items()} or {
        total.metric: total.value for total in show_totals(reader, row.room, row.show) if total.scope == "room"
    }
    margins: dict[str, int] = {}
    items = items_of(row, list_products(reader, row.org, row.brand))
    real = became(reader, row, find_budget(reader, row.org, row.brand, row.room, row.show) or Assumptions())
    if real is not None:
        margins = {line.product: line.margin for line in profit_of(items, real).products if line.cost_known}
    spent, paid, net = (values.get(name) for name in _SETTLED)
    return {
        "currency": room.currency,
        "plan": plan,
        "figures": figures(plan, spend, spent, paid, net, margins),
        "products": [{"product": card.product, "name": card.name} for card in row.products],
        "rows": len(spend),
        # The newest moment that the imported rows, or else the platform, speak of: how old the figures are.
        "newest": max((row.at for row in spend), default=told["M51"].at if "M51" in told else 0),
    }


class NewAdPlan(BaseModel):
    """A plan of paid traffic, whole. Amounts in minor units."""

    slots: list[dict[str, Any]] = Field(default=[])
    budget: int = 0
    margin_bp: int = 0
    version: int = 0


@router.post("/api/shows/{show}/ads")
async def save_plan(
    request: Request, show: str, body: NewAdPlan, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Keep the plan of paid traffic of a show."""
    row, _ = show_for(request, show, caller, PERMISSION)
    if not caller.may("plan", row.org, row.brand, row.room):
        raise NotAllowed("this needs the permission 'plan'; ask whoever runs the team")
    try:
        slots = msgspec.convert(body.slots, tuple[AdSlot, ...])
    except msgspec.ValidationError as error:
        raise BadInput(f"slots: {error}") from error
    event = AdPlanSaved(
        org=row.org, brand=row.brand, room=row.room, show=show, slots=slots, budget=body.budget,
        margin_bp=body.margin_bp, version=body.version,
    )  # fmt: skip
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))


@router.post("/api/shows/{show}/ads/file")
async def import_spend(
    request: Request,
    show: str,
    file: UploadFile,
    attribution: str = Form(default=""),
    unit: str = Form(default=""),
    caller: Caller = Depends(Guard(PERMISSION)),
) -> Response:
    """Take spend out of an export. Good rows are taken, others are listed by row and column.

    `unit` is yuan or fen; where the amounts look like fen and nobody said so, nothing is taken and `doubt` says it. A
    row of the same campaign and time replaces the one before, so that a file read twice counts once.
    """
    row, room = show_for(request, show, caller, PERMISSION)
    if unit not in ("", "yuan", "fen"):
        raise BadInput("unit is yuan, fen or left out")
    content, name = await file.read(), file.filename or "file"
    found = await asyncio.to_thread(read_spend, content, name, room.currency, room.time_zone, unit)
    taken = 0
    receipt: dict[str, Any] = {}
    if found.rows and not found.doubt:
        event = AdSpendSaved(
            org=row.org, brand=row.brand, room=row.room, show=show, attribution=attribution, file=name[:200],
            rows=tuple(found.rows),
        )  # fmt: skip
        receipt = receipt_json(await ask(services(request), HOUSE, event, caller))
        taken = len(found.rows) if receipt["applied"] else 0
    return answer(
        {
            "taken": taken,
            "good": len(found.rows),
            "doubt": found.doubt,
            "rejected": found.errors[:1000],
            "rejected_count": len(found.errors),
            "refused": receipt.get("refused"),
        }
    )
