"""The pool: products of a brand with what past shows told of them, and who is eliminated by which rule."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

import msgspec

from livecue.catalog import list_products
from livecue.events import ProductSaved
from livecue.metrics import ProductTotals, product_totals
from livecue.planning.selection.candidate import Candidate, Evidence
from livecue.planning.selection.host import HostFit, Selling, host_fits
from livecue.planning.selection.presets import PRESETS
from livecue.planning.supply import files_of, supply_risks, with_facts
from livecue.sales import StockView, list_stock
from livecue.store import Reader

DAY_MS = 24 * 3600 * 1000
HISTORY_DAYS = 180
METRICS = frozenset({"M28.exposures", "M28.clicks", "M41", "M41.units", "M42"})
ELIMINATIONS = ("R003", "R006", "R030", "R040", "R041")
"""Rules that take an item out of the pool; each may be switched off for a show."""


class Out(msgspec.Struct, frozen=True, kw_only=True):
    """An item that a rule takes out: the figure, its bound and what is behind it."""

    product: str
    rule: str
    value: float
    bound: float
    sample: float = 0.0


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """Candidates, who is out of the pool and why (first rule), and the rates of each as measured."""

    items: tuple[Candidate, ...]
    out: tuple[Out, ...]
    known: int
    """Items with any evidence of past shows."""
    fits: dict[str, HostFit] = {}
    """By category, of the host who was asked about; a category that is missing tells nothing."""
    lacking: int = 0
    """Active items that lack papers, terms or a test (R041 to R043), whether they are out for it or not."""


def pool_of(
    db: Reader,
    org: str,
    brand: str,
    rooms: Collection[str],
    room: str,
    now: int,
    rules: Collection[str] = ELIMINATIONS,
    host: str = "",
    selling: Selling | None = None,
    today: date | None = None,
    asked: Mapping[str, int] | None = None,
) -> Pool:
    """The brand's pool for a show in ``room``. ``rooms``: whose past counts (those of the same nature, design: one
    simulated show must not tell of a real one). Items without price are no candidates. ``host``: who will sell;
    ``selling``: who sold what in the past; ``asked``: how often customers asked about each lately (R062)."""
    files, day = files_of(db, org, brand), today or datetime.fromtimestamp(now / 1000, UTC).date()
    active = [item for item in list_products(db, org, brand) if item.active and item.card.price > 0]
    risks = supply_risks(active, files)
    stated = [with_facts(item, files, day, risks.get(item.card.product)) for item in active]
    products = [item for item, _ in stated]
    blocked = {item.card.product: state.blocks for item, state in stated if state.blocks}
    past = [row for row in product_totals(db, org, brand, now - HISTORY_DAYS * DAY_MS, METRICS) if row.room in rooms]
    return made_pool(
        products, list_stock(db, org, brand), past, room, now, rules, asked=asked, host=host, selling=selling,
        blocked=blocked,
    )  # fmt: skip


def made_pool(
    products: Sequence[ProductSaved],
    stock: Sequence[StockView],
    past: Sequence[ProductTotals],
    room: str,
    now: int,
    rules: Collection[str] = ELIMINATIONS,
    asked: Mapping[str, int] | None = None,
    host: str = "",
    selling: Selling | None = None,
    blocked: Mapping[str, Sequence[str]] | None = None,
) -> Pool:
    """The same from what was read."""
    free: dict[str, int] = {}
    for row in stock:
        if row.known:
            free[row.sku] = free.get(row.sku, 0) + row.on_hand - row.reserved
    told: dict[str, list[ProductTotals]] = {}
    for total in past:
        told.setdefault(total.product, []).append(total)
    categories = {item.card.product: item.card.category for item in products}
    fits = host_fits(past, selling or {}, categories, host) if host else {}
    as_others = HostFit(fit=1.0, pieces=0.0, expected=0.0, shows=0)
    candidates = [
        msgspec.structs.replace(
            _candidate(item, free, told.get(item.card.product, []), room, now, (asked or {}).get(item.card.product, 0)),
            host_fit=fits.get(item.card.category, as_others).fit,
        )
        for item in products
    ]
    out: list[Out] = []
    items: list[Candidate] = []
    for item, product in zip(candidates, products, strict=True):
        reason = _eliminated(item, product, rules, (blocked or {}).get(item.product, ()))
        if reason is None:
            items.append(item)
        else:
            out.append(reason)
    known = sum(item.clicks.tries > 0 or item.sales.tries > 0 for item in candidates)
    return Pool(items=tuple(items), out=tuple(out), known=known, fits=fits, lacking=len(blocked or {}))


def _candidate(
    item: ProductSaved, free: Mapping[str, int], past: Sequence[ProductTotals], room: str, now: int, asked: int
) -> Candidate:
    card = item.card

    def total(metric: str) -> float:
        return sum(row.figures.get(metric, 0.0) for row in past)

    known = [free[sku] for sku in card.skus if sku in free]
    exposures, clicks, units = total("M28.exposures"), total("M28.clicks"), total("M41.units")
    paid, net = total("M41"), sum(row.figures.get("M42", row.figures.get("M41", 0.0)) for row in past)
    here = [row.ended_at or row.began_at for row in past if row.room == room]
    return Candidate(
        product=card.product,
        name=card.name,
        role=card.role,
        category=card.category,
        supplier=item.supplier,
        price=card.price,
        cost=item.cost,
        commission_bp=item.commission_bp,
        stock=max(sum(known), 0) if known and len(known) == len(card.skus) else None,
        # Clicks may be told without exposures: then only the sales of a click are known.
        clicks=Evidence(min(clicks, exposures), exposures) if exposures else Evidence(),
        sales=Evidence(units, clicks) if clicks else Evidence(),
        returns=Evidence(max(paid - net, 0.0), paid) if paid else Evidence(),
        tags=tuple(tag.strip() for tag in card.facts.get("tags", "").replace("；", ";").split(";") if tag.strip()),
        risk=_share(card.facts.get("risk", "")),
        idle_days=max((now - max(here)) / DAY_MS, 0.0) if here else None,
        asked=asked,
        shows=len(past),
    )


def _eliminated(
    item: Candidate, product: ProductSaved, rules: Collection[str], blocked: Sequence[str] = ()
) -> Out | None:
    if "R041" in rules and blocked:
        # Papers (R041), terms (R042) or test (R043) are lacking: how many of the three.
        return Out(product=item.product, rule="R041", value=float(len(blocked)), bound=0.0)
    bounds = PRESETS.out
    clicks, sales = item.clicks, item.sales
    if "R003" in rules and clicks.tries >= bounds.sample_exposures and clicks.hits / clicks.tries < bounds.click_rate:
        rate = clicks.hits / clicks.tries
        return Out(product=item.product, rule="R003", value=rate, bound=bounds.click_rate, sample=clicks.tries)
    if "R006" in rules and sales.tries >= bounds.sample_clicks and sales.hits / sales.tries < bounds.sale_rate:
        rate = sales.hits / sales.tries
        return Out(product=item.product, rule="R006", value=rate, bound=bounds.sale_rate, sample=sales.tries)
    if "R030" in rules and item.stock is not None and item.stock < bounds.least_stock:
        return Out(product=item.product, rule="R030", value=float(item.stock), bound=float(bounds.least_stock))
    rival = rival_gap(product)
    if "R040" in rules and rival is not None and rival < bounds.rival_least:
        return Out(product=item.product, rule="R040", value=rival, bound=bounds.rival_least)
    return None


def rival_gap(product: ProductSaved) -> float | None:
    """By how much the price is below the rival's (the card's fact ``rival_price``, in whole currency); None unknown."""
    try:
        rival = float(product.card.facts.get("rival_price", ""))
    except ValueError:
        return None
    return 1 - product.card.price / (rival * 100) if rival > 0 else None


def _share(text: str) -> float:
    try:
        value = float(text.rstrip("%％")) / (100 if text.endswith(("%", "％")) else 1)
    except ValueError:
        return 0.0
    return min(max(value, 0.0), 1.0)
