"""What runs short and when, what to order, how fast stock turns (R030, R037, R038, M68)."""

from collections.abc import Mapping, Sequence
from math import ceil

import msgspec

from livecue.events import ProductSaved
from livecue.planning.supply.house import HOUR_MS, Files, Replenishment
from livecue.planning.supply.presets import PRESETS

DAY_MS = 24 * HOUR_MS


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A planned show that will sell a product: pieces expected, 0 where the plan does not say."""

    show: str
    title: str
    starts_at: int
    product: str
    pieces: int


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU: what is free, what is on its way, what goes a day, and what should be ordered. None is not known."""

    sku: str
    product: str
    name: str
    supplier: str
    free: int | None
    on_order: int
    line: int
    own_line: bool
    per_day: float
    lead_hours: int
    needed: int
    """Until goods ordered now have arrived and for ``cover_days`` after, shows included, besides the line."""
    shows: tuple[str, ...]
    """Titles of the shows that are counted."""
    order: int
    unit_cost: int
    """0 is not known."""
    days_left: float | None
    turnover_days: float | None
    state: str
    """ok, order (below what is needed), low (below the line), out, or unknown."""
    late: int
    """Orders on their way that are over their time."""


class Turnover(msgspec.Struct, frozen=True, kw_only=True):
    """M68 of a brand: days, None not known; ``left_out``: SKUs without cost, stock or sales figures."""

    days: float | None
    counted: int
    left_out: int
    target: int


def positions(
    products: Sequence[ProductSaved],
    free: Mapping[str, int],
    sold: Mapping[str, int],
    coming: Sequence[Coming],
    files: Files,
    now: int,
) -> list[Position]:
    """Every SKU of the active products, the most urgent first. ``sold``: pieces in the last ``sales_days`` days."""
    found = []
    for product in products:
        if not product.active:
            continue
        for sku in product.card.skus or (product.card.product,):
            found.append(_position(product, sku, free.get(sku), sold.get(sku, 0), coming, files, now))
    urgent = {"out": 0, "low": 1, "order": 2, "unknown": 3, "ok": 4}
    return sorted(found, key=lambda row: (urgent[row.state], row.days_left or 0.0, row.sku))


def _position(
    product: ProductSaved, sku: str, free: int | None, sold: int, coming: Sequence[Coming], files: Files, now: int
) -> Position:
    preset = PRESETS.stock
    own = files.lines.get(sku)
    line = own.pieces if own is not None and own.pieces >= 0 else preset.safety_pieces
    supplier = files.suppliers.get(product.supplier) or next(
        (row for row in files.suppliers.values() if row.name == product.supplier), None
    )
    lead = supplier.restock_hours if supplier is not None and supplier.restock_hours >= 0 else preset.replenish_hours
    mine = [row for row in files.replenishments.values() if row.sku == sku]
    open_ones = [row for row in mine if row.state == "asked"]
    on_order = sum(row.quantity for row in open_ones)
    until = now + lead * HOUR_MS + preset.cover_days * DAY_MS
    shows = [row for row in coming if row.product == product.card.product and now <= row.starts_at < until]
    # A show's pieces are of the product: spread over its SKUs by equal parts, rounded up.
    skus = max(len(product.card.skus), 1)
    planned = sum(ceil(row.pieces / skus) for row in shows)
    per_day = sold / preset.sales_days
    usual = ceil(sold * (until - now) / (preset.sales_days * DAY_MS))
    # What the plans say and what usually goes are two views of the same days: the greater counts, never their sum.
    needed = max(planned, usual)
    order = max(line + needed - free - on_order, 0) if free is not None else 0
    if free is None:
        state = "unknown"
    elif free <= 0:
        state = "out"
    else:
        state = "low" if free < line else "order" if order > 0 else "ok"
    return Position(
        sku=sku,
        product=product.card.product,
        name=product.card.name,
        supplier=product.supplier,
        free=free,
        on_order=on_order,
        line=line,
        own_line=own is not None and own.pieces >= 0,
        per_day=per_day,
        lead_hours=lead,
        needed=needed,
        shows=tuple(row.title for row in shows),
        order=order,
        unit_cost=product.cost,
        days_left=max(free, 0) / per_day if free is not None and per_day > 0 else None,
        turnover_days=turnover_of(free, sold, _arrived(mine, now)),
        state=state,
        late=sum(row.due_at < now for row in open_ones),
    )


def _arrived(orders: Sequence[Replenishment], now: int) -> int:
    since = now - PRESETS.stock.sales_days * DAY_MS
    return sum(row.arrived for row in orders if row.state == "arrived" and row.moved_at >= since)


def turnover_of(free: int | None, sold: int, arrived: int) -> float | None:
    """M68 of a SKU in days: mean stock over the days of sales, by pieces (one cost a piece, so it cancels out). The
    stock at their beginning is what is there now, and what was sold, less what arrived."""
    if free is None or sold <= 0:
        return None
    before = max(free + sold - arrived, 0)
    return (before + max(free, 0)) / 2 / (sold / PRESETS.stock.sales_days)


def turnover(
    products: Sequence[ProductSaved], free: Mapping[str, int], sold: Mapping[str, int], files: Files, now: int
) -> Turnover:
    """M68 of a brand: mean stock at cost over the cost of goods sold a day, of all SKUs that can be reckoned."""
    stock = gone = 0.0
    counted = left_out = 0
    for product in products:
        for sku in product.card.skus:
            mine = [row for row in files.replenishments.values() if row.sku == sku]
            pieces, there = sold.get(sku, 0), free.get(sku)
            if there is None or product.cost <= 0:
                left_out += 1
                continue
            before = max(there + pieces - _arrived(mine, now), 0)
            stock += product.cost * (before + max(there, 0)) / 2
            gone += product.cost * pieces / PRESETS.stock.sales_days
            counted += 1
    days = stock / gone if gone > 0 else None
    return Turnover(days=days, counted=counted, left_out=left_out, target=PRESETS.stock.turnover_days)
