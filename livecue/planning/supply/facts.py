"""What the files say of a product, as facts of its card: so the selection and its table read one source."""

from datetime import date

import msgspec

from livecue.events import ProductSaved
from livecue.planning.supply.house import Files
from livecue.planning.supply.product import ProductState, state_of


def with_facts(
    product: ProductSaved, files: Files, today: date, risk: float | None = None
) -> tuple[ProductSaved, ProductState]:
    """The product with what is on file written over the facts typed on its card, and how it stands.

    ``risk``: that of its supply (``supply_risks``); one that a person typed stands above it.
    """
    state = state_of(product, files, today)
    found: dict[str, str] = {}
    if state.rival.price is not None:
        found["rival_price"] = f"{state.rival.price / 100:.2f}"
        found["rival_date"] = state.rival.noted_on
    papers = [f"{row.what} {row.expires_on}".strip() for row in state.papers if row.state in ("ok", "expiring")]
    if papers:
        found["report"] = "; ".join(papers)
    if state.sample in ("passed", "failed"):
        found["sample_test"] = state.sample
    listing = files.listings.get(product.card.product)
    if listing is not None:
        for name, value in (("returns", listing.no_reason_7d), ("freight_insurance", listing.freight_insurance)):
            if value is not None:
                found[name] = "yes" if value else "no"
    supplier = files.suppliers.get(product.supplier) or next(
        (row for row in files.suppliers.values() if row.name == product.supplier), None
    )
    if supplier is not None and supplier.restock_hours >= 0:
        found["restock"] = f"{supplier.restock_hours} h"
    ready = [
        row.name
        for row in files.suppliers.values()
        if row.active and product.card.category and product.card.category in (*row.backup, *row.categories)
        and row is not supplier
    ]  # fmt: skip
    if ready:
        found["backup_supplier"] = "; ".join(ready)
    if risk is not None and not product.card.facts.get("risk", "").strip():
        found["risk"] = f"{risk:.4f}"
    if not found:
        return product, state
    card = msgspec.structs.replace(product.card, facts={**product.card.facts, **found})
    return msgspec.structs.replace(product, card=card), state
