"""The doors to paid traffic: the plan of a show, spend out of a file, what came of it."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import BadInput, NotAllowed
from livecue.events import AdPlanSaved, AdSlot, AdSpendSaved
from livecue.metrics import show_totals
from livecue.planning.ads import figures, find_plan, list_spend, read_spend
from livecue.planning.goals import Assumptions, became, find_budget, items_of, profit_of
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import show_for
from livecue.web.rooms import ask, receipt_json

router = APIRouter()
PERMISSION = "money"


@router.get("/api/shows/{show}/ads")
async def ads(request: Request, show: str, caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """The plan of paid traffic, what was spent by slot, and M51 to M56 of the show."""
    row, room = show_for(request, show, caller, PERMISSION)
    reader = services(request).reader
    plan = find_plan(reader, row.org, row.brand, row.room, show)
    spend = list_spend(reader, row.org, row.brand, row.room, show)
    totals = {t.metric: t.value for t in show_totals(reader, row.room, show) if t.scope == "room"}
    margins: dict[str, int] = {}
    items = items_of(row, list_products(reader, row.org, row.brand))
    real = became(reader, row, find_budget(reader, row.org, row.brand, row.room, show) or Assumptions())
    if real is not None:
        margins = {line.product: line.margin for line in profit_of(items, real).products if line.cost_known}
    found: dict[str, Any] = {
        "currency": room.currency,
        "plan": plan,
        "figures": figures(plan, spend, totals.get("M51"), totals.get("M41"), totals.get("M42"), margins),
        "products": [{"product": card.product, "name": card.name} for card in row.products],
        "rows": len(spend),
        # The newest moment that the imported rows speak of: how old the figures are.
        "newest": max((row.at for row in spend), default=0),
    }
    return answer(found)


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
