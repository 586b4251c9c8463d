"""The doors to product files, suppliers, replenishment and quality cases."""

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from livecue.catalog import list_products
from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.events import (
    BatchSampled,
    CommandAsked,
    Event,
    ListingSaved,
    PaperSaved,
    ProductSaved,
    QualityCaseMoved,
    QualityCaseOpened,
    ReplenishmentAsked,
    ReplenishmentMoved,
    RivalNoted,
    SampleTested,
    StockCorrected,
    StockLineSet,
    SupplierSaved,
)
from livecue.kit import new_id, stable_id
from livecue.metrics import product_totals
from livecue.planning.calendar import day_of
from livecue.planning.supply import (
    PAPERS,
    PRESETS,
    Coming,
    Files,
    Position,
    Score,
    backups,
    batch_span,
    case_state,
    duties,
    files_of,
    positions,
    purchase_sheet,
    rates,
    read_suppliers,
    scores,
    seen,
    state_of,
    suppliers_sheet,
    turnover,
)
from livecue.sales import bought, list_stock, refund_reasons, sold_pieces
from livecue.shows import shows_between
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.money import PERMISSION
from livecue.web.planning.place import brand_for, zone_of
from livecue.web.rooms import ask, json_of, receipt_json
from livecue.web.services import Services

router = APIRouter()
DAY_MS = 24 * 3_600_000
PAGE = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AHEAD = 60 * DAY_MS
_HISTORY = 180 * DAY_MS
_FILES: dict[str, type[CommandAsked]] = {
    kind.__name__: kind for kind in (SupplierSaved, PaperSaved, ListingSaved, RivalNoted, SampleTested)
}
_STOCK: dict[str, type[CommandAsked]] = {
    kind.__name__: kind for kind in (StockLineSet, ReplenishmentAsked, ReplenishmentMoved)
}
_CHECKS: dict[str, type[CommandAsked]] = {kind.__name__: kind for kind in (BatchSampled, QualityCaseMoved)}
_FOUND: dict[str, type[CommandAsked]] = {QualityCaseOpened.__name__: QualityCaseOpened}


class Brand:
    """What of a brand is asked again and again."""

    def __init__(self, door: Services, caller: Caller, brand: str, permission: str) -> None:
        self.door, self.org = door, caller.person.org
        self.brand = brand_for(caller, permission, brand, door)
        if not caller.may(permission, self.org, self.brand):
            raise NotAllowed(f"this needs the permission {permission!r} for the whole brand")
        self.money = caller.may(PERMISSION, self.org, self.brand)
        self.now = door.clock.now_ms()
        rooms = {name: room for name, room in door.rooms().items() if (room.org, room.brand) == (self.org, self.brand)}
        real = {name: room for name, room in rooms.items() if room.nature == "real"}
        # A simulated show sells nothing; a brand that has only those may try the figures on them.
        self.rooms = real or rooms
        self.today: date = day_of(self.now, zone_of(self.rooms))

    def products(self) -> list[ProductSaved]:
        return list_products(self.door.reader, self.org, self.brand)

    def files(self) -> Files:
        return files_of(self.door.reader, self.org, self.brand)

    def free(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in list_stock(self.door.reader, self.org, self.brand):
            if row.known:
                found[row.sku] = found.get(row.sku, 0) + row.on_hand - row.reserved
        return found

    def sold(self) -> dict[str, int]:
        since = self.now - PRESETS.stock.sales_days * DAY_MS
        return sold_pieces(self.door.reader, self.org, self.brand, since, self.now + 1, self.rooms).pieces

    def coming(self) -> list[Coming]:
        shows = shows_between(self.door.reader, self.org, self.brand, self.now, self.now + _AHEAD)
        found: list[Coming] = []
        for show in shows:
            if show.status != "planned" or show.room not in self.rooms:
                continue
            pieces: dict[str, int] = {card.product: 0 for card in show.products}
            for segment in show.segments:
                if segment.product:
                    pieces[segment.product] = pieces.get(segment.product, 0) + segment.target_orders
            found += [
                Coming(show=show.show, title=show.title, starts_at=show.starts_at, product=product, pieces=count)
                for product, count in pieces.items()
            ]
        return found

    def positions(self) -> list[Position]:
        return positions(self.products(), self.free(), self.sold(), self.coming(), self.files(), self.now)

    def returned(self) -> dict[str, tuple[float, float]]:
        found: dict[str, tuple[float, float]] = {}
        past = product_totals(self.door.reader, self.org, self.brand, self.now - _HISTORY, frozenset({"M41", "M42"}))
        for row in past:
            if row.room not in self.rooms:
                continue
            paid = row.figures.get("M41", 0.0)
            back, before = found.get(row.product, (0.0, 0.0))
            found[row.product] = (back + max(paid - row.figures.get("M42", paid), 0.0), before + paid)
        return found


@router.get("/api/supply/products")
async def products(
    request: Request,
    brand: str = "",
    q: str = "",
    only: str = Query(default="", pattern="^(|blocked|warned|mend)$"),
    offset: int = Query(default=0, ge=0),
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """Product files, the blocked first: papers, test, terms, rival, page; 200 at a time. ``only`` narrows them."""
    place = Brand(services(request), caller, brand, "catalog")

    def work() -> Any:
        files, rows = place.files(), []
        counts = {"all": 0, "blocked": 0, "warned": 0, "mend": 0}
        for product in place.products():
            if not product.active:
                continue
            state = state_of(product, files, place.today)
            marks = {"blocked": bool(state.blocks), "warned": bool(state.warns), "mend": bool(state.page.mend)}
            counts["all"] += 1
            for mark, there in marks.items():
                counts[mark] += there
            card = product.card
            words = q.lower().split()
            text = f"{card.product} {card.name} {card.category} {product.supplier}".lower()
            if (only and not marks[only]) or not all(word in text for word in words):
                continue
            rows.append(
                {
                    "product": card.product,
                    "name": card.name,
                    "category": card.category,
                    "supplier": product.supplier,
                    "price": card.price,
                    "currency": product.currency,
                    **{name: getattr(state, name) for name in ("papers", "page", "rival", "sample", "blocks", "warns")},
                    "related": state.related,
                }
            )
        rows.sort(key=lambda row: (-len(row["blocks"]), -len(row["warns"]), row["page"].score, row["product"]))
        return {"rows": rows[offset : offset + PAGE], "found": len(rows), "counts": counts, "papers": sorted(PAPERS)}

    return answer(await run_in_threadpool(work))


@router.get("/api/supply/products/{product}")
async def product_file(
    request: Request, product: str, brand: str = "", caller: Caller = Depends(Guard("catalog"))
) -> Response:
    """One product's file: how it stands and everything entered about it."""
    place = Brand(services(request), caller, brand, "catalog")
    found = next((row for row in place.products() if row.card.product == product), None)
    if found is None:
        raise NotFound("there is no such product")
    files = place.files()
    own = [
        row
        for row in files.papers.values()
        if row.product == product or (row.supplier and row.supplier == found.supplier)
    ]
    return answer(
        {
            "state": state_of(found, files, place.today),
            "listing": files.listings.get(product),
            "papers": own,
            "rivals": sorted(
                (row for row in files.rivals.values() if row.product == product), key=lambda row: row.noted_on
            ),
            "samples": sorted(
                (row for row in files.samples.values() if row.product == product), key=lambda row: row.tested_on
            ),
            "lists": [row for row in seen(files, place.products(), place.today) if row.product == product],
        }
    )


@router.get("/api/supply/suppliers")
async def suppliers(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """Suppliers with terms and score, who stands ready by category (R044), how many supply the live alone (R074)."""
    place = Brand(services(request), caller, brand, "catalog")

    def work() -> Any:
        files, goods = place.files(), place.products()
        found = scores(goods, files, place.returned(), place.today)
        live_only = sum(row.live_only and row.active for row in files.suppliers.values())
        return {
            "suppliers": _suppliers(files, found, place.money),
            "backups": backups(goods, files),
            "core": {"live_only": live_only, "wanted": PRESETS.suppliers.core},
        }

    return answer(await run_in_threadpool(work))


def _suppliers(files: Files, found: Mapping[str, Score], money: bool) -> list[dict[str, Any]]:
    rows = []
    for name, row in files.suppliers.items():
        raw = {**msgspec.structs.asdict(row), "score": found[name]}
        rows.append(raw if money else {**raw, "commission_bp": None})
    return sorted(rows, key=lambda row: (not row["active"], -(row["score"].score or 0.0), row["supplier"]))


@router.get("/api/supply/stock")
async def stock(request: Request, brand: str = "", caller: Caller = Depends(Guard("stock"))) -> Response:
    """Every SKU against its safety line, what to order and why, what is on its way, and turnover (M68)."""
    place = Brand(services(request), caller, brand, "stock")

    def work() -> Any:
        files, goods, free, sold = place.files(), place.products(), place.free(), place.sold()
        rows = positions(goods, free, sold, place.coming(), files, place.now)
        orders = list(files.replenishments.values())
        return {
            "rows": [_without_cost(row, place.money) for row in rows[:2000]],
            "count": len(rows),
            "turnover": turnover(goods, free, sold, files, place.now),
            "orders": sorted(orders, key=lambda row: (row.state != "asked", -row.asked_at))[:500],
            "presets": PRESETS.stock,
        }  # fmt: skip

    return answer(await run_in_threadpool(work))


def _without_cost(row: Position, money: bool) -> dict[str, Any]:
    raw = msgspec.structs.asdict(row)
    return raw if money else {**raw, "unit_cost": None}


@router.get("/api/supply/quality")
async def quality(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """Batches, quality cases with their clock, and the rates of R071, M71 and M74."""
    place = Brand(services(request), caller, brand, "catalog")

    def work() -> Any:
        files = place.files()
        since = place.now - PRESETS.quality.complaint_days * DAY_MS
        reader = place.door.reader
        reasons = refund_reasons(reader, place.org, place.brand, since, place.now + 1, place.rooms)
        orders = sold_pieces(reader, place.org, place.brand, since, place.now + 1, place.rooms).orders
        cases = [case_state(case, place.now) for case in files.cases.values()]
        return {
            "cases": sorted(cases, key=lambda row: (row.case.step == "closed", row.case.due_at)),
            "batches": sorted(files.batches.values(), key=lambda row: -row.received_at)[:500],
            "rates": rates(files, reasons, orders),
            "hours": PRESETS.quality.exchange_hours,
            "now": place.now,
        }

    return answer(await run_in_threadpool(work))


@router.get("/api/supply/cases/{case}/orders")
async def affected(
    request: Request, case: str, brand: str = "", caller: Caller = Depends(Guard("catalog"))
) -> Response:
    """The paid orders that may hold pieces of the case's batch; buyers stay masked behind their order."""
    place = Brand(services(request), caller, brand, "catalog")
    files = place.files()
    found = files.cases.get(case)
    if found is None:
        raise NotFound("there is no such case")
    batch = files.batches.get(found.batch)
    since, until = batch_span(batch, list(files.batches.values()), place.now) if batch else (0, place.now + 1)
    orders = await run_in_threadpool(
        bought, place.door.reader, place.org, place.brand, found.sku, since, until, place.rooms
    )
    return answer({"orders": orders, "pieces": sum(row.quantity for row in orders), "batch_known": batch is not None})


@router.get("/api/supply/cases/{case}/orders/file")
async def affected_file(
    request: Request, case: str, brand: str = "", caller: Caller = Depends(Guard("catalog"))
) -> Response:
    """The same list as a table (CSV, UTF-8 with a mark): whom to write to when goods are called back."""
    place = Brand(services(request), caller, brand, "catalog")
    files = place.files()
    found = files.cases.get(case)
    if found is None:
        raise NotFound("there is no such case")
    batch = files.batches.get(found.batch)
    since, until = batch_span(batch, list(files.batches.values()), place.now) if batch else (0, place.now + 1)
    orders = await run_in_threadpool(
        bought, place.door.reader, place.org, place.brand, found.sku, since, until, place.rooms
    )
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(("room", "order", "state", "paid_at", "pieces", "sku", "batch"))
    for row in orders:
        paid = datetime.fromtimestamp(row.paid_at / 1000, UTC).isoformat()
        sheet.writerow((row.room, row.number, row.state, paid, row.quantity, found.sku, found.batch))
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=batch-orders.csv"},
    )


@router.get("/api/supply/duties")
async def due(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """What is due: cases, late goods, short stock, papers that end, gaps in pool and suppliers (R030 to R055)."""
    place = Brand(services(request), caller, brand, "catalog")

    def work() -> Any:
        files, goods = place.files(), [row for row in place.products() if row.active]
        states = [state_of(row, files, place.today) for row in goods]
        rows = positions(goods, place.free(), place.sold(), place.coming(), files, place.now)
        return duties(goods, states, rows, backups(goods, files), files, place.now)[:1000]

    return answer(await run_in_threadpool(work))


def _terms_kept(event: SupplierSaved, place: Brand) -> SupplierSaved:
    """Who may not see terms of money changes none."""
    old = place.files().suppliers.get(event.supplier)
    return msgspec.structs.replace(event, commission_bp=old.commission_bp if old else -1)


async def _command(
    request: Request, kinds: Mapping[str, type[CommandAsked]], brand: str, permission: str, caller: Caller
) -> tuple[Brand, CommandAsked, dict[str, Any]]:
    place = Brand(services(request), caller, brand, permission)
    raw = await json_of(request)
    kind = kinds.get(str(raw.get("kind", "")))
    if kind is None:
        raise BadInput(f"say what is entered, as kind: {', '.join(kinds)}")
    try:
        stamp = {"at": place.now} if "at" in kind.__struct_fields__ else {}
        event = msgspec.convert({**raw, "org": place.org, "brand": place.brand, **stamp}, kind)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error
    if isinstance(event, SupplierSaved) and not place.money:
        event = _terms_kept(event, place)
    return place, event, receipt_json(await ask(place.door, HOUSE, event, caller))


@router.post("/api/supply/files")
async def save_file(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """Keep a supplier, a paper, a page, a rival's price or a sample's test, whole; ``kind`` says which."""
    _, _, receipt = await _command(request, _FILES, brand, "catalog", caller)
    return answer(receipt)


@router.post("/api/supply/goods")
async def save_goods(request: Request, brand: str = "", caller: Caller = Depends(Guard("stock"))) -> Response:
    """A safety line, an order to a supplier, or its arrival.

    Goods that arrive are added to the stock of the warehouse ``main`` under an id of their own: once.
    """
    place, event, receipt = await _command(request, _STOCK, brand, "stock", caller)
    if isinstance(event, ReplenishmentMoved) and event.state == "arrived" and receipt["refused"] is None:
        order = place.files().replenishments[event.replenishment]
        if order.arrived:
            added = StockCorrected(
                org=place.org, brand=place.brand, sku=order.sku, delta=order.arrived,
                reason=f"replenishment {order.replenishment}", command=stable_id("arrival", order.replenishment),
            )  # fmt: skip
            receipt = {**receipt, "stock": receipt_json(await ask(place.door, HOUSE, added, caller))}
    return answer(receipt)


@router.post("/api/supply/checks")
async def save_check(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """A batch's sample (one that fails opens its case by itself), or the next step of a quality case."""
    _, _, receipt = await _command(request, _CHECKS, brand, "catalog", caller)
    return answer(receipt)


@router.post("/api/supply/cases")
async def open_case(request: Request, brand: str = "", caller: Caller = Depends(Guard("answer"))) -> Response:
    """Say that something is wrong with goods: the clock of R055 starts. Everybody who answers buyers may."""
    _, _, receipt = await _command(request, _FOUND, brand, "answer", caller)
    return answer(receipt)


@router.post("/api/supply/suppliers/import")
async def import_suppliers(
    request: Request, file: UploadFile, brand: str = "", caller: Caller = Depends(Guard("catalog"))
) -> Response:
    """Read suppliers from a spreadsheet: good rows are saved, bad rows are told by row and column."""
    place = Brand(services(request), caller, brand, "catalog")
    content = await file.read()
    found = await asyncio.to_thread(read_suppliers, content, file.filename or "file", place.org, place.brand)
    events: list[Event] = []
    for supplier in found.suppliers:
        command = new_id()
        row = msgspec.structs.replace(supplier, key=command, command=command, by=caller.person.person)
        events.append(row if place.money else _terms_kept(row, place))
    if events:
        source = f"person:{caller.person.person}"
        await asyncio.wrap_future(place.door.pump.post(HOUSE, events, source=source, wants=True))
    return answer({"accepted": len(events), "rejected": found.errors})


@router.get("/api/supply/suppliers.xlsx")
async def export_suppliers(
    request: Request,
    brand: str = "",
    lang: str = Query(default="zh", pattern="^(zh|en)$"),
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """The suppliers as a workbook that the import reads."""
    place = Brand(services(request), caller, brand, "catalog")

    def work() -> bytes:
        files = place.files()
        found = scores(place.products(), files, place.returned(), place.today)
        return suppliers_sheet(list(files.suppliers.values()), found, lang, place.money)

    return workbook(await run_in_threadpool(work), "livecue-suppliers")


@router.get("/api/supply/purchase.xlsx")
async def purchase(
    request: Request,
    brand: str = "",
    lang: str = Query(default="zh", pattern="^(zh|en)$"),
    caller: Caller = Depends(Guard("stock")),
) -> Response:
    """What to order as a workbook, by supplier."""
    place = Brand(services(request), caller, brand, "stock")
    content = await run_in_threadpool(lambda: purchase_sheet(place.positions(), lang, place.money))
    return workbook(content, "livecue-purchase")


def workbook(content: bytes, name: str) -> Response:
    """A spreadsheet to be saved."""
    headers = {"Content-Disposition": f"attachment; filename={name}.xlsx", "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)
