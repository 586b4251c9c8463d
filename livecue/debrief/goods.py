"""Looks at the shelf while the show runs: which goods ran out, and how long they stayed in the cart without stock."""

from collections.abc import Sequence

import msgspec

from livecue.debrief.notes import Notes, SoldOut
from livecue.sales import StockView
from livecue.shows import ShowsPicture

PACE_MS = 5_000
"""How often stock is looked at; lengths are exact to this."""


def looked(notes: Notes, shows: ShowsPicture, stock: Sequence[StockView], now: int) -> Notes:
    """The notes after a look at ``now``; the same object between two looks."""
    if now // PACE_MS == notes.stock_at // PACE_MS:
        return notes
    passed = now - notes.stock_at if notes.stock_at else 0
    found = notes.sold_out
    for product, empty in _empty(stock).items():
        known = found.get(product)
        if known is None and not empty:
            continue
        after = known or SoldOut(first_at=now)
        if after.since and product in shows.listed:
            after = msgspec.structs.replace(after, listed_ms=after.listed_ms + passed)
        after = msgspec.structs.replace(after, since=(after.since or now) if empty else 0)
        if after != known:
            found = {**found, product: after}
    return msgspec.structs.replace(notes, stock_at=now, sold_out=found)


def _empty(stock: Sequence[StockView]) -> dict[str, bool]:
    """Products whose stock is known for every SKU, and whether no piece is free."""
    free: dict[str, int | None] = {}
    for view in stock:
        have = free.get(view.product, 0)
        free[view.product] = None if have is None or not view.known else have + view.on_hand - view.reserved
    return {product: left <= 0 for product, left in free.items() if product and left is not None}
