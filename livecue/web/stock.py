"""Stock in the office: every balance of a brand, an opening balance, a correction with its reason."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import BadInput, NotAllowed
from livecue.events import StockCorrected, StockEntered
from livecue.kit import new_id
from livecue.sales import MOST_PIECES, list_balances
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "stock"


class Opening(BaseModel):
    """The opening balance of a SKU in a warehouse; `command` is the id under which it counts once."""

    sku: str = Field(min_length=1, max_length=200)
    warehouse: str = Field(default="main", min_length=1, max_length=60)
    quantity: int = Field(ge=0, le=MOST_PIECES)
    reason: str = Field(min_length=1, max_length=200)
    command: str = Field(default="", max_length=100)


class Correction(BaseModel):
    """Pieces more or fewer (below 0) than the balance says, and why; `command` as for an opening balance."""

    sku: str = Field(min_length=1, max_length=200)
    warehouse: str = Field(default="main", min_length=1, max_length=60)
    delta: int = Field(ge=-MOST_PIECES, le=MOST_PIECES)
    reason: str = Field(min_length=1, max_length=200)
    command: str = Field(default="", max_length=100)


def _brand(caller: Caller, brand: str) -> str:
    if not brand or not caller.may(PERMISSION, caller.person.org, brand):
        raise NotAllowed("name a brand whose stock you keep, as ?brand=...")
    return brand


def _skus(door: Services, org: str, brand: str) -> dict[str, tuple[str, str]]:
    """SKU to (product, name), of the brand's catalogue."""
    found: dict[str, tuple[str, str]] = {}
    for row in list_products(door.reader, org, brand):
        for sku in row.card.skus:
            found[sku] = (row.card.product, row.card.name)
    return found


@router.get("/api/stock")
async def stock(request: Request, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """The balances of a brand by SKU and warehouse, and the SKUs of its catalogue nobody told a balance of."""
    brand = _brand(caller, brand)
    door, org = services(request), caller.person.org
    skus = _skus(door, org, brand)
    names = {row.card.product: row.card.name for row in list_products(door.reader, org, brand)}
    balances = list_balances(door.reader, org, brand)
    told: list[dict[str, Any]] = []
    for row in balances:
        product = row.product or skus.get(row.sku, ("", ""))[0]
        free = row.on_hand - row.reserved
        told.append({**msgspec.structs.asdict(row), "product": product, "name": names.get(product, ""), "free": free})
    known = {row.sku for row in balances}
    unknown = [{"sku": sku, "product": p, "name": name} for sku, (p, name) in sorted(skus.items()) if sku not in known]
    return answer({"balances": told, "unknown": unknown})


@router.post("/api/stock/openings")
async def open_stock(
    request: Request, body: Opening, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Enter the opening balance of a SKU in a warehouse; refused where there is a balance already."""
    brand = _brand(caller, brand)
    door, org = services(request), caller.person.org
    product = _skus(door, org, brand).get(body.sku)
    if product is None:
        raise BadInput("this SKU is not in the catalogue of the brand; add it to its product first")
    event = StockEntered(
        org=org,
        brand=brand,
        sku=body.sku,
        warehouse=body.warehouse.strip(),
        quantity=body.quantity,
        product=product[0],
        reason=body.reason.strip(),
        command=body.command or new_id(),
    )
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


@router.post("/api/stock/corrections")
async def correct_stock(
    request: Request, body: Correction, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Correct a balance by some pieces; refused below zero, with what is there."""
    brand = _brand(caller, brand)
    event = StockCorrected(
        org=caller.person.org,
        brand=brand,
        sku=body.sku,
        warehouse=body.warehouse.strip(),
        delta=body.delta,
        reason=body.reason.strip(),
        command=body.command or new_id(),
    )
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))
