"""Whether an order is still owed the one reminder (R059) or the one question (R130), by what the rows say now."""

from typing import Literal

import msgspec

from livecue.flow import RoomInfo, Unit
from livecue.sales.facts import truly_there
from livecue.sales.keeping import load_orders
from livecue.sales.order import Order
from livecue.sales.stock import Rules, read_rules, total_of
from livecue.sales.stock import tables as stock_tables

About = Literal["remind", "feedback"]


class Owed(msgspec.Struct, frozen=True):
    """What may be said to the buyer now. ``free``: pieces truly there for this order; 0 where goods came already."""

    buyer: str
    sku: str
    product: str
    free: int
    amount: int
    currency: str


def still_owed(unit: Unit, room: RoomInfo, number: str, about: About) -> Owed | None:
    """None when nothing may be written any more: paid, closed, said before, or its pieces are not truly there."""
    order = next((found for _, found in load_orders([number], room.room, unit)), None)
    if order is None:
        return None
    first = order.lines[0] if order.lines else None
    sku, product = (first.sku, first.product) if first else ("", "")
    if about == "feedback":
        due = order.more is not None and order.more.feedback_state == "due"
        if not due or order.state not in ("delivered", "completed"):
            return None
        return Owed(order.user, sku, product, 0, order.amount, order.currency)
    if order.state != "unpaid" or order.reminded != "due":
        return None
    found = _there(unit, room, order)
    if found is None:
        return None
    sku = found[0]
    product = next((line.product for line in order.lines if line.sku == sku), product)
    return Owed(order.user, sku, product, found[1], order.amount, order.currency)


def _there(unit: Unit, room: RoomInfo, order: Order) -> tuple[str, int] | None:
    """(SKU, pieces) by the stock of now, not by what a room remembers of it."""
    rules: Rules = read_rules(unit.ask(stock_tables.READ_RULES, (room.org, room.brand)))
    skus = sorted({sku for line in order.lines for sku, _ in rules.parts(line.sku, line.quantity)})
    if not skus:
        return None
    asked = stock_tables.padded(skus)
    rows = unit.ask(stock_tables.look_at_stock(len(asked)), (room.org, room.brand, *asked))
    stock = {}
    for sku in skus:
        total = total_of([row for row in rows if row[0] == sku], rules)
        if total is not None:
            stock[sku] = total
    return truly_there(order, stock, rules)
