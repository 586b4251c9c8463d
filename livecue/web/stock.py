"""Stock in the office: every balance of a brand, an opening balance, a correction with its reason."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import BadInput, NotAllowed
from livecue.events import (
    BundleSaved,
    CommandAsked,
    QuotaSet,
    StockCorrected,
    StockEntered,
    StockPolicySet,
    StockTransferred,
    WarehouseSaved,
)
from livecue.kit import new_id
from livecue.sales import MOST_PIECES, find_rules, list_balances, list_moves, list_quotas
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json
from livecue.web.rules import lowest_stock
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
    """The balances of a brand by SKU and warehouse, the SKUs of its catalogue nobody told a balance of, and under how
    many pieces a product is low (R030)."""
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
    low = await run_in_threadpool(lowest_stock, door, org, brand)
    return answer({"balances": told, "unknown": unknown, "low": low})


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


class Transfer(BaseModel):
    """Pieces from one warehouse to another, never more than are free; `command` as for an opening balance."""

    sku: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=60)
    target: str = Field(min_length=1, max_length=60)
    quantity: int = Field(gt=0, le=MOST_PIECES)
    reason: str = Field(min_length=1, max_length=200)
    command: str = Field(default="", max_length=100)


@router.post("/api/stock/transfers")
async def transfer(
    request: Request, body: Transfer, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Move pieces between warehouses; a warehouse that has none of the SKU yet gets its balance by this."""
    return await _say(request, brand, caller, StockTransferred, body)


class WarehouseBody(BaseModel):
    """A warehouse: the lowest priority gives first; `holds` goods, presale or inspection."""

    warehouse: str = Field(min_length=1, max_length=60)
    name: str = Field(default="", max_length=100)
    priority: int = Field(default=100, ge=0, le=10_000)
    regions: list[str] = Field(default_factory=list, max_length=100)
    holds: str = "goods"
    active: bool = True
    command: str = Field(default="", max_length=100)


class PolicyBody(BaseModel):
    """How the brand ("" as SKU) or one SKU is sold; `hold_s` seconds, `choose` priority, most or near."""

    sku: str = Field(default="", max_length=200)
    policy: str = "cart_hold"
    hold_s: int = 900
    choose: str = "priority"
    safety: int = 0
    reset: bool = False
    command: str = Field(default="", max_length=100)


class QuotaBody(BaseModel):
    """At most `quota` pieces of a SKU through a channel (room:<id>, platform:<name>); -1 takes it away."""

    channel: str = Field(min_length=1, max_length=200)
    sku: str = Field(min_length=1, max_length=200)
    quota: int
    command: str = Field(default="", max_length=100)


class BundleBody(BaseModel):
    """A SKU sold as several pieces of others; no parts makes it an ordinary one again."""

    sku: str = Field(min_length=1, max_length=200)
    parts: dict[str, int] = Field(default_factory=dict)
    command: str = Field(default="", max_length=100)


@router.get("/api/stock/rules")
async def rules(request: Request, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """What the brand sells by: warehouses, policies, bundles, quotas with what is used of them."""
    brand = _brand(caller, brand)
    door, org = services(request), caller.person.org
    found = find_rules(door.reader, org, brand)
    return answer(
        {
            "warehouses": list(found.warehouses.values()),
            "policies": found.policies,
            "bundles": found.bundles,
            "quotas": list_quotas(door.reader, org, brand),
        }
    )


@router.get("/api/stock/moves")
async def moves(
    request: Request, sku: str, brand: str = "", limit: int = 100, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """The movements of a SKU as double entries, newest first."""
    brand = _brand(caller, brand)
    door, org = services(request), caller.person.org
    return answer(list_moves(door.reader, org, brand, sku, limit=min(max(limit, 1), 1000)))


@router.post("/api/stock/warehouses")
async def save_warehouse(
    request: Request, body: WarehouseBody, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Describe a warehouse: its place in the order, the regions it serves first, what it holds."""
    return await _say(request, brand, caller, WarehouseSaved, body)


@router.post("/api/stock/policies")
async def save_policy(
    request: Request, body: PolicyBody, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Set how the brand or a SKU is sold, or take that back."""
    return await _say(request, brand, caller, StockPolicySet, body)


@router.post("/api/stock/quotas")
async def save_quota(
    request: Request, body: QuotaBody, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Limit what a channel may sell of a SKU."""
    return await _say(request, brand, caller, QuotaSet, body)


@router.post("/api/stock/bundles")
async def save_bundle(
    request: Request, body: BundleBody, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Say what a bundle is made of."""
    return await _say(request, brand, caller, BundleSaved, body)


async def _say(request: Request, brand: str, caller: Caller, kind: type[CommandAsked], body: BaseModel) -> Response:
    brand = _brand(caller, brand)
    values = body.model_dump()
    if "regions" in values:
        values["regions"] = tuple(values["regions"])
    values["command"] = values["command"] or new_id()
    made: Any = kind
    event = made(org=caller.person.org, brand=brand, **values)
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))
