"""Orders by who bought."""

from collections.abc import Sequence

from livecue.sales.reading import OrderRow
from livecue.store import Reader

_OF_BUYER = (
    "SELECT number, state, amount, currency, via, created_at, paid_at, refunded FROM orders"
    " WHERE org = ? AND brand = ? AND buyer = ? AND room IN ({rooms}) ORDER BY placed_at DESC, number LIMIT ?"
)
_PARCEL = (
    "SELECT carrier, tracking FROM parcels WHERE room IN ({rooms}) AND number = ? AND tracking <> ''"
    " ORDER BY sent_at DESC, parcel LIMIT 1"
)


def orders_of(db: Reader, org: str, brand: str, buyer: str, rooms: Sequence[str], limit: int = 20) -> list[OrderRow]:
    """A buyer's newest orders in these rooms; nothing for a buyer the platform masks."""
    if not buyer:
        return []
    return [OrderRow(*row) for row in db.rows(_in(_OF_BUYER, rooms), (org, brand, buyer, *rooms, limit))]


def parcel_of(db: Reader, number: str, rooms: Sequence[str]) -> str:
    """Carrier and tracking number of an order's newest parcel, "" when nothing was sent yet."""
    rows = db.rows(_in(_PARCEL, rooms), (*rooms, number)) if number else []
    return " ".join(str(part) for part in rows[0] if part) if rows else ""


def _in(statement: str, rooms: Sequence[str]) -> str:
    return statement.format(rooms=",".join("?" * len(rooms)) or "NULL")
