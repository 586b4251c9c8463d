"""How good a supplier is, from what really happened: on time, quality, returns, price; and who stands ready."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from livecue.events import ProductSaved
from livecue.planning.supply.house import Files
from livecue.planning.supply.presets import PRESETS
from livecue.planning.supply.product import rival_state


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """0 to 100, None where nothing is known. Each part is a share (1 best), None where nothing is known; ``known`` is
    the weight of what is."""

    supplier: str
    score: float | None
    on_time: float | None
    deliveries: int
    quality: float | None
    sampled: int
    returns: float | None
    price: float | None
    compared: int
    known: float
    products: int


class _Record:
    """What was delivered and looked at: of a supplier, a category, or of all."""

    def __init__(self) -> None:
        self.good = self.deliveries = self.sound = self.sampled = 0

    @property
    def known(self) -> bool:
        return self.deliveries + self.sampled > 0

    @property
    def risk(self) -> float:
        """Chance that a delivery is late or short, or a piece of it no good."""
        preset = PRESETS.suppliers
        on_time = _drawn(self.good, self.deliveries, preset.usual_on_time)
        return 1 - on_time * _drawn(self.sound, self.sampled, preset.usual_quality)


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """R044 of a category: who stands ready besides those who deliver, and how many should."""

    category: str
    ready: tuple[str, ...]
    wanted: int


def scores(
    products: Sequence[ProductSaved], files: Files, returned: Mapping[str, tuple[float, float]], today: date
) -> dict[str, Score]:
    """By supplier. ``returned``: product to (refunded, paid) in minor units."""
    return {name: _score(name, products, files, returned, today) for name in files.suppliers}


def _score(
    name: str,
    products: Sequence[ProductSaved],
    files: Files,
    returned: Mapping[str, tuple[float, float]],
    today: date,
) -> Score:
    preset = PRESETS.suppliers
    supplier = files.suppliers[name]
    mine = [product for product in products if product.supplier in (name, supplier.name)]
    orders = [row for row in files.replenishments.values() if row.supplier == name and row.state == "arrived"]
    good = sum(row.moved_at <= row.due_at and row.arrived >= row.quantity for row in orders)
    on_time = _drawn(good, len(orders), preset.usual_on_time) if orders else None
    batches = [row for row in files.batches.values() if row.supplier == name and row.sampled]
    sampled = sum(row.sampled for row in batches)
    failed = sum(row.failed for row in batches)
    quality = _drawn(sampled - failed, sampled, preset.usual_quality) if sampled else None
    back = sum(returned.get(product.card.product, (0.0, 0.0))[0] for product in mine)
    paid = sum(returned.get(product.card.product, (0.0, 0.0))[1] for product in mine)
    returns = max(1 - back / paid / preset.worst_returns, 0.0) if paid > 0 else None
    states = [
        rival_state(product, [row for row in files.rivals.values() if row.product == product.card.product], today).state
        for product in mine
    ]
    compared = [state for state in states if state != "unknown"]
    price = sum(state in ("band", "low") for state in compared) / len(compared) if compared else None
    parts = ((on_time, preset.on_time), (quality, preset.quality), (returns, preset.returns), (price, preset.price))
    known = sum(weight for value, weight in parts if value is not None)
    total = sum(value * weight for value, weight in parts if value is not None)
    return Score(
        supplier=name,
        score=round(100 * total / known, 1) if known else None,
        on_time=on_time,
        deliveries=len(orders),
        quality=quality,
        sampled=sampled,
        returns=returns,
        price=price,
        compared=len(compared),
        known=known,
        products=len(mine),
    )


def supply_risks(products: Sequence[ProductSaved], files: Files) -> dict[str, float]:
    """Product to the chance that its goods come late, short or bad: by the record of its supplier, where that has none
    by that of its category, else by that of all. Empty where nothing was ever delivered or looked at."""
    category_of = {sku: product.card.category for product in products for sku in product.card.skus}
    suppliers: dict[str, _Record] = {}
    categories: dict[str, _Record] = {}
    overall = _Record()

    def records(supplier: str, sku: str) -> tuple[_Record, ...]:
        found = [overall]
        if supplier:
            found.append(suppliers.setdefault(supplier, _Record()))
        if category_of.get(sku):
            found.append(categories.setdefault(category_of[sku], _Record()))
        return tuple(found)

    for order in files.replenishments.values():
        if order.state == "arrived":
            for record in records(order.supplier, order.sku):
                record.deliveries += 1
                record.good += order.moved_at <= order.due_at and order.arrived >= order.quantity
    for batch in files.batches.values():
        for record in records(batch.supplier, batch.sku):
            record.sampled += batch.sampled
            record.sound += batch.sampled - batch.failed
    if not overall.known:
        return {}
    ids = {row.name: name for name, row in files.suppliers.items()}
    found = {}
    for product in products:
        own = suppliers.get(ids.get(product.supplier, product.supplier))
        near = (own, categories.get(product.card.category), overall)
        found[product.card.product] = next(record.risk for record in near if record is not None and record.known)
    return found


def _drawn(good: int, all_: int, usual: float) -> float:
    strength = PRESETS.suppliers.strength
    return (good + usual * strength) / (all_ + strength)


def backups(products: Sequence[ProductSaved], files: Files) -> list[Backup]:
    """Every category that is sold, those that lack most first."""
    found = []
    for category in sorted({product.card.category for product in products if product.active} - {""}):
        now = {product.supplier for product in products if product.card.category == category}
        ready = tuple(
            row.name
            for row in files.suppliers.values()
            if row.active and category in (*row.backup, *row.categories) and not now & {row.supplier, row.name}
        )
        found.append(Backup(category=category, ready=ready, wanted=PRESETS.suppliers.backups_of(category)))
    return sorted(found, key=lambda row: (len(row.ready) - row.wanted, row.category))
