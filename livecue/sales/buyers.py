"""Orders by who bought."""

from livecue.sales.reading import OrderRow
from livecue.store import Reader

_OF_BUYER = (
    "SELECT number, state, amount, currency, via, created_at, paid_at, refunded FROM orders"
    " WHERE org = ? AND brand = ? AND buyer = ? ORDER BY placed_at DESC, number LIMIT ?"
)


def orders_of(db: Reader, org: str, brand: str, buyer: str, limit: int = 20) -> list[OrderRow]:
    """A buyer's newest orders; nothing for a buyer the platform masks."""
    return [OrderRow(*row) for row in db.rows(_OF_BUYER, (org, brand, buyer, limit))] if buyer else []
