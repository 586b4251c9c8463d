"""Reading orders."""

import msgspec

from livecue.sales import tables
from livecue.store import Reader


class OrderRow(msgspec.Struct, frozen=True):
    """An order without its buyer."""

    number: str
    state: str
    amount: int
    currency: str
    via: str
    created_at: int
    paid_at: int
    refunded: int


def list_orders(db: Reader, room: str, start: int, end: int) -> list[OrderRow]:
    """Orders created in ``[start, end)`` room time."""
    return [
        OrderRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7])
        for r in db.rows(tables.LIST_ORDERS, (room, start, end))
    ]
