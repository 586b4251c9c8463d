"""What people enter about suppliers and goods, checked and kept; and reading it."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import msgspec

from livecue.events import (
    BatchSampled,
    CommandAsked,
    Event,
    ListingSaved,
    MarketNoted,
    PaperSaved,
    QualityCaseMoved,
    QualityCaseOpened,
    ReplenishmentAsked,
    ReplenishmentMoved,
    RivalNoted,
    SampleTested,
    StockLineSet,
    SupplierSaved,
)
from livecue.flow import RowsOnly, Unit
from livecue.planning.supply import tables
from livecue.planning.supply.presets import PRESETS
from livecue.store import Reader

MOST = 1_000_000_000
HOUR_MS = 3_600_000
PAPERS = frozenset(
    {
        "test_report", "licence", "food_licence", "cosmetic_filing", "health_approval", "medical_approval",
        "authorisation", "customs", "organic", "trademark", "other",
    }
)  # fmt: skip


class Replenishment(msgspec.Struct, frozen=True, kw_only=True):
    """An order to a supplier; times ms UTC, 0 none. ``state``: asked, arrived or cancelled."""

    replenishment: str
    sku: str
    quantity: int
    supplier: str = ""
    unit_cost: int = 0
    asked_at: int
    due_at: int
    state: str = "asked"
    moved_at: int = 0
    arrived: int = 0


class QualityCase(msgspec.Struct, frozen=True, kw_only=True):
    """A quality case; times ms UTC, 0 none. ``step``: found, exchange or closed."""

    quality_case: str
    sku: str
    batch: str = ""
    title: str
    found_at: int
    due_at: int
    exchange_at: int = 0
    closed_at: int = 0
    step: str = "found"
    note: str = ""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A received batch and its sample."""

    batch: str
    sku: str
    quantity: int
    sampled: int
    failed: int
    supplier: str = ""
    received_at: int
    note: str = ""


class Files(msgspec.Struct, kw_only=True):
    """Everything of a brand, by id."""

    suppliers: dict[str, SupplierSaved] = {}
    papers: dict[str, PaperSaved] = {}
    listings: dict[str, ListingSaved] = {}
    rivals: dict[str, RivalNoted] = {}
    samples: dict[str, SampleTested] = {}
    lines: dict[str, StockLineSet] = {}
    replenishments: dict[str, Replenishment] = {}
    batches: dict[str, Batch] = {}
    cases: dict[str, QualityCase] = {}
    market: dict[str, MarketNoted] = {}


_KINDS: dict[str, type[Any]] = {
    "suppliers": SupplierSaved,
    "papers": PaperSaved,
    "listings": ListingSaved,
    "rivals": RivalNoted,
    "samples": SampleTested,
    "lines": StockLineSet,
    "replenishments": Replenishment,
    "batches": Batch,
    "cases": QualityCase,
    "market": MarketNoted,
}


class Supply(RowsOnly):
    """Owns the files of suppliers and goods, in the stream of the house."""

    name: ClassVar[str] = "supply"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            SupplierSaved, PaperSaved, ListingSaved, RivalNoted, MarketNoted, SampleTested, StockLineSet,
            ReplenishmentAsked, ReplenishmentMoved, BatchSampled, QualityCaseOpened, QualityCaseMoved,
        }
    )  # fmt: skip

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        return _APPLY[type(event)](event, unit)


def files_of(db: Reader, org: str, brand: str) -> Files:
    """What is kept of a brand."""
    found = Files()
    for what, body in db.rows(tables.LIST, (org, brand)):
        row = msgspec.json.decode(body, type=_KINDS[what])
        getattr(found, what)[_id(what, row)] = row
    return found


def _id(what: str, row: Any) -> str:
    names = {
        "suppliers": "supplier", "papers": "paper", "listings": "product", "rivals": "rival", "samples": "test",
        "lines": "sku", "replenishments": "replenishment", "batches": "batch", "cases": "quality_case",
        "market": "item",
    }  # fmt: skip
    return str(getattr(row, names[what]))


def _save(event: Any, unit: Unit, what: str, row: Any, subject: str) -> None:
    body = msgspec.json.encode(row).decode()
    unit.write(tables.SAVE, (event.org, event.brand, what, _id(what, row), subject, _now(event, unit), body))


def _now(event: Any, unit: Unit) -> int:
    """When it was entered: the office's stream has no ticks, so its events carry the time themselves."""
    return int(getattr(event, "at", 0)) or unit.now


def _find(event: Any, unit: Unit, what: str, name: str) -> Any:
    rows = unit.ask(tables.FIND, (event.org, event.brand, what, name))
    return msgspec.json.decode(rows[0][0], type=_KINDS[what]) if rows else None


def _day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _supplier(event: SupplierSaved, unit: Unit) -> tuple[str, str] | None:
    if not event.supplier.strip() or not event.name.strip():
        return "supplier_incomplete", "a supplier needs an id and a name"
    if not -1 <= event.payment_days <= 3650 or not -1 <= event.restock_hours <= 24 * 365:
        return "supplier_terms", "credit is 0 to 3,650 days, restocking 0 to 8,760 hours; leave empty what is not known"
    if not -1 <= event.commission_bp <= 10_000:
        return "supplier_terms", "a commission lies between 0 and 100 percent"
    _save(event, unit, "suppliers", event, event.name)
    return None


def _paper(event: PaperSaved, unit: Unit) -> tuple[str, str] | None:
    if not event.paper or bool(event.product) == bool(event.supplier):
        return "paper_incomplete", "a paper belongs to one product or to one supplier"
    if event.what not in PAPERS:
        return "paper_kind", f"a paper is one of {', '.join(sorted(PAPERS))}"
    if any(day and not _day(day) for day in (event.issued_on, event.expires_on)):
        return "bad_day", "write days with their year, as 2026-11-29"
    if event.issued_on and event.expires_on and event.expires_on < event.issued_on:
        return "bad_day", "the paper ends before it begins"
    _save(event, unit, "papers", event, event.product or event.supplier)
    return None


def _listing(event: ListingSaved, unit: Unit) -> tuple[str, str] | None:
    if not event.product:
        return "listing_incomplete", "a page belongs to a product"
    if min(event.pictures, event.videos) < 0 or max(event.pictures, event.videos) > 1000:
        return "listing_media", "say how many pictures and videos there are"
    if event.product in event.related:
        return "listing_related", "a product is no related item of itself"
    _save(event, unit, "listings", event, event.product)
    return None


def _rival(event: RivalNoted, unit: Unit) -> tuple[str, str] | None:
    if not event.rival or not event.product or not event.source.strip():
        return "rival_incomplete", "a rival's price needs its product and where it was seen"
    if not 0 < event.price <= 10**12:
        return "bad_amount", "the price must be above 0"
    if not _day(event.noted_on):
        return "bad_day", "write days with their year, as 2026-11-29"
    _save(event, unit, "rivals", event, event.product)
    return None


def _market(event: MarketNoted, unit: Unit) -> tuple[str, str] | None:
    if not event.item or not event.name.strip() or not event.source.strip() or event.list not in ("trend", "hot"):
        return "market_incomplete", "a line of a list needs its name, its list (trend or hot) and where it was seen"
    if not 0 <= event.price <= 10**12 or not 0 <= event.rank <= MOST:
        return "bad_amount", "price and rank must not be below 0"
    if not _day(event.noted_on):
        return "bad_day", "write days with their year, as 2026-11-29"
    _save(event, unit, "market", event, event.product)
    return None


def _sample(event: SampleTested, unit: Unit) -> tuple[str, str] | None:
    if not event.test or not event.product or not event.what.strip():
        return "sample_incomplete", "a test needs its product and what was done"
    if not _day(event.tested_on):
        return "bad_day", "write days with their year, as 2026-11-29"
    _save(event, unit, "samples", event, event.product)
    return None


def _line(event: StockLineSet, unit: Unit) -> tuple[str, str] | None:
    if not event.sku or not -1 <= event.pieces <= MOST:
        return "bad_amount", "a safety line is 0 or more pieces of a SKU"
    _save(event, unit, "lines", event, event.sku)
    return None


def _ask(event: ReplenishmentAsked, unit: Unit) -> tuple[str, str] | None:
    if not event.replenishment or not event.sku or not 0 < event.quantity <= MOST:
        return "bad_amount", "name the SKU and order at least one piece"
    if not 0 <= event.unit_cost <= 10**12 or event.due_at < 0:
        return "bad_amount", "cost and time must not be below 0"
    if _find(event, unit, "replenishments", event.replenishment) is not None:
        return "known_already", "this order was made before"
    hours, now = PRESETS.stock.replenish_hours, _now(event, unit)
    supplier = _find(event, unit, "suppliers", event.supplier) if event.supplier else None
    if supplier is not None and supplier.restock_hours >= 0:
        hours = min(hours, supplier.restock_hours)
    row = Replenishment(
        replenishment=event.replenishment, sku=event.sku, quantity=event.quantity, supplier=event.supplier,
        unit_cost=event.unit_cost, asked_at=now, due_at=event.due_at or now + hours * HOUR_MS,
    )  # fmt: skip
    _save(event, unit, "replenishments", row, event.sku)
    return None


def _arrive(event: ReplenishmentMoved, unit: Unit) -> tuple[str, str] | None:
    row = _find(event, unit, "replenishments", event.replenishment)
    if row is None:
        return "not_there", "there is no such order"
    if row.state != "asked":
        return "not_open", "this order is closed already"
    if event.state not in ("arrived", "cancelled") or not -1 <= event.quantity <= MOST:
        return "bad_state", "an order arrives or is cancelled"
    arrived = 0 if event.state == "cancelled" else row.quantity if event.quantity < 0 else event.quantity
    moved = msgspec.structs.replace(row, state=event.state, moved_at=_now(event, unit), arrived=arrived)
    _save(event, unit, "replenishments", moved, row.sku)
    return None


def _batch(event: BatchSampled, unit: Unit) -> tuple[str, str] | None:
    if not event.batch or not event.sku:
        return "batch_incomplete", "a batch needs its number and its SKU"
    if not 0 <= event.failed <= event.sampled <= event.quantity <= MOST or event.quantity < 1:
        return "bad_amount", "no more may fail than were sampled, nor be sampled than were received"
    row = Batch(
        batch=event.batch, sku=event.sku, quantity=event.quantity, sampled=event.sampled, failed=event.failed,
        supplier=event.supplier, received_at=event.received_at or _now(event, unit), note=event.note,
    )  # fmt: skip
    _save(event, unit, "batches", row, event.sku)
    if event.failed and _find(event, unit, "cases", f"batch:{event.batch}") is None:
        # R048: a sample that fails opens the case by itself, and its clock runs.
        case = _case(
            f"batch:{event.batch}", event.sku, event.batch, f"{event.failed}/{event.sampled}", _now(event, unit)
        )
        _save(event, unit, "cases", case, event.sku)
    return None


def _case(name: str, sku: str, batch: str, title: str, found_at: int) -> QualityCase:
    due = found_at + PRESETS.quality.exchange_hours * HOUR_MS
    return QualityCase(quality_case=name, sku=sku, batch=batch, title=title, found_at=found_at, due_at=due)


def _open(event: QualityCaseOpened, unit: Unit) -> tuple[str, str] | None:
    if not event.quality_case or not event.sku or not event.title.strip():
        return "case_incomplete", "a case needs its SKU and what is wrong"
    if event.found_at > _now(event, unit):
        return "case_time", "a problem cannot be found in the future"
    if _find(event, unit, "cases", event.quality_case) is not None:
        return "known_already", "this case was opened before"
    case = _case(event.quality_case, event.sku, event.batch, event.title, event.found_at or _now(event, unit))
    _save(event, unit, "cases", case, event.sku)
    return None


def _move(event: QualityCaseMoved, unit: Unit) -> tuple[str, str] | None:
    case = _find(event, unit, "cases", event.quality_case)
    if case is None:
        return "not_there", "there is no such case"
    now, note = _now(event, unit), event.note or case.note
    if event.step == "exchange" and case.step == "found":
        moved = msgspec.structs.replace(case, step="exchange", exchange_at=now, note=note)
    elif event.step == "closed" and case.step == "exchange":
        moved = msgspec.structs.replace(case, step="closed", closed_at=now, note=note)
    elif event.step == "closed" and case.step == "found" and event.note.strip():
        # Nothing to exchange (nobody bought it, or no fault after all): the reason is kept.
        moved = msgspec.structs.replace(case, step="closed", closed_at=now, note=event.note)
    else:
        return "case_step", "first the exchange starts, then the case closes; closing without one needs a reason"
    _save(event, unit, "cases", moved, case.sku)
    return None


_APPLY: dict[type[Any], Callable[[Any, Unit], tuple[str, str] | None]] = {
    SupplierSaved: _supplier,
    PaperSaved: _paper,
    ListingSaved: _listing,
    RivalNoted: _rival,
    MarketNoted: _market,
    SampleTested: _sample,
    StockLineSet: _line,
    ReplenishmentAsked: _ask,
    ReplenishmentMoved: _arrive,
    BatchSampled: _batch,
    QualityCaseOpened: _open,
    QualityCaseMoved: _move,
}
